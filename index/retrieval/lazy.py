"""Sequences whose values are made when they are asked for: an answer often shows fewer hits than were found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Lazy(Sequence[T], Generic[T]):  # noqa: PLW1641  like a list, it has no hash
    """The values that `make` returns for the numbers from 0, each made once."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._numbers = range(count)
        self._make = cache(make)

    def __len__(self) -> int:
        return len(self._numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Lazy[T]: ...
    def __getitem__(self, at: int | slice) -> T | Lazy[T]:
        if isinstance(at, slice):
            part: Lazy[T] = Lazy(0, self._make)
            part._numbers, part._make = self._numbers[at], self._make
            return part
        return self._make(self._numbers[at])
