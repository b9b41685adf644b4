"""Soaks a bot: python -m tests.soak --harness FOLDER [--seconds N] [--only FAULT …] [--python PYTHON].

The harness (`driver.py`) is not part of this repository, and needs aiohttp and jsonschema where it runs; PYTHON runs
the bot. It prints how often each fault was injected and survived, and how long until a right answer. It fails after a
wrong, mixed or missing answer, and when memory, descriptors or threads have grown.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.soak.faults import Faults
from tests.soak.figures import growth, resources
from tests.soak.subject import Subject

# What the stand-in for Discord notes of a bot that breaks the platform's rules.
_RULES = ("token_leak", "egress", "mass_ping", "heartbeat_missed", "gateway_protocol", "schema")


def run_some(subject: Subject, names: Sequence[str]) -> list[str]:
    """Inject the faults of these names, once each; return what is wrong."""
    subject.start()
    for fault in Faults(subject).once():
        if fault.__name__ in names:
            inject(subject, fault)
    return [*subject.tally.findings(), *broken_rules(subject)]


def run(subject: Subject, seconds: float) -> list[str]:
    """Inject each fault, and go on until `seconds` have passed; return what is wrong."""
    faults, ends = Faults(subject), time.monotonic() + seconds
    subject.start()
    for fault in faults.once():
        inject(subject, fault)
    before = resources(subject.pid)
    for number, fault in enumerate(_endless(faults)):
        if number >= len(list(faults.often())) and time.monotonic() > ends:
            break
        inject(subject, fault)
    after = resources(subject.pid)
    show(f"the bot's process after all faults once: {before}", f"and at the end: {after}")
    return [*subject.tally.findings(), *growth(before, after), *broken_rules(subject)]


def _endless(faults: Faults) -> Iterator[Callable[[], None]]:
    return itertools.chain.from_iterable((*faults.often(), *faults.again()) for _ in itertools.count())


def inject(subject: Subject, fault: Callable[[], None]) -> None:
    """Inject `fault` and show how long it took."""
    started = time.monotonic()
    fault()
    show(f"{fault.__name__.replace('_', ' ')}: {time.monotonic() - started:.1f} s, {resources(subject.pid)}")


def broken_rules(subject: Subject) -> Iterator[str]:
    """Yield what must not be in the log, and which of Discord's rules were broken."""
    yield from (f"the log has a traceback: {each}" for each in subject.driver.tracebacks())
    for violation in subject.driver.violations():
        if violation["rule"] in _RULES:
            yield str(violation)


def show(*lines: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main() -> int:
    """Run the soak and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--harness", type=Path, required=True, help="the folder with driver.py")
    parser.add_argument("--seconds", type=float, default=300.0, help="how long to go on, after each fault once")
    parser.add_argument("--only", nargs="+", default=[], metavar="FAULT", help="such as roll_back")
    parser.add_argument("--python", default=sys.executable, help="runs the bot")
    options = parser.parse_args()
    if not (options.harness / "driver.py").is_file():
        parser.error(f"{options.harness} holds no driver.py")
    sys.path.insert(0, str(options.harness.resolve()))
    from driver import BotExited, Driver  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as folder:
        subject = Subject(Driver, Path(folder), python=options.python)
        try:
            wrong = run_some(subject, options.only) if options.only else run(subject, options.seconds)
        except (TimeoutError, BotExited) as error:
            wrong = [str(error)]
        finally:
            subject.close()
    show(*subject.tally.lines(), *wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
