"""Which versions a rollback withdrew, as marks beside them that outlast a kill and a power cut."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.store.files import flush

_WITHDRAWN = ".withdrawn-"
_ROLLED_BACK = ".rolled-back"


class Withdrawals:
    """The marks in the folder of the versions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> frozenset[str]:
        """Return the versions that were rolled back from. Never raises."""
        with suppress(OSError):
            return frozenset(mark.name.removeprefix(_WITHDRAWN) for mark in self._folder.glob(f"{_WITHDRAWN}*"))
        return frozenset()

    def are_held(self) -> bool:
        """Return whether nobody has built since."""
        return (self._folder / _ROLLED_BACK).exists()

    @contextmanager
    def marked(self, names: Collection[str]) -> Iterator[None]:
        """Mark these versions, and unmark them again if what is done within fails. Raises OSError.

        The marks are on the disk before the switch is: a power cut must not leave a rollback that does not hold.
        """
        marks = [*(self._mark(name) for name in names), self._folder / _ROLLED_BACK]
        fresh = [mark for mark in marks if not mark.exists()]
        try:
            for mark in marks:
                mark.touch()
            flush(self._folder)
            yield
        except OSError:
            for mark in fresh:
                with suppress(OSError):
                    mark.unlink(missing_ok=True)
            raise

    def set(self, names: frozenset[str], *, are_held: bool) -> None:
        """Mark exactly these versions, as another store has it. Raises OSError."""
        if (self.names(), self.are_held()) == (names, are_held):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self.unmark(self.names().difference(names))
        for name in names:
            self._mark(name).touch()
        if are_held:
            (self._folder / _ROLLED_BACK).touch()
        else:
            self.release()

    def unmark(self, names: Collection[str]) -> None:
        """Remove the marks of these versions. Raises OSError."""
        for name in names:
            self._mark(name).unlink(missing_ok=True)

    def release(self) -> None:
        """Hold nothing back any more: somebody has built. Raises OSError."""
        (self._folder / _ROLLED_BACK).unlink(missing_ok=True)

    def _mark(self, version: str) -> Path:
        return self._folder / f"{_WITHDRAWN}{version}"
