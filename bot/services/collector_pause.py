"""Pausing the garbage collector while large immutable values are created."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class CollectorPause:
    """Disables collections while any thread is inside, and exempts from later ones what was created there.

    A full collection visits every object and holds the interpreter lock: with the blocks and pages of a document of
    10⁶ lines it stalled the event loop for seconds. These values hold no reference cycles, so nothing is leaked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads = 0

    @contextmanager
    def active(self) -> Iterator[None]:
        """Pause the collector."""
        with self._lock:
            self._threads += 1
            gc.disable()
        try:
            yield
        finally:
            with self._lock:
                self._threads -= 1
                gc.freeze()
                if self._threads == 0:
                    gc.enable()
