"""The demo in a headless browser: somebody types `/ask` and reads the quote."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.bot.pictures import ARGUMENTS, CHROMIUM, needs_chromium
from tests.conftest import ROOT, environment

pytestmark = [
    pytest.mark.picture,
    pytest.mark.model,
    needs_chromium,
    pytest.mark.timeout(600),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
QUESTION = "Llama 團隊還剩下多少人？"
SECONDS = 120  # for each step, on a busy machine
COMMAND = ".command-chip"  # what the page shows of a command until it is sent


@asynccontextmanager
async def demo(store: Path) -> AsyncIterator[str]:
    """Run `python -m bot demo` and give the address it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo"),
        cwd=ROOT,
        env=environment(CHRONICLE_STORE=str(store)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), timeout=300)).decode()
    found = re.search(r"http://[\w.:]+", line)
    assert found, line
    try:
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), timeout=60) == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(real_store: Path) -> AsyncIterator[str]:
    """Return the address of a demo."""
    async with demo(real_store) as address:
        yield address


@asynccontextmanager
async def page(address: str) -> AsyncIterator[Any]:
    """Open the address in a browser."""
    async_api = pytest.importorskip(
        "playwright.async_api", reason="no playwright: pip install simcord[screenshot]"
    )
    async with async_api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = await browser.new_page(viewport={"width": 1100, "height": 1000})
        opened.set_default_timeout(SECONDS * 1000)
        await opened.goto(address)
        yield opened
        await browser.close()


async def send_command(browser: Any) -> None:
    """Press Enter until the page takes it: it drops what comes while an earlier request of its own is under way."""
    while await browser.locator(COMMAND).count():
        await browser.keyboard.press("Enter")
        await asyncio.sleep(0.5)


async def test_somebody_types_ask_in_the_browser_and_reads_the_quote_in_its_context(address: str) -> None:
    async with page(address) as browser:
        await browser.get_by_text("Llama Chronicle is here").first.wait_for()
        await browser.get_by_role("textbox").click()
        await browser.keyboard.type("/ask")
        await browser.get_by_text("Ask the documents").first.wait_for()
        await browser.keyboard.press("Enter")
        await browser.get_by_text("What you want to know").first.wait_for()
        await browser.keyboard.type(QUESTION)
        await browser.get_by_text(f"OPTIONS MATCHING {QUESTION.upper()}").wait_for()
        await send_command(browser)
        await browser.get_by_text("14位核心作者中").first.wait_for()
        await browser.get_by_role("button", name="前後文").first.click()
        await browser.get_by_text("Only you can see this").first.wait_for()


async def test_a_member_and_an_operator_can_look(address: str) -> None:
    async with page(address) as browser:
        viewers = browser.get_by_role("combobox").first
        await viewers.locator("option").nth(1).wait_for(state="attached")

        assert await viewers.locator("option").all_inner_texts() == ["reader", "operator"]
        async with browser.expect_response(lambda response: "viewer_id" in (response.request.post_data or "")):
            await viewers.select_option("operator")  # the page takes what is typed before for the reader's
        await browser.get_by_role("textbox").click()
        await browser.keyboard.type("/status")
        await browser.get_by_text("How the bot is doing").first.wait_for()
        await browser.keyboard.press("Enter")
        await browser.locator(COMMAND).wait_for()
        await send_command(browser)
        await browser.get_by_text("Answering since").first.wait_for()
        await browser.goto(f"{address}/operators")
        await browser.get_by_text("Everything here is a copy").first.wait_for()
