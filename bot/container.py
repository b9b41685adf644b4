"""What the bot's parts share, made once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.services.ask import AskService, Discretion
from bot.services.cooldown import Cooldown
from bot.services.documents import DocumentLibrary
from bot.services.index_versions import IndexVersions
from bot.services.query_log import QueryLog
from bot.settings import BotSettings
from bot.worker.build_process import BuildRunner
from bot.worker.client import AnswerClient, Limits
from bot.worker.process import Spawn, spawn_process
from bot.worker.protocol import Setup

# Long enough for an answer in flight; a container's stop kills after ten seconds.
_GRACE_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Services:
    """The parts below Discord."""

    settings: BotSettings
    answers: AnswerClient
    asking: AskService
    query_log: QueryLog
    versions: IndexVersions
    documents: DocumentLibrary

    @classmethod
    def from_settings(cls, settings: BotSettings, *, spawn: Spawn = spawn_process) -> Self:
        """Make every part; nothing starts yet."""
        setup = Setup(
            documents=settings.documents,
            store=settings.store,
            model=settings.model,
            threads=settings.threads,
            keep=settings.keep_versions,
            threshold=settings.threshold,
        )
        limits = Limits(queue=settings.queue_limit, seconds=settings.answer_timeout_seconds)
        answers = AnswerClient(setup, limits, spawn=spawn)
        query_log = QueryLog(settings.data)
        discretion = Discretion(settings.log_questions, settings.keep_questions)
        cooldown = Cooldown(settings.cooldown_seconds)
        rebuilds = BuildRunner(setup, spawn=spawn)
        versions = IndexVersions(rebuilds, answers, store=settings.store, data=settings.data)
        answers.mend = versions.mend
        return cls(
            settings=settings,
            answers=answers,
            asking=AskService(answers, query_log, cooldown=cooldown, discretion=discretion),
            query_log=query_log,
            versions=versions,
            documents=DocumentLibrary(settings.store, lambda: answers.version),
        )

    async def close(self) -> None:
        """Take no more questions, finish what is in flight, end the worker."""
        await self.versions.close()
        await self.answers.close(grace=_GRACE_SECONDS)
        await self.asking.finish(grace=_GRACE_SECONDS)
        await self.query_log.close()
