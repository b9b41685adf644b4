"""What an answer costs beside the encoder, in process time: `python -m tests.bench.beside FOLDER [PASSAGES]`.

FOLDER has the `store` of the given documents, whose development questions are asked with the bundled model. With
PASSAGES, so many are generated there and asked for their own words, with an encoder that costs almost nothing.
Prints the median in milliseconds: other processes on the machine do not count, as far as they leave the caches alone.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from index import LANGUAGES
from index.answering.engine import Index
from index.encoding.encoder import load_encoder
from index.indexing.builder import build_store
from index.types import Encoder
from tests.bench.service import QUESTIONS
from tests.bench_rebuild import PARAGRAPHS, CheapEncoder, TimedEncoder
from tests.index.generated import write_documents

_ASKED = 60
_WARM_UP = 5
_WORDS = 12  # code points of a generated paragraph that are asked for, each a token
_TOP = 10  # as the bot asks


def main() -> None:
    """Ask and print."""
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        encoder = TimedEncoder(CheapEncoder(), time.process_time)
        store = _generated(folder / sys.argv[2], int(sys.argv[2]), encoder)
        index = Index.open(store, encoder)
        questions = _own_words(index)
    else:
        encoder = TimedEncoder(load_encoder("bundled"), time.process_time)
        index = Index.open(folder / "store", encoder)
        questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()][:_ASKED]
    sys.stdout.write(f"{1000 * _seconds(index, encoder, questions)}\n")


def _generated(folder: Path, passages: int, encoder: Encoder) -> Path:
    """Return the store of so many generated passages."""
    write_documents(folder / "documents", round(passages * PARAGRAPHS))
    build_store(folder / "documents", folder / "store", encoder)
    return folder / "store"


def _own_words(index: Index) -> list[str]:
    """Return the first words of passages here and there."""
    documents = index.library.documents
    blocks = [(each, block) for each in documents for block in each.blocks]
    step = max(1, len(blocks) // _ASKED)
    return [document.slice(block.span)[:_WORDS] for document, block in blocks[::step]][:_ASKED]


def _seconds(index: Index, encoder: TimedEncoder, questions: Sequence[str]) -> float:
    """Return the median of what is not spent in the encoder."""
    taken = []
    for question in [*questions[:_WARM_UP], *questions]:
        before, started = encoder.seconds, time.process_time()
        index.ask(question, top=_TOP, language=LANGUAGES[0])
        taken.append(time.process_time() - started - (encoder.seconds - before))
    return statistics.median(taken[_WARM_UP:])


if __name__ == "__main__":
    main()
