"""The texts of a version's documents, those read last kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

_MOST_KEPT = 8_000_000  # code points in all, of one to four bytes each


class KeptTexts:
    """Texts by number; the last one read is kept however long it is, so that its slices are cheap."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._kept: OrderedDict[int, str] = OrderedDict()
        self._length = 0
        self._lock = Lock()

    def read(self, number: int) -> str:
        """Return the text of that number. Raises StoreError."""
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number]
            text = self._kept[number] = self._texts[number]
            self._length += len(text)
            while self._length > _MOST_KEPT and len(self._kept) > 1:
                self._length -= len(self._kept.popitem(last=False)[1])
            return text
