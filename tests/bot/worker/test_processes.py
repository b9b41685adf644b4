"""Real processes: killed, hanging, busy; and the event loop that never waits for them."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import AnswerTimeoutError, LostError, RebuildFailedError, RebuildRunningError
from bot.types import BuildProgress
from bot.worker.build_process import BuildRunner
from bot.worker.client import AnswerClient, Limits
from bot.worker.process import Child, Listener, ProcessChild, Target, spawn_process
from index import Query, Settings
from tests.bot import processes
from tests.bot.world import until

SETTINGS = Settings(model="fake")
STALL_SECONDS = 0.1


class Probe:
    """Measures the longest time for which the event loop did not turn.

    Where others keep half of the processors busy, a process may wait long for one, and stalls for no fault of its
    own: there the time does not count for which this thread could have run and was not let.
    """

    def __init__(self) -> None:
        self.longest = 0.0

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        gc.collect()
        gc.freeze()  # as the bot does when it starts; a test process holds PyTorch and much else besides
        task = asyncio.ensure_future(self._tick())
        yield
        task.cancel()
        gc.unfreeze()

    async def _tick(self) -> None:
        while True:
            before, waited = time.perf_counter(), _waited()
            await asyncio.sleep(0.002)
            stalled, waiting = time.perf_counter() - before - 0.002, _waited() - waited
            shared = os.getloadavg()[0] > (os.cpu_count() or 1) / 2
            self.longest = max(self.longest, stalled - waiting if shared else stalled)


def _waited() -> float:
    """Return the seconds that this thread has waited for a processor; 0 where the system does not say."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def alive(pid: int | None) -> bool:
    return Path(f"/proc/{pid}").exists()


@asynccontextmanager
async def client(
    target: Target, *, seconds: float = 20.0
) -> AsyncIterator[tuple[AnswerClient, list[ProcessChild]]]:
    children: list[ProcessChild] = []

    def spawn(wanted: Target, settings: Settings, listener: Listener) -> Child:
        child = ProcessChild(wanted, settings, listener)
        children.append(child)
        return child

    answers = AnswerClient(SETTINGS, Limits(64, seconds), spawn=spawn, target=target)
    answers.start()
    yield answers, children
    await answers.close(grace=1)


@pytest.mark.usefixtures("forked")
async def test_a_worker_killed_in_the_middle_of_a_question_is_replaced_and_the_question_answered() -> None:
    async with client(processes.serve) as (answers, children):
        await answers.wait_until_ready()
        question = asyncio.ensure_future(answers.ask(Query("spin for a second")))
        await asyncio.sleep(0.1)
        children[0].kill()

        assert (await question).question == "spin for a second"
        assert len(children) == 2


@pytest.mark.usefixtures("forked")
async def test_a_question_that_crashes_every_worker_is_given_up_and_the_next_is_answered() -> None:
    async with client(processes.serve) as (answers, _):
        await answers.wait_until_ready()
        with pytest.raises(LostError):
            await answers.ask(Query("die"))

        assert (await answers.ask(Query("live"))).question == "live"


@pytest.mark.usefixtures("forked")
async def test_a_timeout_really_ends_the_work() -> None:
    async with client(processes.serve, seconds=0.5) as (answers, children):
        await answers.wait_until_ready()
        with pytest.raises(AnswerTimeoutError):
            await answers.ask(Query("hang"))

        assert (await answers.ask(Query("after"))).question == "after"
        assert not alive(children[0].pid)


@pytest.mark.usefixtures("forked")
async def test_loading_answering_and_rebuilding_never_stall_the_event_loop() -> None:
    probe = Probe()
    heard: list[BuildProgress] = []
    async with probe.watching(), client(processes.slow_start) as (answers, _):
        await answers.wait_until_ready()
        rebuild = asyncio.ensure_future(BuildRunner(SETTINGS, target=processes.build).run(heard.append))
        await asyncio.gather(*(answers.ask(Query(f"question {number}")) for number in range(20)))
        assert (await rebuild).version == "2"

    assert heard
    assert probe.longest < STALL_SECONDS


@pytest.mark.usefixtures("forked")
async def test_two_rebuilds_do_not_run_at_once() -> None:
    rebuilds = BuildRunner(SETTINGS, target=processes.build)
    first = asyncio.ensure_future(rebuilds.run(lambda _: None))
    await asyncio.sleep(0)
    with pytest.raises(RebuildRunningError):
        await rebuilds.run(lambda _: None)

    assert (await first).built


@pytest.mark.usefixtures("forked")
async def test_a_rebuild_whose_process_dies_fails() -> None:
    with pytest.raises(RebuildFailedError):
        await BuildRunner(SETTINGS, target=processes.die).run(lambda _: None)


async def test_the_worker_ends_when_the_bot_is_gone() -> None:
    """The bot is killed without a word; its worker reads the end of the pipe and ends."""
    code = (
        "import asyncio, os, sys\n"
        "from tests.bot.worker import test_processes as t\n"
        "async def main():\n"
        "    async with t.client(t.processes.serve) as (answers, children):\n"
        "        await answers.wait_until_ready()\n"
        "        print(children[0].pid, flush=True)\n"
        "        os._exit(1)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=subprocess.PIPE)
    output, _ = await process.communicate()

    await until(lambda: not alive(int(output)))


def test_the_bots_own_process_never_imports_torch_or_faiss() -> None:
    code = (
        "import sys, bot.client, bot.demo.session, bot.__main__, index\n"
        "index.Store, index.convert_script('漢字', 'zh-Hans')\n"
        "print(sorted({'torch', 'faiss', 'sentence_transformers', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


async def test_the_real_worker_is_spawned_by_default() -> None:
    assert AnswerClient(SETTINGS, Limits(1, 1))._spawn is spawn_process


async def test_a_child_is_started_without_the_token_and_other_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"DISCORD_TOKEN": "MTk4.abc", "discord_token": "MTk4.abc", "CHRONICLE_DRAFT_KEY": "sk-abc"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    heard: list[object] = []
    ProcessChild(processes.tell_environment, SETTINGS, Listener(heard.append, lambda: None))
    assert {name: os.environ[name] for name in secrets} == secrets
    await until(lambda: bool(heard), seconds=60)
    (message,) = heard
    assert isinstance(message, tuple)
    names, started = message
    assert not secrets.keys() & set(names)
    assert not any(value in started for value in secrets.values())


async def test_a_system_without_a_thread_left_is_said_and_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("bot.worker.process.PipeReader.start", refuse)
    with pytest.raises(OSError, match=r"^no child process can be started: can't start new thread$"):
        spawn_process(processes.die, SETTINGS, Listener(lambda _: None, lambda: None))


@pytest.mark.usefixtures("forked")
async def test_a_child_whose_message_cannot_be_read_is_ended_and_that_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As after an upgrade in place: the child has a class that this process has not."""
    ended = asyncio.Event()
    child = ProcessChild(processes.send_what_nobody_knows, SETTINGS, Listener(lambda _: None, ended.set))
    await asyncio.wait_for(ended.wait(), 60)

    assert not alive(child.pid)
    assert "a child's message cannot be read, ending it: ModuleNotFoundError" in caplog.text
