"""Names of versions: each after all others, of one length, whatever the clock says and whatever lies there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import StoreError
from index.store.store import Store
from index.store.version_names import (
    find_version,
    is_version_name,
    new_version_name,
    require_version,
    version_label,
)

TIMES = st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda time: f"{time:%Y%m%dT%H%M%S.%f}Z".rjust(23, "0")
)


@given(st.lists(st.one_of(TIMES, TIMES.map(lambda name: f"{name}++"), st.text(max_size=30))))
def test_a_new_name_sorts_after_every_version_and_is_never_longer(taken: list[str]) -> None:
    name = new_version_name(taken)
    assert all(name > each for each in taken if is_version_name(each))
    assert len(name) == len("20260101T000000.000000Z")


def test_builds_after_one_with_the_clock_ahead_have_names_of_the_same_length() -> None:
    names = ["99981231T235959.000000Z"]
    for _ in range(300):
        names.append(new_version_name(names))
    assert names == sorted(set(names))
    assert {len(name) for name in names} == {23}


def test_when_no_time_is_left_it_is_said_which_folder_to_remove() -> None:
    with pytest.raises(
        StoreError, match=r"^no version can come after 99991231T235959\.999999Z; remove its folder$"
    ):
        new_version_name(["99991231T235959.999999Z"])


NAMES = (
    "20261128T012434.123456Z",
    "20261128T012459.500000Z",
    "20261128T012459.600000Z",
    "20261127T230000.000000Z",
)


def test_a_version_is_labelled_by_its_minute_and_by_more_only_on_collision() -> None:
    assert version_label(NAMES[0]) == "2026-11-28 01:24"
    assert [version_label(name, NAMES) for name in NAMES] == [
        "2026-11-28 01:24:34",
        "2026-11-28 01:24:59.500000",
        "2026-11-28 01:24:59.600000",
        "2026-11-27 23:00",
    ]
    assert version_label("1", ("1", "2")) == "1"


@given(st.lists(st.one_of(TIMES, TIMES.map(lambda name: f"{name}+")), unique=True, max_size=8))
def test_labels_tell_versions_apart_in_order_and_name_them(names: list[str]) -> None:
    labels = [version_label(name, names) for name in names]

    assert len(set(labels)) == len(names)
    assert [find_version(label, names) for label in labels] == names
    assert [find_version(name, names) for name in names] == names


@pytest.mark.parametrize("label", ["2026-11-28 01:24", "2026-11-28", "", "2025-01-01 00:00"])
def test_a_label_of_none_or_of_several_names_no_version(label: str) -> None:
    assert find_version(label, NAMES) is None
    with pytest.raises(StoreError, match="there are 2026-11-28 01:24:34, "):
        require_version(label, NAMES, store=Path("store"))


def test_a_folder_with_another_name_is_no_version(tmp_path: Path) -> None:
    for name in ("20260101T000000.000000Z", "zzz", "2" * 250, "20261301T000000.000000Z", ".unfinished-1"):
        (tmp_path / "versions" / name).mkdir(parents=True)
    assert Store(tmp_path).versions() == ("20260101T000000.000000Z",)
