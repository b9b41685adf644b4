"""What is done to the bot, and how often: each fault is followed by questions until one is answered as it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.soak.connection_faults import ConnectionFaults
from tests.soak.document_faults import DocumentFaults
from tests.soak.process_faults import ProcessFaults
from tests.soak.subject import Subject

_TIMES = 20  # that the gateway is dropped and the worker killed, at least


class Faults:
    """The faults that `subject` is to survive."""

    def __init__(self, subject: Subject) -> None:
        self._connections = ConnectionFaults(subject)
        self._processes = ProcessFaults(subject)
        self._documents = DocumentFaults(subject)

    def once(self) -> list[Callable[[], None]]:
        """Return each fault once; afterwards the bot runs as a new process."""
        connections, processes = self._connections, self._processes
        return [
            *self.again(),
            *(connections.rotate_the_token, processes.kill_it, processes.stop_it_while_it_builds),
            connections.fail_each_call_of_a_start,
        ]

    def again(self) -> list[Callable[[], None]]:
        """Return the faults that a bot survives without a restart."""
        connections, processes, documents = self._connections, self._processes, self._documents
        return [
            *(connections.drop_the_gateway, connections.reconnect, connections.end_the_session),
            *(processes.kill_the_worker, processes.kill_the_worker_that_answers, connections.fail_each_call_once),
            *(documents.replace_the_folder, documents.rebuild_under_questions, documents.kill_a_build),
            *(documents.roll_back, documents.build_elsewhere, documents.replace_the_folder),
            *(documents.fill_the_disk, processes.use_up_the_descriptors),
        ]

    def often(self) -> Iterator[Callable[[], None]]:
        """Yield what has to happen many times."""
        for _ in range(_TIMES - 1):
            yield self._connections.drop_the_gateway
            yield self._processes.kill_the_worker
