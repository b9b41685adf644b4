"""A real store whose versions hold a manifest alone, and processes that open and build them in no time."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import index
from bot.worker import main as worker
from bot.worker.process import Child, Listener, Target
from bot.worker.protocol import AskBatch, BatchAnswered, Built, Failed, Ready, Reload
from index import BuildReason, BuildReport, Settings, StoreError
from index.store.manifest import FORMAT, Manifest, Rules, verify_checksums
from index.store.version_names import new_version_name
from tests.bot.virtual_time import ScriptedChild, answer_to

_VALUES: dict[str, Any] = {each.name: "1" for each in fields(Rules)} | {"format": FORMAT}
_RULES = Rules(**_VALUES)


def publish(store: Path, *, after: str = "") -> str:
    """Build a version and make it current, as a build does; `after`: the clock's time, if it is ahead."""
    versions = index.Store(store)
    with versions.write_lock():
        name = new_version_name([*versions.versions(), after])
        with versions.staged(name) as folder:
            versions.publish(folder, Manifest(name, "", "", _RULES, {}, {}, 1, {}))
            versions.switch(name)
        versions.prune(5)
    return name


def damage(store: Path, version: str) -> None:
    """Spoil a version, as a disk does."""
    (store / "versions" / version / "manifest.json").write_bytes(b"{}")


@dataclass
class Processes:
    """Spawns workers and builders; `work` lets them do all that they can.

    crashing, hanging: the versions that end, or silence, whoever opens them. build_fails: the next builder dies.
    """

    store: Path
    crashing: set[str] = field(default_factory=set)
    hanging: set[str] = field(default_factory=set)
    is_exhausted: bool = False
    build_fails: bool = False
    workers: list[_Worker] = field(default_factory=list)
    builders: list[ScriptedChild] = field(default_factory=list)

    def spawn(self, target: Target, _settings: Settings, listener: Listener) -> Child:
        if self.is_exhausted:
            raise OSError(11, "Resource temporarily unavailable")
        if target is worker.build:
            self.builders.append(ScriptedChild(listener))
            return self.builders[-1]
        self.workers.append(_Worker(listener))
        return self.workers[-1]

    def work(self) -> None:
        """Answer, on the event loop, what each process was sent."""
        for builder in self.builders:
            if builder.is_alive:
                self._build(builder)
        for each in self.workers:
            if each.is_alive:
                self._serve(each)

    def _build(self, builder: ScriptedChild) -> None:
        if self.build_fails:
            self.build_fails = False
        else:
            report = BuildReport(publish(self.store), True, (), (), 1, 1, 1, (BuildReason.DOCUMENTS_CHANGED,), 1.0)
            builder.say(Built(report))
        builder.kill()

    def _serve(self, child: _Worker) -> None:
        if child.version is None:
            self._start(child)
        sent, child.sent = child.sent, []
        for message in sent:
            match message:
                case Reload(number=number):
                    self._reload(child, number)
                case AskBatch() if child.version is not None:
                    answers = [answer_to(query.text, child.version) for query in message.queries]
                    child.say(BatchAnswered(tuple(answers)))
                case None:
                    child.kill()

    def _start(self, child: _Worker) -> None:
        store = index.Store(self.store)
        try:
            child.version = self._opened(child, store.current() or publish(self.store))
            is_fallback = False
        except StoreError:
            whole = [name for name in store.fallbacks() if self.is_whole(name)]
            if not whole:
                child.say(Failed("nothing whole"))
                child.kill()
                return
            child.version, is_fallback = self._opened(child, whole[0]), True
            if child.version is not None:
                store.fall_back(whole[0])
        if child.version is not None:
            child.say(Ready(child.version, is_fallback=is_fallback))

    def _reload(self, child: _Worker, number: int) -> None:
        try:
            opened = self._opened(child, index.Store(self.store).current() or "")
        except StoreError as error:
            child.say(Failed(str(error), reload=number))
            return
        if opened is not None:
            child.version = opened
            child.say(Ready(opened, reload=number))

    def _opened(self, child: _Worker, version: str) -> str | None:
        """Return the version if it can be opened; None if that ends or silences the process. Raises StoreError."""
        if version in self.crashing:
            child.kill()
            return None
        if version in self.hanging:
            return None
        verify_checksums(index.Store(self.store).path(version))
        return version

    def is_whole(self, version: str) -> bool:
        try:
            verify_checksums(index.Store(self.store).path(version))
        except StoreError:
            return False
        return True


@dataclass
class _Worker(ScriptedChild):
    """A worker, and the version from which it answers."""

    version: str | None = None
