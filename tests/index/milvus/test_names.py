"""Names of collections and aliases: what is a version's, and what is somebody else's."""

from __future__ import annotations

import pytest

from index.milvus.names import Names
from index.store.version_names import new_version_name

VERSION = "20261128T012434.123456Z"


def test_a_version_is_found_again_by_each_of_its_names() -> None:
    names, version = Names("llamas"), new_version_name(())
    assert names.version_of(names.vectors(version)) == names.version_of(names.files(version)) == version
    assert names.marked(frozenset({names.finished(version)}), names.finished("")) == {version}
    assert names.marked(frozenset({names.withdrawn(version)}), names.withdrawn("")) == {version}


@pytest.mark.parametrize(
    "collection",
    [
        "llamas",
        "llamas_20261128",
        "alpacas_20261128T012434_123456Z",
        "llamas_x_20261128T012434_123456Z",
        "",
        "llamas_",
    ],
)
def test_a_collection_of_another_is_no_version(collection: str) -> None:
    assert Names("llamas").version_of(collection) is None


def test_marks_of_different_kinds_and_indexes_are_told_apart() -> None:
    names = Names("llamas")
    others = frozenset({names.withdrawn(VERSION), Names("llamas_2").finished(VERSION), names.lock})
    assert names.marked(others, names.finished("")) == frozenset()


def test_every_name_is_one_that_milvus_takes() -> None:
    names = Names("llamas")
    made = [names.vectors(VERSION), names.files(VERSION), names.finished(VERSION), names.withdrawn(VERSION)]
    assert all(
        name.replace("_", "").isalnum() and name.isascii() for name in [*made, names.lock, names.rolled_back]
    )
