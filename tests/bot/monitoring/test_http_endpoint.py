"""The health and the metrics of a running bot."""

from __future__ import annotations

import logging

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.monitoring.http_endpoint import Health, MonitoringServer
from bot.services.metrics import Metrics
from index import SettingsError
from tests.bot.conftest import Running, Stage
from tests.bot.world import World

QUESTION = "Llama 團隊還剩下多少人？"


def samples(stage: Stage) -> dict[tuple[str, str], float]:
    """Return the metrics by name and label."""
    found: dict[tuple[str, str], float] = {}
    for family in stage.bot.services.metrics.registry.collect():
        for sample in family.samples:
            label = (
                sample.labels.get("outcome") or sample.labels.get("stage") or sample.labels.get("version") or ""
            )
            found[sample.name, label] = sample.value
    return found


async def test_answers_are_counted_by_outcome_and_timed_by_stage(stage: Stage) -> None:
    for question in (QUESTION, "Perhaps?", "What is the weather?", QUESTION):
        await stage.alice.slash(stage.channel, "ask", question=question)

    found = samples(stage)
    counted = {label: value for (name, label), value in found.items() if name == "chronicle_questions_total"}
    assert counted == {"answered": 2, "unsure": 1, "declined": 1}
    for stage_name in ("acknowledge", "wait", "search", "show", "total"):
        assert found["chronicle_stage_seconds_count", stage_name] == 4
    assert found["chronicle_stage_seconds_sum", "search"] == pytest.approx(4 * 0.012)


async def test_refusals_are_counted_by_their_reason(running: Running) -> None:
    async with running(cooldown_seconds=30.0) as stage:
        await stage.alice.slash(stage.channel, "ask", question=QUESTION)
        await stage.alice.slash(stage.channel, "ask", question=QUESTION)
        await stage.bob.slash(stage.channel, "ask", question="unusable")

        found = samples(stage)
        assert found["chronicle_questions_total", "cooldown"] == 1
        assert found["chronicle_questions_total", "question"] == 1


async def test_the_queue_the_worker_and_its_restarts_are_shown(stage: Stage) -> None:
    assert samples(stage)["chronicle_queue_length", ""] == 0
    assert samples(stage)["chronicle_worker_ready", ""] == 1
    assert samples(stage)["chronicle_worker_restarts_total", ""] == 0
    assert samples(stage)["chronicle_index_info", "1"] == 1

    await stage.alice.slash(stage.channel, "ask", question="poison")
    assert samples(stage)["chronicle_worker_restarts_total", ""] >= 1


async def test_nothing_is_served_unless_it_is_asked_for(stage: Stage) -> None:
    assert stage.bot._monitoring._runner is None


async def test_metrics_and_health_are_served(stage: Stage) -> None:
    server = stage.bot._monitoring
    port = await server.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        async with client.get("/metrics") as answer:
            assert answer.status == 200
            text = await answer.text()
        async with client.get("/health") as answer:
            health = await answer.json()
            assert answer.status == 200
        async with client.post("/metrics") as answer:
            assert answer.status == 405
    assert {family.name for family in text_string_to_metric_families(text)} == {
        "chronicle_questions",
        "chronicle_stage_seconds",
        "chronicle_queue_length",
        "chronicle_worker_ready",
        "chronicle_worker_restarts",
        "chronicle_index_info",
        "chronicle_shard_connected",
    }
    assert health == {"discord": True, "worker": True, "version": "1"}


async def test_while_the_worker_starts_the_bot_is_not_well(running: Running, world: World) -> None:
    world.hold_start.clear()
    async with running(wait=False, metrics="127.0.0.1:0") as stage:
        runner = stage.bot._monitoring._runner
        assert runner is not None
        host, port = runner.addresses[0]
        async with aiohttp.ClientSession() as client, client.get(f"http://{host}:{port}/health") as answer:
            assert answer.status == 503
        world.hold_start.set()


async def test_an_address_that_is_taken_names_the_setting(stage: Stage) -> None:
    metrics = Metrics(stage.bot.services.answers)
    first, second = (
        MonitoringServer(lambda: Health(discord=True, worker=True, version=""), metrics) for _ in "12"
    )
    port = await first.start("127.0.0.1", 0)
    with pytest.raises(SettingsError, match=f"CHRONICLE_METRICS: 127.0.0.1:{port}"):
        await second.start("127.0.0.1", port)
    await first.close()
    await second.close()


async def test_an_address_that_others_reach_is_a_warning(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    server = stage.bot._monitoring
    with caplog.at_level(logging.WARNING):
        await server.start("0.0.0.0", 0)  # noqa: S104 -- as a container has it

    assert "can read them" in caplog.text
