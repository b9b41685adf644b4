"""What the bot's parts share, made once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.answers import Answers, Limits
from bot.asking import Asking, Discretion
from bot.child import Spawn, spawn_process
from bot.cooldown import Cooldown
from bot.feedback import Feedback
from bot.protocol import Setup
from bot.rebuilds import Rebuilds
from bot.settings import BotSettings
from bot.shelf import Shelf
from bot.versions import Versions

# Long enough for an answer in flight; a container's stop kills after ten seconds.
_GRACE_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Services:
    """The parts below Discord."""

    settings: BotSettings
    answers: Answers
    asking: Asking
    feedback: Feedback
    versions: Versions
    shelf: Shelf

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
        answers = Answers(setup, limits, spawn=spawn)
        feedback = Feedback(settings.data)
        discretion = Discretion(settings.log_questions, settings.keep_questions)
        cooldown = Cooldown(settings.cooldown_seconds)
        rebuilds = Rebuilds(setup, spawn=spawn)
        versions = Versions(rebuilds, answers, store=settings.store, data=settings.data)
        answers.mend = versions.mend
        return cls(
            settings=settings,
            answers=answers,
            asking=Asking(answers, feedback, cooldown=cooldown, discretion=discretion),
            feedback=feedback,
            versions=versions,
            shelf=Shelf(settings.store, lambda: answers.version),
        )

    async def close(self) -> None:
        """Take no more questions, finish what is in flight, end the worker."""
        await self.versions.close()
        await self.answers.close(grace=_GRACE_SECONDS)
        await self.asking.finish(grace=_GRACE_SECONDS)
        await self.feedback.close()
