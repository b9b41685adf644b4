"""Records answers for ever and prints how many are written: a process for a test to kill."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from bot.services.records.query_log import QueryLog
from tests.bot.services.records.samples import ALICE, DECLINED


async def record(folder: Path) -> None:
    query_log = QueryLog(folder)
    query_log.start()
    written = 0
    while True:
        for _ in range(7):
            await query_log.add(replace(DECLINED, question=f"question {written} " * 40, asker=ALICE))
        written = (await query_log.statistics()).today
        sys.stdout.write(f"{written}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(record(Path(sys.argv[1])))
