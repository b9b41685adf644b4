"""The main layouts as pictures, to be looked at: PNGs in the folder `pictures`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor

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
from tests.bot.pictures import HEIGHT, Camera, camera, needs_chromium
from tests.bot.test_glance import LINES, LINES_OF_LIST
from tests.bot.world import World

pytestmark = [
    pytest.mark.picture,
    needs_chromium,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).parents[2]
LEFT = "14位核心作者中，截至2025年中僅剩3人留任，其餘11人在兩年間相繼離職"
LOCALES = ("zh-TW", "zh-CN", "en-US")


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
def real(world: World) -> World:
    """Return a world with the project's documents."""
    sources = read_sources(ROOT / "documents")
    world.corpus = build_corpus(parse_documents(ROOT / "documents", sources), sources.sidecars)
    world.library = world.corpus.library
    world.quotes = real_quotes(world.library)
    return world


async def test_answers_and_what_their_buttons_show(
    real: World, running: Running, pictures: Path, speak: Callable[[str], None]
) -> None:
    questions = {
        "answer-zh-hant": "Llama 團隊還剩下多少人？",
        "answer-zh-hans": "Llama 团队还剩下多少人？",
        "answer-en": "How many of the Llama authors are still at Meta?",
        "unsure-zh-hans": "也许是这样？",
        "declined-zh-hant": "明天的天氣如何？",
        "declined-en": "What will the weather be?",
    }
    async with running() as stage:
        shown = {
            name: response(await stage.alice.slash(stage.channel, "ask", question=question))
            for name, question in questions.items()
        }
        speak("zh-TW")
        layout = response(await stage.alice.slash(stage.channel, "ask", question=questions["answer-zh-hant"]))
        for name in ("context", "more"):
            shown[name] = response(await stage.alice.click(layout, custom_id=starting(layout, name)))
        convert = starting(shown["context"], "convert")
        shown["convert"] = response(await stage.alice.click(shown["context"], custom_id=convert))
        async with looking(stage, [stage.alice], pictures) as camera:
            for name, message in shown.items():
                await camera.shoot(name, message)


def looking(stage: Stage, viewers: list[MemberActor], folder: Path) -> AbstractAsyncContextManager[Camera]:
    """Open a page on the channel of the stage, in a window."""
    return camera(stage.env, stage.channel, viewers=viewers, folder=folder, width=WIDE)


@pytest.mark.usefixtures("pictures")
async def test_an_answer_and_a_reply_of_the_front_desk_are_read_on_one_screen() -> None:
    layouts = {name: layout for name, layout in cards().items() if name.startswith(("starter", "front-desk"))}
    drawn = await draw(layouts)

    for width, sizes in drawn.items():
        assert len(sizes) == len(layouts)
        for name, size in sizes.items():
            assert size.height <= SCREEN, name
            is_list = "[1]" in labels(layouts[name])
            assert width == NARROW or size.lines <= (LINES_OF_LIST if is_list else LINES), name


async def test_the_library(real: World, running: Running, pictures: Path, speak: Callable[[str], None]) -> None:
    async with running() as stage:
        shown = {}
        for locale in LOCALES:
            speak(locale)
            sources = await stage.alice.slash(stage.channel, "sources")
            page = await stage.alice.slash(stage.channel, "read", document="llama-team-exodus.txt")
            told = await stage.alice.slash(stage.channel, "help")
            for name, result in (("sources", sources), ("read", page), ("help", told)):
                shown[f"{name}-{locale}"] = response(result)
        async with looking(stage, [stage.alice], pictures) as camera:
            for name, message in shown.items():
                await camera.shoot(name, message)


async def test_the_arrival_in_a_server(
    real: World, running: Running, pictures: Path, speak: Callable[[str], None]
) -> None:
    async with running() as stage:
        channel = stage.bot.get_channel(stage.channel.id)
        assert isinstance(channel, discord.TextChannel)
        admin = manager(stage)
        setups, welcomes = {}, {}
        for locale in LOCALES:
            speak(locale)
            languages = [language_of_locale(discord.Locale(locale))]
            setups[locale] = response(await admin.slash(stage.channel, "setup"))
            welcome = welcome_layout(real.library, name="Bot", languages=languages)
            welcomes[locale] = await channel.send(view=welcome)
        async with looking(stage, [admin, stage.alice], pictures) as camera:
            for width in (WIDE, NARROW):
                await camera.widen(width)
                for viewer, name, shown in ((admin, "setup", setups), (stage.alice, "welcome", welcomes)):
                    for locale, message in shown.items():
                        assert await camera.shoot(f"{name}-{locale}-{width}", message, viewer=viewer) <= HEIGHT


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
        gaps = {}
        for locale in asked:
            speak(locale)
            gaps[locale] = response(await admin.slash(stage.channel, "gaps"))
        async with looking(stage, [stage.bob, admin], pictures) as camera:
            for width in (WIDE, NARROW):
                await camera.widen(width)
                await camera.shoot(f"why-{width}", why, viewer=stage.bob)
                for locale, message in gaps.items():
                    assert await camera.shoot(f"gaps-{locale}-{width}", message, viewer=admin) <= SCREEN
