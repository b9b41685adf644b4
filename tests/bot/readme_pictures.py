"""The README's pictures: real answers by the real model, drawn by simcord's preview in Chromium.

`python -m tests.bot.readme_pictures` writes them to `tests/bot/readme/`.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import playwright.async_api
from PIL import Image
from simcord.env import Env

from bot.client import ChronicleBot
from bot.container import Services
from bot.settings import BotSettings
from tests.bot.conftest import response
from tests.bot.pictures import launch_system_chromium

FOLDER = Path(__file__).parent / "readme"
DOCUMENTS = Path(__file__).parents[2] / "documents"
QUESTIONS = {
    "answer-zh-hant": "Llama 團隊還剩下多少人？",
    "answer-en": "Why was Behemoth delayed?",
    "declined-zh-hans": "Llama 5 什么时候发布？",
}
NAME = "Llama Chronicle"
WIDTH, HEIGHT = 760, 2400
_COLOURS = 128


async def main() -> None:
    """Build an index, ask each question, and draw the answers."""
    browser: Any = playwright.async_api.BrowserType
    browser.launch = launch_system_chromium(browser.launch)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = BotSettings(
            documents=DOCUMENTS, store=Path(folder) / "store", data=Path(folder) / "data", cooldown_seconds=0.0
        )
        bot = ChronicleBot(Services.from_settings(settings))
        env = Env(bot, settle_timeout=300.0)
        await env.start()
        await bot.services.answers.wait_until_ready()
        assert bot.user is not None
        await bot.user.edit(username=NAME)
        await _draw(env)
        await bot.services.close()
        await env.shutdown()


async def _draw(env: Env) -> None:
    guild = env.create_guild(NAME)
    channel = guild.create_text_channel("ask-the-documents")
    reader = guild.add_member(env.create_user("reader"))
    answers: dict[str, Any] = {
        name: response(await reader.slash(channel, "ask", question=question))
        for name, question in QUESTIONS.items()
    }
    async with env.preview(channel, viewers=[reader], width=WIDTH, height=HEIGHT) as preview:
        for name, answer in answers.items():
            path = FOLDER / f"{name}.png"
            await preview.screenshot(path, target=answer, viewer=reader, allow_incomplete=True)
            with Image.open(path) as picture:
                picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    asyncio.run(main())
