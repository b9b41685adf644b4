"""The keys of `/forget`: made, replaced and destroyed with the records that they mark."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.services.records.asker_tags import AskerTags
from tests.bot.services.records.samples import ALICE, BOB

LIFETIME = timedelta(days=90)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "asker_keys.json"


def age(path: Path, days: int) -> None:
    """Make every key that many days older."""
    keys = json.loads(path.read_text())
    for key in keys:
        key["created"] = (datetime.fromisoformat(key["created"]) - timedelta(days=days)).isoformat()
    path.write_text(json.dumps(keys))


def count(path: Path) -> int:
    return len(json.loads(path.read_text()))


def test_a_tag_is_recognised_for_its_person_and_its_record_alone(path: Path) -> None:
    tags = AskerTags(path, lifetime=LIFETIME)
    tag = tags.tag(ALICE, 1)

    assert list(tags.owned(ALICE, [(1, tag), (2, tag)])) == [1]
    assert list(tags.owned(BOB, [(1, tag)])) == []
    assert list(AskerTags(path, lifetime=LIFETIME).owned(ALICE, [(1, tag)])) == [1]
    assert list(AskerTags(path.with_name("other"), lifetime=LIFETIME).owned(ALICE, [(1, tag)])) == []


def test_a_key_is_replaced_when_it_is_of_age_and_destroyed_when_its_records_have_expired(path: Path) -> None:
    tags = AskerTags(path, lifetime=LIFETIME)
    old = tags.tag(ALICE, 1)
    secret = json.loads(path.read_text())[0]["secret"]
    age(path, 91)
    new = tags.tag(ALICE, 2)
    assert count(path) == 2
    assert list(tags.owned(ALICE, [(1, old), (2, new)])) == [1, 2]

    age(path, 90)
    tags.rotate()
    assert secret not in path.read_text()
    assert list(tags.owned(ALICE, [(1, old), (2, new)])) == [2]
    assert path.stat().st_mode & 0o777 == 0o600


def test_of_bots_that_start_at_once_on_an_empty_folder_one_makes_the_key_and_all_have_it(path: Path) -> None:
    bots = [AskerTags(path, lifetime=LIFETIME) for _ in range(8)]
    with ThreadPoolExecutor(len(bots)) as threads:
        made = list(threads.map(lambda bot: bot.tag(ALICE, 1), bots))

    assert count(path) == 1
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    "written",
    [
        *("", "{", "[1]", "7", "[" * 100_000, '[{"created": "x", "secret": "y"}]'),
        f'[{{"created": "2026-01-01", "secret": "{"0" * 64}"}}]',
        '[{"created": "2026-01-01T00:00:00+00:00", "secret": ""}]',
    ],
    ids=range(8),
)
def test_a_damaged_key_file_is_replaced_in_one_log_line(
    path: Path, caplog: pytest.LogCaptureFixture, written: str
) -> None:
    path.write_text(written)
    tags = AskerTags(path, lifetime=LIFETIME)

    assert list(tags.owned(ALICE, [(1, tags.tag(ALICE, 1))])) == [1]
    assert len(caplog.records) == 1


@pytest.mark.parametrize("operation", ["open", "unlink", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_where_a_key_cannot_be_written_the_old_ones_stay_and_one_is_made_at_the_next_try(
    path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, number: int
) -> None:
    tags = AskerTags(path, lifetime=LIFETIME)
    old = tags.tag(ALICE, 1)
    age(path, 91)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, operation, refuse)
        with pytest.raises(OSError, match=os.strerror(number)):
            tags.tag(ALICE, 2)
    assert count(path) == 1

    assert list(tags.owned(ALICE, [(1, old), (2, tags.tag(ALICE, 2))])) == [1, 2]
    assert count(path) == 2
