"""Real stores on disk, with the tests' encoder: damaged at the start, and rebuilt under a stream of questions."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import index
from bot.discord_io.live_message import NullLiveMessage
from bot.errors import UnavailableError
from bot.locales import messages_in
from bot.services.versions.index_versions import IndexVersions
from bot.worker.build_process import BuildRunner
from bot.worker.client import AnswerClient, Limits
from bot.worker.index_opener import StoreOpener
from bot.worker.process import Listener, ProcessChild, Spawn, Target, spawn_process
from index import Answer, DocumentsError, Query, Settings, StoreError
from tests.bot import processes
from tests.bot.streams import Stream
from tests.bot.worker.test_processes import STALL_SECONDS, Probe
from tests.bot.world import until
from tests.fakes import FakeEncoder

TEXT = "# Llamas\n\nThere are {count} llamas in the meadow, said edition {count}.\n\nAlpacas are smaller.\n"


@pytest.fixture
def settings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    light_builds: Callable[[], AbstractContextManager[None]],
) -> Iterator[Settings]:
    """Return the settings of a folder with a document and of a store with two versions of it."""
    monkeypatch.setattr(index, "load_encoder", lambda *_args, **_options: FakeEncoder())
    settings = Settings(
        documents=tmp_path / "documents", store=tmp_path / "store", model="fake", keep_versions=3, threshold=0.0
    )
    settings.documents.mkdir()
    with light_builds():
        for count in (1, 2):
            write(settings, count)
            index.build_store(settings.documents, settings.store, FakeEncoder(), keep=settings.keep_versions)
        yield settings


def write(settings: Settings, count: int) -> None:
    (settings.documents / "llamas.md").write_text(TEXT.format(count=count), "utf-8")


def damage(settings: Settings) -> tuple[str, str]:
    """Spoil the current version's records; give its name and that of the one before."""
    newest, before = index.open_store(settings.store).versions()
    (index.open_store(settings.store).folder / "versions" / newest / "corpus.json").write_bytes(b"{}")
    return newest, before


def test_the_newest_intact_version_replaces_a_damaged_one(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    newest, before = damage(settings)
    opened = StoreOpener(settings)(recover=True)

    assert opened.index.version == before
    assert opened.is_fallback
    assert index.open_store(settings.store).info().version == before
    assert len(caplog.records) == 1
    assert newest in caplog.text


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ESTALE])
def test_a_version_that_cannot_be_read_for_a_moment_gives_way_to_no_other_and_is_not_built_anew(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    current, opened = index.open_store(settings.store).current(), os.open

    def refuse(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if Path(path).name == "corpus.json":
            raise OSError(number, os.strerror(number))
        return opened(path, flags, *rest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(StoreError, match=rf"corpus\.json cannot be read: {os.strerror(number)}; try again$"):
            StoreOpener(settings)(recover=True)
        write(settings, 3)
        with pytest.raises(StoreError, match="cannot be read"):
            index.build_store(settings.documents, settings.store, FakeEncoder())
    assert index.open_store(settings.store).current() == current
    assert StoreOpener(settings)(recover=True).index.version == current


def test_a_fallback_opens_even_if_the_documents_cannot_be_read(settings: Settings) -> None:
    _, before = damage(settings)
    shutil.rmtree(settings.documents)

    assert StoreOpener(settings)(recover=True).index.version == before


def test_a_name_of_the_current_version_that_is_garbage_is_survived(settings: Settings) -> None:
    (index.open_store(settings.store).folder / "CURRENT").write_bytes(b"\xff\xfe")
    opened = StoreOpener(settings)(recover=True)

    assert opened.index.version == index.open_store(settings.store).versions()[0]
    assert opened.is_fallback


def test_a_store_without_a_sound_version_is_built_at_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for version in index.open_store(settings.store).versions():
        (index.open_store(settings.store).folder / "versions" / version / "manifest.json").write_text(
            "{}", "utf-8"
        )
    opened = StoreOpener(settings)(recover=True)

    assert not opened.is_fallback
    assert opened.index.ask_many([Query("llamas")], top=1, document=None)[0].quotes
    assert [record.name for record in caplog.records].count("bot.worker.index_opener") == 1


@pytest.mark.usefixtures("quick_fit")
def test_a_foreign_store_is_built_anew_and_one_line_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A store that another model built, as after a change of CHRONICLE_MODEL."""
    foreign = index.open_store(settings.store).versions()
    monkeypatch.setattr(index, "load_encoder", lambda *_args, **_options: FakeEncoder("fake-2"))
    opened = StoreOpener(settings)(recover=True)

    assert opened.index.version == index.open_store(settings.store).info().version not in foreign
    assert opened.index.ask_many([Query("llamas")], top=1, document=None)[0].quotes
    assert index.open_store(settings.store).info().model == "fake-2"
    store, confidence = (record.getMessage() for record in caplog.records)
    assert "was built with another model or version" in store
    assert "building it now" in store
    assert "the confidence was fitted for the model" in confidence


def test_a_missing_store_is_built_and_one_line_says_so(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(index.open_store(settings.store).folder)

    assert StoreOpener(settings)(recover=True).index.version == index.open_store(settings.store).info().version
    assert len(caplog.records) == 1


def test_without_store_and_documents_there_is_nothing_to_answer_from(settings: Settings) -> None:
    shutil.rmtree(index.open_store(settings.store).folder)
    shutil.rmtree(settings.documents)
    with pytest.raises(DocumentsError):
        StoreOpener(settings)(recover=True)


def test_after_a_rollback_nothing_is_built_in_place_of_what_is_damaged(settings: Settings) -> None:
    _, before = index.open_store(settings.store).versions()
    index.open_store(settings.store).rollback(before)
    (index.open_store(settings.store).folder / "versions" / before / "corpus.json").write_bytes(b"{}")
    with pytest.raises(StoreError, match=r"corpus\.json is missing or damaged"):
        StoreOpener(settings)(recover=True)
    assert index.open_store(settings.store).current() == before


def test_every_step_of_a_first_build_is_reported(settings: Settings) -> None:
    shutil.rmtree(index.open_store(settings.store).folder)
    reports: list[int] = []
    StoreOpener(settings, report=lambda: reports.append(1))(recover=True)
    assert len(reports) > 3


def content_of(answer: Answer) -> str:
    """Return the edition of the document that the first quote names."""
    return " ".join(re.findall(r"edition \d+", answer.quotes[0].text)) if answer.quotes else "nothing quoted"


@asynccontextmanager
async def running(
    settings: Settings, *, spawn: Spawn = spawn_process
) -> AsyncIterator[tuple[AnswerClient, IndexVersions]]:
    """Yield a client and versions with real processes."""
    answers = AnswerClient(settings, Limits(64, 20.0), spawn=spawn, target=processes.run_with_fake_encoder)
    rebuilds = BuildRunner(settings, target=processes.build_with_fake_encoder)
    versions = IndexVersions(rebuilds, answers, store=settings.store)
    answers.start()
    await answers.wait_until_ready()
    yield answers, versions
    await versions.close()
    await answers.close(grace=2.0)


@pytest.mark.usefixtures("forked")
async def test_a_damaged_store_answers_at_once_and_is_repaired_meanwhile(settings: Settings) -> None:
    _, before = damage(settings)
    async with running(settings) as (answers, versions):
        assert (await answers.ask(Query("llamas"))).version == before
        assert versions._repair is not None
        await versions._repair

        assert (
            (await answers.ask(Query("llamas"))).version
            == index.open_store(settings.store).versions()[0]
            != before
        )


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("rebuilds", [2, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
async def test_rebuilds_under_a_stream_of_questions_fail_and_mix_no_answer_and_never_stall_the_loop(
    settings: Settings, rebuilds: int
) -> None:
    probe, stream = Probe(), Stream(["How many llamas are in the meadow?"], content_of)
    contents: dict[str, str] = {}
    async with running(settings) as (answers, versions), probe.watching(), stream.asking(answers):
        for count in range(3, 3 + rebuilds):
            write(settings, count)
            await versions.rebuild(NullLiveMessage(), messages_in("en"), by="")
            contents[answers.version or ""] = f"edition {count}"

    assert len(contents) == rebuilds
    assert not stream.failed
    assert stream.mixed(contents) == []
    assert stream.versions >= set(list(contents)[:-1])
    assert max(stream.seconds) < 2.0
    assert probe.longest < STALL_SECONDS, probe.longest


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("kills", [5, pytest.param(150, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
async def test_a_worker_killed_at_random_instants_answers_every_question_from_the_current_version(
    settings: Settings, kills: int
) -> None:
    """It answers, or opens the version that is current, when it is killed."""
    workers: list[ProcessChild] = []

    def spawn(target: Target, settings: Settings, listener: Listener) -> ProcessChild:
        workers.append(ProcessChild(target, settings, listener))
        return workers[-1]

    dice = random.Random(kills)  # noqa: S311  not for secrets
    async with running(settings, spawn=spawn) as (answers, _):
        for number in range(kills):
            await until(lambda: len(workers) == number + 1 and answers.ready, seconds=60)  # noqa: B023
            asked = [asyncio.ensure_future(answers.ask(Query(f"How many llamas? {each}"))) for each in range(4)]
            reload = asyncio.ensure_future(answers.reload()) if number % 2 else None
            await asyncio.sleep(dice.uniform(0.0, 0.03))
            workers[-1].kill()
            found = await asyncio.gather(*asked)
            assert {(content_of(each), each.version) for each in found} == {("edition 2", answers.version)}
            if reload is not None:
                (result,) = await asyncio.gather(reload, return_exceptions=True)
                assert result == answers.version or isinstance(result, UnavailableError)
        await until(lambda: len(workers) == kills + 1, seconds=60)
