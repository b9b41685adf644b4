"""What Prometheus is told: questions by outcome, latencies by stage, the queue, the worker and the index version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.worker.client import AnswerClient
from index import Answer

# Seconds: a warm answer takes 0.03, a queue or a first start takes minutes.
_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class StageSeconds:
    """How long the stages of one answer took: until Discord had the acknowledgement, the search, and all until shown.

    wait: for the worker to take the question and to send the answer, the search apart.
    """

    acknowledge: float
    wait: float
    search: float
    show: float
    total: float


class Metrics:
    """Counts in a registry of its own, without anything that people wrote."""

    def __init__(self, answers: AnswerClient) -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "chronicle_questions",
            "Questions by outcome: answered, unsure, declined, or the reason for which there was no answer.",
            ["outcome"],
            registry=self.registry,
        )
        self._stages = Histogram(
            "chronicle_stage_seconds",
            "How long the stages of an answer took.",
            ["stage"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.registry.register(_WorkerCollector(answers))

    def watch_shards(self, connected: Callable[[], Mapping[int, bool]]) -> None:
        """Show which of the connections to Discord stand, by the numbers of their shards."""
        self.registry.register(_ShardCollector(connected))

    def note_answer(self, answer: Answer, seconds: StageSeconds) -> None:
        """Count an answer that was shown."""
        self._questions.labels(answer.outcome.value).inc()
        for stage, value in asdict(seconds).items():
            self._stages.labels(stage).observe(max(0.0, value))

    def note_refusal(self, error: Exception) -> None:
        """Count a question to which there is no answer, by the name of its error."""
        self._questions.labels(_label(error)).inc()


class _WorkerCollector(Collector):
    """Reads the state of the worker at each request."""

    def __init__(self, answers: AnswerClient) -> None:
        self._answers = answers

    def collect(self) -> Iterator[Metric]:
        """Yield the length of the queue, whether the worker is ready, its restarts, and the version that answers."""
        answers = self._answers
        queue, ready = float(answers.queue_length), float(answers.ready)
        yield GaugeMetricFamily("chronicle_queue_length", "Questions that wait or are being searched.", queue)
        yield GaugeMetricFamily("chronicle_worker_ready", "Whether a question would be answered at once.", ready)
        restarts = float(max(0, answers.starts - 1))
        yield CounterMetricFamily("chronicle_worker_restarts", "Starts of the worker after its first.", restarts)
        version = {"version": answers.version or ""}
        yield InfoMetricFamily("chronicle_index", "The version of the index that answers.", version)


class _ShardCollector(Collector):
    """Reads the state of the connections to Discord at each request."""

    def __init__(self, connected: Callable[[], Mapping[int, bool]]) -> None:
        self._connected = connected

    def collect(self) -> Iterator[Metric]:
        """Yield whether each shard is connected."""
        text = "Whether the connection of a shard to Discord stands."
        family = GaugeMetricFamily("chronicle_shard_connected", text, labels=["shard"])
        for number, is_connected in self._connected().items():
            family.add_metric([str(number)], float(is_connected))
        yield family


def _label(error: Exception) -> str:
    """Return `BusyError` as `busy`, and so on."""
    words = re.findall(r"[A-Z][a-z]*", type(error).__name__.removesuffix("Error"))
    return "_".join(word.lower() for word in words)
