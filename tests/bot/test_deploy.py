"""What is kept for deployment: sound by systemd's own check, hardened, and of settings that exist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from index.settings import known_keys
from tests.conftest import ROOT

DEPLOY = ROOT / "bot" / "deploy"
UNIT = DEPLOY / "llama-chronicle.service"
CONTAINERFILE = DEPLOY / "Containerfile"
COMPOSE = DEPLOY / "compose.yaml"
LOCK = DEPLOY / "requirements.lock"
CONSTRAINTS = ROOT / "constraints.txt"

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")


@pytest.mark.parametrize("path", [UNIT, CONTAINERFILE, COMPOSE, ROOT / "README.md"], ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {f"CHRONICLE_{key.upper()}" for keys in known_keys().values() for key in keys}
    named = set(re.findall(r"\bCHRONICLE_[A-Z_]*[A-Z]", path.read_text("utf-8")))

    assert named <= known


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return the unit with this Python in place of the one that an installation has."""
    text = UNIT.read_text("utf-8")
    path = tmp_path / UNIT.name
    path.write_text(text.replace("/opt/llama-chronicle/bin/python", sys.executable), "utf-8")
    return path


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *arguments]
    environment = {"PATH": os.environ["PATH"], "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


@needs_systemd
def test_systemd_finds_no_fault_in_the_unit(unit: Path) -> None:
    done = analyze("verify", "--man=no", str(unit))

    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_systemd_rates_the_unit_as_hardly_exposed(unit: Path) -> None:
    done = analyze("security", "--offline=true", "--threshold=20", "--no-pager", str(unit))

    assert done.returncode == 0, done.stdout[-300:] + done.stderr


@pytest.mark.parametrize(
    "line",
    [
        *("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "MemoryMax=3G", "Type=notify"),
        *("StateDirectory=llama-chronicle", "StateDirectoryMode=0700", "UMask=0077", "Restart=always"),
    ],
)
def test_the_unit_is_hardened_and_limited(line: str) -> None:
    assert line in UNIT.read_text("utf-8").splitlines()


def instructions() -> list[tuple[str, str]]:
    """Return the Containerfile's instructions with their arguments, continued lines joined."""
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines if line)]


def test_the_image_runs_as_nobody_special_and_is_examined() -> None:
    found = instructions()
    last = dict(found)

    assert last["USER"] == "10001:10001"
    assert found.index(("USER", last["USER"])) < found.index(("CMD", last["CMD"]))
    assert last["CMD"] == '["python", "-m", "bot"]'
    assert "/health" in last["HEALTHCHECK"]
    assert not [rest for name, rest in found if name in {"ADD", "SHELL"} or "sudo" in rest or ":latest" in rest]


def test_what_the_image_copies_exists_and_is_not_ignored() -> None:
    copied = [rest.split()[:-1] for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    kept = {
        line.removeprefix("!")
        for line in (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }

    for path in (each for sources in copied for each in sources):
        assert (ROOT / path).exists()
        assert any(path == each or path.startswith(f"{each}/") for each in kept)


def test_the_packages_are_those_of_the_lock_by_their_hashes_and_pytorch_has_no_cuda() -> None:
    torch_and_lock, own = (rest for name, rest in instructions() if name == "RUN" and "bin/pip" in rest)

    assert torch_and_lock.index("--index-url") < torch_and_lock.index("--require-hashes")
    assert "--requirement requirements.lock" in torch_and_lock
    assert own.count("--no-deps") == 1
    assert own.endswith("pip --disable-pip-version-check check")
    assert ("ARG", "TORCH_INDEX=https://download.pytorch.org/whl/cpu") in instructions()


def locked() -> dict[str, tuple[Requirement, list[str]]]:
    """Return each requirement of the lock with its hashes, by the package's name."""
    text = re.sub(r" \\\n\s+", " ", LOCK.read_text("utf-8"))
    lines = [line.split(" --hash=") for line in text.splitlines() if not line.startswith("#")]
    requirements = [(Requirement(line), hashes) for line, *hashes in lines]
    return {canonicalize_name(each.name): (each, hashes) for each, hashes in requirements}


def test_the_lock_has_the_releases_that_are_tested_and_each_has_hashes() -> None:
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    tested = [Requirement(line) for line in lines if not line.startswith("#")]
    releases: dict[str, SpecifierSet] = {canonicalize_name(each.name): each.specifier for each in tested}

    for name, (requirement, hashes) in locked().items():
        assert requirement.specifier == releases.get(name, requirement.specifier)
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", each) for each in hashes)
        assert hashes


def test_the_lock_has_all_that_the_bot_requires_but_pytorch_itself() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["formats"]]
    names = {canonicalize_name(Requirement(each).name) for each in required}
    of_torch = {"filelock", "fsspec", "jinja2", "networkx", "sympy", "typing-extensions"}

    assert (names | of_torch) - locked().keys() == {"torch"}


def test_the_health_check_is_a_program_that_runs() -> None:
    [check] = [rest for name, rest in instructions() if name == "HEALTHCHECK"]
    program = re.search(r'"-c", *"(.+)"\]', check)
    assert program is not None

    done = subprocess.run([sys.executable, "-c", program[1]], capture_output=True, text=True, check=False)
    assert "ConnectionRefusedError" in done.stderr  # nothing listens here, and nothing else is wrong with it


def test_compose_gives_the_container_no_more_than_it_needs() -> None:
    service = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]["bot"]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"] == "3g"
    assert "ports" not in service
    assert (COMPOSE.parent / service["build"]["context"] / service["build"]["dockerfile"]).samefile(CONTAINERFILE)
    assert any(volume.endswith(":/documents:ro") for volume in service["volumes"])
