"""The main layouts as pictures, to be looked at: PNGs in the folder `pictures`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from PIL import Image

from bot.locales import language_of_locale
from bot.rendering.setup import welcome_layout
from index import Library, Quote, Span, quote_at
from index.corpus.corpus import build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from tests.bot.card_sizes import NARROW, SCREEN, WIDE, cards, draw
from tests.bot.cogs.test_admin import manager
from tests.bot.components.test_buttons import starting
from tests.bot.conftest import GUILD, Running, Stage, response
from tests.bot.payloads import labels
from tests.bot.pictures import needs_chromium, use_system_chromium
from tests.bot.test_glance import LINES, LINES_OF_LIST
from tests.bot.world import World

pytestmark = [
    pytest.mark.picture,
    needs_chromium,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).parents[2]
LEFT = "14位核心作者中，截至2025年中僅剩3人留任，其餘11人在兩年間相繼離職"
HEIGHT = 1300


def passage(library: Library, *, name: str, start: str, end: str, bold: str) -> Quote:
    """Quote from `start` to the end of `end`, with `bold` highlighted."""
    document = next(each for each in library.documents if each.name == name)
    first = document.text.index(start)
    last = document.text.index(end, first) + len(end)
    mark = document.text.index(bold, first)
    return quote_at(document, Span(first, last), highlights=(Span(mark, mark + len(bold)),))


def real_quotes(library: Library) -> tuple[Quote, ...]:
    """Quote the passages that say how many are left, and two more."""
    rise, exodus = "llama-rise-and-fall.md", "llama-team-exodus.txt"
    here = passage(library, name=rise, start="Meta最初的Llama團隊", end="平均在職逾五年", bold=LEFT)
    there = passage(library, name=exodus, start="Meta 即原", end="“留守职工”。", bold="只剩下3个“留守职工”。")
    why = passage(
        library, name=exodus, start="他们为什么集体抵抗", end="却无东谈主问津。", bold="1. 钱没给够,心寒了"
    )
    slow = passage(
        library, name=rise, start="從早期Llama的誕生地", end="導致工作流程紊亂。", bold="導致工作流程紊亂"
    )
    return (replace(here, also=(there,)), why, slow, there)


@pytest.fixture
def pictures() -> Path:
    """Return the folder for the PNGs."""
    folder = ROOT / "pictures"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def real(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world with the project's documents."""
    use_system_chromium(monkeypatch)
    sources = read_sources(ROOT / "documents")
    world.corpus = build_corpus(parse_documents(ROOT / "documents", sources), sources.sidecars)
    world.library = world.corpus.library
    world.quotes = real_quotes(world.library)
    return world


@asynccontextmanager
async def camera(stage: Stage, folder: Path) -> AsyncIterator[Callable[..., Any]]:
    """Yield a function that takes a picture of a message as `viewer` sees it."""
    viewers = [stage.alice, stage.bob]
    async with stage.env.preview(stage.channel, viewers=viewers, width=WIDE, height=HEIGHT) as preview:

        async def shoot(name: str, message: Any, viewer: Any = None) -> Path:
            path = folder / f"{name}.png"
            await preview.screenshot(path, target=message, viewer=viewer or stage.alice, allow_incomplete=True)
            with Image.open(path) as picture:
                assert picture.width > 300
                assert picture.height > 60
            return path

        yield shoot


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("answer-zh-hant", "Llama 團隊還剩下多少人？"),
        ("answer-zh-hans", "Llama 团队还剩下多少人？"),
        ("answer-en", "How many of the Llama authors are still at Meta?"),
        ("unsure-zh-hans", "也许是这样？"),
        ("declined-zh-hant", "明天的天氣如何？"),
        ("declined-en", "What will the weather be?"),
    ],
)
async def test_an_answer(real: World, running: Running, pictures: Path, name: str, question: str) -> None:
    async with running() as stage:
        result = await stage.alice.slash(stage.channel, "ask", question=question)
        async with camera(stage, pictures) as shoot:
            await shoot(name, response(result))


async def test_what_the_buttons_show(
    real: World, running: Running, pictures: Path, speak: Callable[[str], None]
) -> None:
    speak("zh-TW")
    async with running() as stage:
        layout = response(await stage.alice.slash(stage.channel, "ask", question="Llama 團隊還剩下多少人？"))
        actions = {
            name: response(await stage.alice.click(layout, custom_id=starting(layout, name)))
            for name in ("context", "more")
        }
        convert = starting(actions["context"], "convert")
        actions["convert"] = response(await stage.alice.click(actions["context"], custom_id=convert))
        async with camera(stage, pictures) as shoot:
            for name, action in actions.items():
                await shoot(name, action)


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_an_answer_and_a_reply_of_the_front_desk_are_read_on_one_screen(width: int) -> None:
    layouts = {name: layout for name, layout in cards().items() if name.startswith(("starter", "front-desk"))}
    sizes = await draw(layouts, width=width)

    assert len(sizes) == len(layouts)
    for name, size in sizes.items():
        assert size.height <= SCREEN, name
        is_list = "[1]" in labels(layouts[name])
        assert width == NARROW or size.lines <= (LINES_OF_LIST if is_list else LINES), name


@pytest.mark.parametrize("locale", ["zh-TW", "zh-CN", "en-US"])
async def test_the_library(
    real: World, running: Running, pictures: Path, speak: Callable[[str], None], locale: str
) -> None:
    speak(locale)
    async with running() as stage:
        sources = await stage.alice.slash(stage.channel, "sources")
        page = await stage.alice.slash(stage.channel, "read", document="llama-team-exodus.txt")
        told = await stage.alice.slash(stage.channel, "help")
        async with camera(stage, pictures) as shoot:
            await shoot(f"sources-{locale}", sources.response)
            await shoot(f"read-{locale}", page.response)
            await shoot(f"help-{locale}", told.response)


@pytest.mark.parametrize("locale", ["zh-TW", "zh-CN", "en-US"])
async def test_the_arrival_in_a_server(
    real: World, running: Running, pictures: Path, speak: Callable[[str], None], locale: str
) -> None:
    speak(locale)
    async with running() as stage:
        channel = stage.bot.get_channel(stage.channel.id)
        assert isinstance(channel, discord.TextChannel)
        admin = manager(stage)
        languages = [language_of_locale(discord.Locale(locale))]
        setup = response(await admin.slash(stage.channel, "setup"))
        welcome = await channel.send(view=welcome_layout(real.library, name="Bot", languages=languages))
        for width in (WIDE, NARROW):
            viewers = [stage.alice, admin]
            async with stage.env.preview(stage.channel, viewers=viewers, width=width, height=HEIGHT) as preview:
                for name, shown, viewer in (("setup", setup, admin), ("welcome", welcome, stage.alice)):
                    path = pictures / f"{name}-{locale}-{width}.png"
                    await preview.screenshot(path, target=shown, viewer=viewer, allow_incomplete=True)
                    with Image.open(path) as picture:
                        assert picture.height <= HEIGHT


async def test_what_was_asked_in_vain(
    real: World, running: Running, pictures: Path, speak: Callable[[str], None]
) -> None:
    asked = {
        "en-US": ("What will the weather be?", "what will the weather be today?", "Perhaps they have all left?"),
        "zh-TW": ("明天的天氣如何？", "明天天氣如何？", "也許是這樣？"),
    }
    async with running(admin_guilds=(GUILD,)) as stage:
        for questions in asked.values():
            for question in questions:
                await stage.alice.slash(stage.channel, "ask", question=question)
        layout = response(await stage.alice.slash(stage.channel, "ask", question="How many are left at Meta?"))
        why = response(await stage.bob.click(layout, label="Not helpful"))
        admin = manager(stage)
        for width in (WIDE, NARROW):
            viewers = [stage.bob, admin]
            async with stage.env.preview(stage.channel, viewers=viewers, width=width, height=HEIGHT) as preview:
                path = pictures / f"why-{width}.png"
                await preview.screenshot(path, target=why, viewer=stage.bob, allow_incomplete=True)
                for locale in asked:
                    speak(locale)
                    gaps = response(await admin.slash(stage.channel, "gaps"))
                    path = pictures / f"gaps-{locale}-{width}.png"
                    await preview.screenshot(path, target=gaps, viewer=admin, allow_incomplete=True)
                    with Image.open(path) as picture:
                        assert picture.height <= SCREEN
