"""Records of one kind in a file, each read when it is asked for."""

from __future__ import annotations

import os
import struct
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar, overload

import numpy as np

from index.errors import REBUILD, StoreError
from index.store.files import open_descriptor

_NUMBER = 8  # bytes of a little-endian integer
_STEP = 256  # records that are read at a time where all are

T = TypeVar("T")


def write_records(path: Path, records: Iterable[bytes]) -> None:
    """Write the records one after another, then where each begins and the last ends, then how many there are."""
    bounds = array("Q", [0])
    with path.open("wb") as file:
        for record in records:
            file.write(record)
            bounds.append(bounds[-1] + len(record))
        bounds.append(len(bounds) - 1)
        file.write(np.asarray(bounds, dtype="<u8").tobytes())


class RecordFile:
    """A file that `write_records` wrote. It is read, not mapped: one that is cut off meanwhile ends no process.

    Every method raises StoreError for a damaged file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = open_descriptor(path)
        weakref.finalize(self, os.close, self._descriptor)
        size = os.fstat(self._descriptor).st_size
        (self.count,) = self._numbers(size - _NUMBER, 1)
        self._end = size - _NUMBER * (self.count + 2)  # of the last record
        if self._end < 0:
            raise self._damage()

    def read(self, first: int, last: int) -> list[bytes]:
        """Return the records from number `first` to before `last`."""
        bounds = self._numbers(self._end + _NUMBER * first, last - first + 1)
        if bounds[-1] > self._end or any(end < start for start, end in pairwise(bounds)):
            raise self._damage()
        content = self._bytes(bounds[0], bounds[-1] - bounds[0])
        return [content[start - bounds[0] : end - bounds[0]] for start, end in pairwise(bounds)]

    def read_one(self, number: int) -> bytes:
        """Return the record of that number; less work than `read`."""
        start, end = self._numbers(self._end + _NUMBER * number, 2)
        if not start <= end <= self._end:
            raise self._damage()
        return self._bytes(start, end - start)

    def decode(self, record: bytes, by: Callable[[bytes], T]) -> T:
        """Return what `by`, which raises ValueError for what is none, makes of a record."""
        try:
            return by(record)
        except ValueError as error:
            raise self._damage() from error

    def _numbers(self, at: int, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}Q", self._bytes(at, _NUMBER * count))

    def _bytes(self, at: int, count: int) -> bytes:
        try:
            content = os.pread(self._descriptor, count, at)
        except OSError as error:  # of the disk, or a place before the file's start
            raise self._damage() from error
        if len(content) != count:
            raise self._damage()
        return content

    def _damage(self) -> StoreError:
        return StoreError(f"{self._path} is damaged; {REBUILD}")


class Records(Sequence[T]):
    """The records of a file in order, or those of a slice; `decode` makes a value of one, or raises ValueError.

    kept: how many values stay in memory, the last that were asked for by number: answers look at the same again.
    """

    def __init__(self, file: RecordFile, decode: Callable[[bytes], T], *, kept: int = 0) -> None:
        self._file = file
        self._decode = decode
        self._numbers = range(file.count)
        self._value = lru_cache(maxsize=kept)(partial(_read_value, file, decode))

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Records[T]: ...
    def __getitem__(self, at: int | slice) -> T | Records[T]:
        if isinstance(at, slice):
            part: Records[T] = Records(self._file, self._decode)
            part._numbers, part._value = self._numbers[at], self._value  # what is kept is shared
            return part
        return self._value(self._numbers[at])

    def __iter__(self) -> Iterator[T]:
        if self._numbers.step != 1:
            yield from (self[at] for at in range(len(self)))
            return
        for first in range(self._numbers.start, self._numbers.stop, _STEP):
            for record in self._file.read(first, min(first + _STEP, self._numbers.stop)):
                yield self._file.decode(record, self._decode)


def _read_value(file: RecordFile, decode: Callable[[bytes], T], number: int) -> T:
    return file.decode(file.read_one(number), decode)


class StoredMapping(Mapping[str, T]):
    """The records of the documents of these names, in that order."""

    def __init__(self, names: Sequence[str], records: Sequence[T]) -> None:
        if len(names) != len(records):
            raise ValueError(f"{len(names)} names of {len(records)} records")
        self._numbers = {name: number for number, name in enumerate(names)}
        self._records = records

    def __getitem__(self, name: str) -> T:
        return self._records[self._numbers[name]]

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
