"""The names of an index's collections and aliases in Milvus."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERSION = re.compile(r"(\d{8}T\d{6})_(\d{6}Z)", re.ASCII)
_FILES = "_files"


@dataclass(frozen=True, slots=True)
class Names:
    """The names below that of an index, which is itself the alias of its current version.

    NAME_<version>               the collection with a version's vectors; a dot is written as an underscore
    NAME_<version>_files         the collection with its files
    NAME_finished_<version>      an alias: it has been current
    NAME_withdrawn_<version>     an alias: it was rolled back from
    NAME_rolled_back             an alias: a rollback holds, until somebody builds
    NAME_lock                    an alias to NAME_lock_<owner>_<time>: somebody builds
    """

    index: str

    @property
    def rolled_back(self) -> str:
        """The alias that says that a rollback holds."""
        return f"{self.index}_rolled_back"

    @property
    def lock(self) -> str:
        """The alias that whoever builds holds."""
        return f"{self.index}_lock"

    def vectors(self, version: str) -> str:
        """Return the collection of a version's vectors."""
        return f"{self.index}_{_written(version)}"

    def files(self, version: str) -> str:
        """Return the collection of a version's files."""
        return self.vectors(version) + _FILES

    def finished(self, version: str) -> str:
        """Return the alias that says that a version has been current."""
        return f"{self.index}_finished_{_written(version)}"

    def withdrawn(self, version: str) -> str:
        """Return the alias that says that a version was rolled back from."""
        return f"{self.index}_withdrawn_{_written(version)}"

    def version_of(self, collection: str) -> str | None:
        """Return the version whose vectors or files `collection` holds; None if it is another's."""
        return self._version(collection.removesuffix(_FILES), self.vectors(""))

    def marked(self, aliases: frozenset[str], mark: str) -> frozenset[str]:
        """Return the versions of the aliases that begin with `mark`, one of `finished("")` and `withdrawn("")`."""
        found = (self._version(alias, mark) for alias in aliases)
        return frozenset(version for version in found if version is not None)

    def _version(self, name: str, prefix: str) -> str | None:
        found = _VERSION.fullmatch(name.removeprefix(prefix)) if name.startswith(prefix) else None
        return f"{found[1]}.{found[2]}" if found else None


def _written(version: str) -> str:
    return version.replace(".", "_")
