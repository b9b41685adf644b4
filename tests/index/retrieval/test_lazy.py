"""Values that are made when they are asked for."""

from __future__ import annotations

from index.retrieval.lazy import Lazy


def test_only_what_is_asked_for_is_made_and_that_once() -> None:
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number * number

    squares = Lazy(5, make)
    assert (squares[3], squares[3], squares[2:][1], squares[-2]) == (9, 9, 9, 9)
    assert made == [3]


def test_it_is_a_sequence_equal_to_any_other_of_the_same_values() -> None:
    squares = Lazy(4, lambda number: number * number)
    assert list(squares) == [0, 1, 4, 9]
    assert squares == (0, 1, 4, 9) == squares[:]
    assert squares[1:3] == [1, 4] != squares
    assert len(squares[::2]) == len(Lazy(2, str))
    assert 9 in squares
