"""The bot's services, created once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bot.services.ask import AskMemory, AskService, QuestionPrivacy
from bot.services.conversation import Conversation
from bot.services.cooldown import Cooldown
from bot.services.documents import DocumentLibrary
from bot.services.metrics import Metrics
from bot.services.records.gaps import GapFinder
from bot.services.records.query_log import QueryLog
from bot.services.versions.index_versions import IndexVersions
from bot.settings import BotSettings
from bot.worker.build_process import BuildRunner
from bot.worker.client import AnswerClient, Limits
from bot.worker.grouping import QuestionGrouper
from bot.worker.process import Spawn, spawn_process

# Long enough for an answer in flight; a container is killed ten seconds after it is asked to stop.
_GRACE_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Services:
    """Everything below commands and components."""

    settings: BotSettings
    answers: AnswerClient
    ask_service: AskService
    query_log: QueryLog
    gaps: GapFinder
    versions: IndexVersions
    documents: DocumentLibrary
    conversation: Conversation
    metrics: Metrics

    @classmethod
    def from_settings(cls, settings: BotSettings, *, spawn: Spawn = spawn_process) -> Self:
        """Create every service without starting any."""
        library_settings = settings.library()
        limits = Limits(queue=settings.queue_limit, seconds=settings.answer_timeout_seconds)
        answers = AnswerClient(library_settings, limits, spawn=spawn)
        documents = DocumentLibrary(settings.store, lambda: answers.version)
        answers.add_version_listener(documents.preload)
        query_log = QueryLog(settings.data, retention=timedelta(days=settings.retention_days))
        conversation = Conversation()
        builds = BuildRunner(library_settings, spawn=spawn)
        services = cls(
            settings=settings,
            answers=answers,
            ask_service=AskService(
                answers,
                documents,
                query_log,
                memory=AskMemory(conversation, Cooldown(settings.cooldown_seconds)),
                privacy=QuestionPrivacy(settings.log_questions, settings.keep_questions),
            ),
            query_log=query_log,
            gaps=GapFinder(query_log, QuestionGrouper(library_settings, spawn=spawn)),
            versions=IndexVersions(builds, answers, store=settings.store),
            documents=documents,
            conversation=conversation,
            metrics=Metrics(answers),
        )
        services.ask_service.add_observer(services.metrics)
        return services

    async def close(self) -> None:
        """Refuse new questions, finish those in flight, and end the worker."""
        await self.versions.close()
        await self.answers.close(grace=_GRACE_SECONDS)
        await self.ask_service.finish(grace=_GRACE_SECONDS)
        await self.query_log.close()
