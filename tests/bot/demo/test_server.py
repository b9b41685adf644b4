"""The demo's server: its name, its channels, what is pinned, and the addresses that lead there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

import index
from bot.demo import copies
from bot.demo.copies import copy_library
from bot.demo.pages import ChannelPages
from bot.demo.server import GUILD, DemoChannel, create_server
from bot.errors import RebuildFailedError
from bot.settings import BotSettings
from index import DocumentsError, ModelError, SettingsError
from index.indexing.builder import build_store
from tests.bot.components.test_buttons import starting
from tests.bot.conftest import Stage, buttons, response, shown
from tests.fakes import FakeEncoder


@pytest.fixture
async def channels(stage: Stage) -> tuple[DemoChannel, ...]:
    return await create_server(stage.env, stage.bot)


async def test_the_bot_has_its_own_name(stage: Stage, channels: tuple[DemoChannel, ...]) -> None:
    guild = stage.bot.get_guild(GUILD)

    assert guild is not None
    assert guild.me.display_name == "Llama Chronicle"
    assert channels[0].channel.history()[0].author.display_name == "Llama Chronicle"


async def test_a_welcome_with_questions_to_press_is_pinned(
    stage: Stage, channels: tuple[DemoChannel, ...]
) -> None:
    reading, _ = channels
    [welcome] = reading.channel.pinned_messages()

    assert "Llama Chronicle is here" in shown(welcome)
    assert list(buttons(welcome)) == [
        "How many are left?",
        "Why was Behemoth delayed?",
        "Llama 團隊還剩下多少人？",
        "Behemoth 為什麼延期？",
        "Llama 团队还剩下多少人？",
    ]
    pressed = await reading.viewers[0].click(welcome, custom_id=starting(welcome, "ask"))
    assert pressed.ephemeral
    assert "How many are left?" in shown(response(pressed))


async def test_operators_have_a_channel_of_their_own_that_names_the_copies(
    stage: Stage, channels: tuple[DemoChannel, ...]
) -> None:
    reading, operating = channels
    _member, admin = reading.viewers

    assert list(operating.viewers) == [admin]
    [note] = operating.channel.pinned_messages()
    assert str(stage.bot.services.settings.documents) in shown(note)
    channel = stage.bot.get_channel(operating.channel.id)
    assert isinstance(channel, discord.TextChannel)
    assert not channel.permissions_for(channel.guild.default_role).view_channel


async def test_each_address_leads_to_its_channel_and_the_page_before_closes(
    stage: Stage, channels: tuple[DemoChannel, ...]
) -> None:
    pages = ChannelPages(stage.env, channels)
    async with pages.serve(port=0) as address, aiohttp.ClientSession() as browser:

        async def lead(path: str) -> str:
            async with browser.get(address + path, allow_redirects=False) as answer:
                assert answer.status == 302
                return answer.headers["Location"]

        reading = await lead("/")
        assert await lead("/") == reading
        async with browser.get(reading) as page:
            assert page.status == 200
        assert await lead("/operators") != reading
        with pytest.raises(aiohttp.ClientConnectionError):
            await browser.get(reading)
        assert not pages._ended.is_set()

        assert pages._shown is not None
        await pages._shown[1].close()
        await pages.wait_closed()


async def test_a_page_whose_port_is_taken_is_refused_in_words(
    stage: Stage, channels: tuple[DemoChannel, ...]
) -> None:
    pages = ChannelPages(stage.env, channels)
    async with pages.serve(port=0) as address, aiohttp.ClientSession() as browser:
        pages._preview_port = int(address.rpartition(":")[2])
        async with browser.get(address) as answer:
            assert answer.status == 503
            assert "cannot be shown now" in await answer.text()
        pages._preview_port = None
        async with browser.get(address, allow_redirects=False) as answer:
            assert answer.status == 302


async def test_a_port_that_is_taken_names_the_setting(stage: Stage, channels: tuple[DemoChannel, ...]) -> None:
    first, second = (ChannelPages(stage.env, channels) for _ in range(2))
    async with first.serve(port=0) as address:
        with pytest.raises(SettingsError, match="CHRONICLE_DEMO_PORT"):
            async with second.serve(port=int(address.rpartition(":")[2])):
                pass


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "one.md").write_text("# One\n\nThe gate opens at nine.\n", "utf-8")
    return BotSettings(documents=documents, store=tmp_path / "store", data=tmp_path / "data")


async def test_a_rebuild_of_the_copy_leaves_the_documents_and_the_store_as_they_are(
    settings: BotSettings, tmp_path: Path
) -> None:
    build_store(settings.documents, settings.store, FakeEncoder())
    before = index.open_store(settings.store).info()

    copied = await copy_library(settings, tmp_path / "demo")
    (copied.documents / "one.md").write_text("# One\n\nThe gate opens at ten.\n", "utf-8")
    report = build_store(copied.documents, copied.store, FakeEncoder())

    assert report.built
    assert index.open_store(settings.store).info() == before
    assert index.open_store(copied.store).versions()[0] != before.version
    assert "nine" in (settings.documents / "one.md").read_text("utf-8")


async def test_a_store_that_is_missing_is_built_first(
    settings: BotSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Runner:
        def __init__(self, library: Any) -> None:
            self._library = library

        async def run(self, _progress: Any) -> None:
            build_store(self._library.documents, self._library.store, FakeEncoder())

    monkeypatch.setattr(copies, "BuildRunner", Runner)
    copied = await copy_library(settings, tmp_path / "demo")

    assert index.open_store(copied.store).info().documents.keys() == {"one.md"}
    assert "once" in capsys.readouterr().out


async def test_a_store_that_cannot_be_built_is_one_line(
    settings: BotSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_progress: Any) -> None:
        raise RebuildFailedError

    monkeypatch.setattr(copies, "BuildRunner", lambda _settings: SimpleNamespace(run=fail))
    with pytest.raises(ModelError, match="cannot be built"):
        await copy_library(settings, tmp_path / "demo")


async def test_documents_that_cannot_be_copied_are_named(settings: BotSettings, tmp_path: Path) -> None:
    build_store(settings.documents, settings.store, FakeEncoder())

    with pytest.raises(DocumentsError, match="nowhere"):
        await copy_library(settings.model_copy(update={"documents": tmp_path / "nowhere"}), tmp_path / "demo")
