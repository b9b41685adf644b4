# `make` lists the targets. Each sets up what it needs in .venv, once; nothing is installed outside it
# but the browser of `make check`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Where pip looks for PyTorch besides PyPI, whose build for Linux is CUDA and gigabytes. Without a GPU:
#   make ask TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=

# The PyTorch release that `make constraints` writes down.
TORCH := 2.13.0
# What a deployment installs, and the tools that write and audit it, each in an environment of its own.
LOCK := bot/deploy/requirements.lock
UV := 0.13.9
PIP_AUDIT := 2.10.1

# A question goes to the program by the environment, as it was typed: no $, quote or backslash in it is read by
# make or the shell.
unexport Q
export QUESTION := $(value Q)

PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL = $(PIP) install $$(test -t 1 || echo --quiet) --constraint constraints.txt \
	$(if $(TORCH_INDEX),--extra-index-url '$(TORCH_INDEX)')
# The embedding model comes with the packages: no test may ask a model hub for one.
# The slowest tests are named, so that one sees which grow.
PYTEST := HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -rs --durations=15 --durations-min=1
# Where the tests of two runs write, in memory where that has room for it: a small store is mostly waited for. They share
# one build of the documents with the real model, which takes 20 s. Tests that become another user pass through the folder.
MEMORY = $(shell room=$$(df -k -P /dev/shm 2>/dev/null | awk 'NR == 2 { print $$4 }'); \
  test "$${room:-0}" -gt 4000000 && test -w /dev/shm && echo /dev/shm/XXXXXX)
SCRATCH = folder=$$(mktemp -d $(MEMORY)) && trap 'rm -rf "$$folder"' EXIT && \
  chmod 711 "$$folder" && mkdir "$$folder/real" && export TMPDIR="$$folder" REAL_BUILD="$$folder/real" &&
# The tests on all cores, with as many threads; each process takes up to 1.5 GB. One at a time: make test JOBS=0
JOBS ?= auto
ON_ALL_CORES := OMP_NUM_THREADS=1 $(PYTEST) -n $(JOBS) --dist worksteal
# The modules with tests that run alone: collecting the others as well takes 20 s.
ALONE := $$(grep -rl --include='test_*.py' 'mark\.alone' tests)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help ask prompt demo test slow check format lint types contracts browser fix bench soak growth rebuilds evaluate report constraints lock audit clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ask: $(VENV)/run.stamp ## answer the first starter question, or Q="…"; on a terminal, go on to a prompt
	@if [ -n "$$QUESTION" ]; then $(BIN)/python -m index ask --prompt -- "$$QUESTION"; \
	else $(BIN)/python -m index ask --prompt; fi

demo: $(VENV)/demo.stamp ## the bot in a simulated Discord in the browser; needs no token
	@$(BIN)/python -m bot demo

test: $(VENV)/test.stamp ## run the tests; needs no root, and names what it leaves out
	@$(SCRATCH) $(ON_ALL_CORES) -m 'not slow and not picture and not alone' && \
	$(PYTEST) -m 'alone and not slow and not picture' $(ALONE)
	@echo 'Left out: the tests marked picture, which make check runs in a browser; those marked slow, which make slow runs; what stands above as skipped.'

check: $(VENV)/check.stamp browser format lint types contracts ## all that CI checks; installs the browser
	@$(SCRATCH) export REQUIRE_BROWSER=1 && $(ON_ALL_CORES) -m 'not slow and not alone' && \
	$(PYTEST) -m 'alone and not slow' $(ALONE)

slow: $(VENV)/test.stamp ## run the long tests, which the others hold in a shortened form; best on an idle machine
	@$(PYTEST) -m slow && HYPOTHESIS_PROFILE=thorough $(ON_ALL_CORES) -m 'hypothesis and not slow and not picture'

format: $(VENV)/check.stamp ## check the format
	@$(BIN)/ruff format --check

lint: $(VENV)/check.stamp ## check the style
	@$(BIN)/ruff check

types: $(VENV)/check.stamp ## check the types
	@$(BIN)/mypy

contracts: $(VENV)/check.stamp ## check which module imports which
	@$(BIN)/lint-imports --no-logo

fix: $(VENV)/check.stamp ## format, and fix what ruff can fix
	@$(BIN)/ruff format && $(BIN)/ruff check --fix

bench: $(VENV)/test.stamp ## time, memory and ratios to the plain pipeline: a table, kept with its commit, and a picture
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tests.bench

soak: $(VENV)/test.stamp ## the real bot while everything around it fails, for SECONDS (300) or until each fault was injected; E2E: the folder of the stand-in for Discord
	@test -n '$(E2E)' || { echo 'Name the folder with the stand-in for Discord (driver.py): make soak E2E=DIR' >&2; exit 1; }
	@$(BIN)/python -m tests.soak --harness '$(E2E)' --seconds $(or $(SECONDS),300)

growth: $(VENV)/test.stamp ## an index of 10³ to 10⁵ passages: a table, growth.json and growth.png; public question sets: BENCH=DIR; SIZES=1000,…
	@test -n '$(BENCH)' || { echo 'Name the folder with public question sets: make growth BENCH=DIR' >&2; exit 1; }
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tests.bench_growth --bench '$(BENCH)' $(if $(SIZES),--sizes '$(SIZES)') --json growth.json --plot growth.png

rebuilds: $(VENV)/test.stamp ## time and memory of a rebuild of 10,000 passages, and of one paragraph of them
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tests.bench_rebuild

evaluate: $(VENV)/run.stamp ## answer the evaluation questions and print the measures
	@$(BIN)/python -m index evaluate

report: $(VENV)/report.stamp ## measure all there is into tests/evaluation/results; public question sets: BENCH=DIR
	@HF_HUB_OFFLINE=1 nice $(BIN)/python -m index evaluate --report tests/evaluation/results $(if $(BENCH),--bench '$(BENCH)')

clean: ## remove .venv and all caches; the store (.index) and the bot's data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache pictures
	find index bot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo '$(PYTHON) is missing or older than Python 3.11: name another, as in `make $(or $(MAKECMDGOALS),ask) PYTHON=python3.12`' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo '$(PYTHON) cannot make a virtual environment: install its venv package (Debian: apt install python3-venv)' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: EXTRA := [draft,formats]
$(VENV)/demo.stamp: EXTRA := [demo,formats]
$(VENV)/report.stamp: EXTRA := [evaluate]
$(VENV)/test.stamp: EXTRA := [test]
$(VENV)/check.stamp: EXTRA := [check]
$(VENV)/run.stamp $(VENV)/demo.stamp $(VENV)/report.stamp $(VENV)/test.stamp $(VENV)/check.stamp: $(VENV)/made.stamp pyproject.toml constraints.txt
	@echo 'Setting up $(VENV) (once; a few minutes) …'
	@$(INSTALL) --no-compile --editable '.$(EXTRA)'
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true # on all cores, where pip compiles on one; a template may be no Python
	@touch $@

# The picture tests' browser, and fonts with Chinese and emoji.
PACKAGES := chromium fonts-noto-cjk fonts-noto-color-emoji
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo -n)

browser:
	@if command -v dpkg >/dev/null; then dpkg --status $(PACKAGES) >/dev/null 2>&1; else command -v chromium >/dev/null; fi || { \
	  echo 'Installing $(PACKAGES) …'; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  { $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install --yes --no-install-recommends $(PACKAGES) >/dev/null; } 2>&1; } || { \
	  echo 'make check needs a browser for its picture tests, and cannot install it: install $(PACKAGES) as root, or run make test' >&2; \
	  exit 1; }

# pip freeze of a new environment with every extra, less what is particular to this machine: a local version (+cpu),
# CUDA's own packages.
constraints: $(VENV)/made.stamp ## write the newest versions that pyproject.toml allows into constraints.txt
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && \
	"$$folder/bin/python" -m pip --disable-pip-version-check install --quiet \
	  $(if $(TORCH_INDEX),--extra-index-url '$(TORCH_INDEX)') 'torch==$(TORCH)' '.[check]' && \
	"$$folder/bin/python" -m pip --disable-pip-version-check freeze --exclude llama-chronicle >"$$folder/frozen" && \
	{ echo '# The exact versions that are tested, for `pip install --constraint`. Written by `make constraints`.' && \
	  sed -E -e '/^(nvidia-|cuda-|triton)/d' -e 's/\+[a-z0-9.]+$$//' "$$folder/frozen" && \
	  echo '# For discord.py on newer Pythons, which have no audioop of their own.' && \
	  echo 'audioop-lts==0.2.2; python_version >= "3.13"'; } >constraints.txt
	@$(MAKE) --no-print-directory lock

# Every file of a release has a hash of its own, so that one lock serves all platforms and Pythons; PyTorch is left out,
# whose files differ with the index that they come from, and what it needs is kept.
lock: ## write the packages of constraints.txt that a deployment needs, with the hashes of their files
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && \
	"$$folder/bin/python" -m pip --disable-pip-version-check install --quiet 'uv==$(UV)' && \
	echo "torch; sys_platform == 'never'" >"$$folder/overrides" && \
	"$$folder/bin/uv" pip compile --quiet pyproject.toml --extra formats --constraint constraints.txt --override "$$folder/overrides" \
	  --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --output-file "$$folder/lock" && \
	{ echo '# What a deployment installs, for `pip install --require-hashes --no-deps`, after PyTorch. Written by `make lock`.' && \
	  awk '/^[^ ]/ { torch = /^torch==/ } !torch' "$$folder/lock" | sed "s/ ; sys_platform == 'never'//"; } >$(LOCK)

audit: ## look for known vulnerabilities in the packages of a deployment; skipped where the advisories are out of reach
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	{ grep '^torch==' constraints.txt; sed -n 's/^\([A-Za-z0-9._-]*==[^ ]*\).*/\1/p' $(LOCK); } >"$$folder/packages" && \
	$(PYTHON) -m venv "$$folder" && \
	if ! "$$folder/bin/python" -m pip --disable-pip-version-check install --quiet 'pip-audit==$(PIP_AUDIT)' 2>/dev/null; then \
	  echo 'Skipped: pip-audit cannot be installed here.'; exit 0; fi; \
	"$$folder/bin/pip-audit" --no-deps --disable-pip --progress-spinner off --requirement "$$folder/packages" \
	  >"$$folder/found" 2>"$$folder/log"; code=$$?; \
	all=$$(wc -l <"$$folder/packages"); unknown=$$(grep -c 'could not be audited' "$$folder/found"); \
	if [ "$$unknown" = "$$all" ] || grep -q -e ConnectionError -e 'Could not connect' "$$folder/log"; then \
	  echo "Skipped: the advisories cannot be reached from here ($$all packages)."; exit 0; fi; \
	cat "$$folder/found"; grep -v '^WARNING' "$$folder/log" >&2; echo "$$((all - unknown)) of $$all packages audited"; exit $$code
