"""Records answers for ever and sends how many are written: a process for a test to kill."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from bot.services.records.query_log import QueryLog
from tests.bot.services.records.samples import ALICE, DECLINED


def run(connection: Connection, folder: Path) -> None:
    """Record in `folder` until the process is killed."""
    asyncio.run(_record(connection, folder))


async def _record(connection: Connection, folder: Path) -> None:
    query_log = QueryLog(folder)
    query_log.start()
    written = 0
    while True:
        for _ in range(7):
            await query_log.add(replace(DECLINED, question=f"question {written} " * 40, asker=ALICE))
        written = (await query_log.statistics()).today
        connection.send(written)
