"""Parse the command line, run one command, and turn errors into one line and an exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from index.cli.commands import UsageError
from index.cli.parser import make_parser
from index.cli.terminal import PROGRAM, HarmlessFormatter, discard_output, prepare, write_error
from index.errors import ChronicleError, QuestionError

_DONE, _FAILED, _MISUSED, _INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 if it is done, 1 if it failed, 2 for wrong usage."""
    try:
        prepare()
        _log_warnings()
        parsed = make_parser().parse_args(arguments)
        code: int | None = parsed.run(parsed)
        sys.stdout.flush()
    except (UsageError, QuestionError) as error:
        write_error(str(error))
        return _MISUSED
    except ChronicleError as error:
        write_error(str(error))
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # the reader has closed the pipe, as `head` does
        discard_output()
        return _DONE
    except OSError as error:
        write_error(f"{error.filename or 'standard output'}: {error.strerror or error}")
        discard_output()
        return _FAILED
    return code or _DONE


def _log_warnings() -> None:
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # here too: bm25s sets its own logger to DEBUG
    handler.setFormatter(HarmlessFormatter(f"{PROGRAM}: %(message)s"))
    logging.basicConfig(handlers=[handler])
