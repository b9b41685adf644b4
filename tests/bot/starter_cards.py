"""The cards of the starter questions in Chromium: `python -m tests.bot.starter_cards` draws them and counts their lines.

The answers are the recorded ones of `starter_answers.json`. The table gives lines of text and pixels at both widths; the
pictures go to `pictures/`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import playwright.async_api
from discord.ext import commands
from simcord.env import Env

from tests.bot.pictures import ARGUMENTS, CHROMIUM
from tests.bot.starter_answers import StarterAnswer, starter_answers
from tests.bot.test_glance import card

FOLDER = Path(__file__).parents[2] / "pictures"
# A window, and a telephone; and the pixels that the telephone shows of a channel: of 844, less the header.
WIDE, NARROW, SCREEN = 760, 390, 760
# The boxes of the text, top to bottom, those side by side counted once; and where the answer ends.
_COUNT = """() => {
  const message = document.querySelector('.component-container');
  const boxes = [];
  const texts = document.createTreeWalker(message, NodeFilter.SHOW_TEXT);
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
  const bold = [...message.querySelectorAll('strong')].map(each => each.getBoundingClientRect().bottom);
  const top = message.getBoundingClientRect().top;
  return [lines, Math.round(message.getBoundingClientRect().height), Math.round(Math.max(0, ...bold) - top)];
}"""


@dataclass(frozen=True, slots=True)
class CardSize:
    """The lines of text of a card, its pixels, and the pixels from its top to the end of what is bold."""

    lines: int
    height: int
    bold_ends_at: int


async def measure(cards: Sequence[StarterAnswer], *, width: int) -> list[CardSize]:
    """Return the sizes of the cards in a window of `width` pixels, and draw them."""
    bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())
    env = Env(bot, settle_timeout=60.0)
    await env.start()
    guild = env.create_guild("Llama Chronicle")
    place = guild.create_text_channel("ask-the-documents")
    reader = guild.add_member(env.create_user("reader"))
    channel = bot.get_channel(place.id)
    assert isinstance(channel, discord.TextChannel)
    sizes = []
    async with (
        playwright.async_api.async_playwright() as browsers,
        env.preview(place, viewers=[reader], width=width, height=2400, layout="message") as preview,
    ):
        browser = await browsers.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": width, "height": 844})
        messages = [await channel.send(view=card(given)) for given in cards]
        await page.goto(preview.url)
        for number, (given, message) in enumerate(zip(cards, messages, strict=True)):
            await page.locator(f'[data-message-id="{message.id}"]').dispatch_event("click")
            path = FOLDER / f"starter-{given.language}-{number % 6}-{width}.png"
            sizes.append(await _measure(page, given.answer.question, path))
        await browser.close()
    await env.shutdown()
    return sizes


async def _measure(page: Any, question: str, path: Path) -> CardSize:
    message = page.locator(".component-container").filter(has_text=question)
    await message.wait_for()
    await page.evaluate("() => document.fonts.ready")
    await message.screenshot(path=str(path))
    return CardSize(*await page.evaluate(_COUNT))


async def main() -> None:
    """Print the table."""
    FOLDER.mkdir(exist_ok=True)
    cards = starter_answers()
    wide, narrow = [await measure(cards, width=width) for width in (WIDE, NARROW)]
    heading = ("question", f"{WIDE} px: lines, pixels", f"{NARROW} px: lines, pixels", "the answer ends at")
    rows = [heading, ("---",) * len(heading)]
    for given, one, other in zip(cards, wide, narrow, strict=True):
        sizes = (f"{size.lines}, {size.height}" for size in (one, other))
        rows.append((given.answer.question, *sizes, f"{other.bold_ends_at} of {SCREEN}"))
    sys.stdout.write("".join(f"| {' | '.join(row)} |\n" for row in rows))


if __name__ == "__main__":
    asyncio.run(main())
