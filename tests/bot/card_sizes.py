"""Cards in Chromium: `python -m tests.bot.card_sizes` draws them, and prints the lines and pixels that each takes.

They are the answers of `starter_answers.json`, the front desk's replies, and what a newcomer and an admin see first, in
three languages, in a window and on a telephone. The pictures go to `pictures/`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord.ext import commands
from simcord.env import Env

from bot.rendering.front_desk import CommandMentions, FrontDeskMessage, front_desk_layout
from bot.rendering.help import Retention, help_layout
from bot.rendering.layout import Layout
from bot.rendering.setup import Setup, setup_layout, welcome_layout
from index import LANGUAGES
from tests.bot.pictures import ARGUMENTS, CHROMIUM
from tests.bot.services.test_front_desk import SAID
from tests.bot.starter_answers import corpus, starter_answers
from tests.bot.test_glance import card

FOLDER = Path(__file__).parents[2] / "pictures"
# A window, and a telephone; and the pixels that the telephone shows of a channel: of 844, less the header.
WIDE, NARROW, SCREEN = 760, 390, 760
_HEIGHT = 1400  # of the browser's window
_BESIDE = 6  # cards in the channel at a time: for each that is looked at, the preview reads all of them again
# The boxes of the text, top to bottom, those side by side counted once; and where what is bold ends.
_COUNT = """() => {
  const card = document.querySelector('.component-container');
  const boxes = [];
  const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) boxes.push(box);
  }
  boxes.sort((one, other) => one.top + one.bottom - other.top - other.bottom);
  let lines = 0, bottom = -Infinity;
  for (const box of boxes) {
    if ((box.top + box.bottom) / 2 >= bottom - 2) { lines += 1; bottom = box.bottom; }
    else bottom = Math.max(bottom, box.bottom);
  }
  const bold = [...card.querySelectorAll('strong')].map(each => each.getBoundingClientRect().bottom);
  const {top, height} = card.getBoundingClientRect();
  return [lines, Math.round(height), Math.round(Math.max(top, ...bold) - top)];
}"""


@dataclass(frozen=True, slots=True)
class CardSize:
    """The lines of text of a card, its pixels, and the pixels from its top to the end of what is bold."""

    lines: int
    height: int
    bold_ends_at: int


def cards() -> dict[str, Layout]:
    """Return the cards by name."""
    library = corpus().library
    found = {f"starter-{each.language}-{number % 6}": card(each) for number, each in enumerate(starter_answers())}
    for intent, language, said, _ in SAID:
        message, starters = FrontDeskMessage(said, intent, language), library.starters[language]
        layout = front_desk_layout(message, library, commands=CommandMentions({}), starters=starters)
        found[f"front-desk-{language}-{intent}"] = layout
    for language in LANGUAGES:
        about, starters = library.about[language], library.starters[language]
        setup = Setup("Chronicle", 1, ("send_messages",), admins_maintain=False, invite="https://discord.com")
        found |= {
            f"help-{language}": help_layout(
                retention=Retention(90, keeps_questions=True), about=about, starters=starters, language=language
            ),
            f"setup-{language}": setup_layout(setup, library=library, language=language),
            f"welcome-{language}": welcome_layout(library, name="Chronicle", languages=(language,)),
        }
    return found


async def draw(layouts: Mapping[str, Layout]) -> dict[int, dict[str, CardSize]]:
    """Draw each layout in a window and on a telephone; return the sizes by width and name."""
    import playwright.async_api  # tests are collected without it

    bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())
    env = Env(bot, settle_timeout=60.0)
    await env.start()
    guild = env.create_guild("Llama Chronicle")
    place = guild.create_text_channel("ask-the-documents")
    reader = guild.add_member(env.create_user("reader"))
    channel = bot.get_channel(place.id)
    assert isinstance(channel, discord.TextChannel)
    sizes: dict[int, dict[str, CardSize]] = {WIDE: {}, NARROW: {}}
    async with (
        playwright.async_api.async_playwright() as browsers,
        env.preview(place, viewers=[reader], width=WIDE, height=2400, layout="message") as preview,
    ):
        browser = await browsers.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": WIDE, "height": _HEIGHT})
        await page.goto(preview.url)
        names = list(layouts)
        for first in range(0, len(names), _BESIDE):
            messages = {name: await channel.send(view=layouts[name]) for name in names[first : first + _BESIDE]}
            await page.reload()  # a page that is still connecting when a message is sent may never show it
            for width in sizes:
                sizes[width] |= await _measured(page, messages, width)
            for message in messages.values():
                await message.delete()
        await browser.close()
    await env.shutdown()
    return sizes


async def _measured(page: Any, messages: Mapping[str, discord.Message], width: int) -> dict[str, CardSize]:
    await page.set_viewport_size({"width": width, "height": _HEIGHT})
    await page.wait_for_function("width => window.simcordPreview?.profile.width === width", arg=width)
    sizes = {}
    for name, message in messages.items():
        row = f'[data-message-id="{message.id}"]'
        await page.locator(row).dispatch_event("click")
        await page.locator(f'{row}[aria-current="page"]').wait_for(state="attached")
        sizes[name] = await _measure(page, FOLDER / f"{name}-{width}.png")
    return sizes


async def _measure(page: Any, path: Path) -> CardSize:
    await page.evaluate("async () => { await document.fonts.ready; await new Promise(requestAnimationFrame); }")
    await page.locator(".component-container").screenshot(path=str(path))
    return CardSize(*await page.evaluate(_COUNT))


async def main() -> None:
    """Print the table."""
    FOLDER.mkdir(exist_ok=True)
    layouts = cards()
    wide, narrow = (await draw(layouts)).values()
    heading = ("card", f"{WIDE} px: lines, pixels", f"{NARROW} px: lines, pixels", "bold ends at")
    rows = [heading, ("---",) * len(heading)]
    for name in layouts:
        sizes = (f"{each[name].lines}, {each[name].height}" for each in (wide, narrow))
        rows.append((name, *sizes, f"{narrow[name].bold_ends_at} of {SCREEN}"))
    sys.stdout.write("".join(f"| {' | '.join(row)} |\n" for row in rows))


if __name__ == "__main__":
    asyncio.run(main())
