"""A small world for the tests: documents, an index that answers from them, a worker in a thread."""

from __future__ import annotations

import asyncio
import hashlib
import re
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from bot.types import BuildProgress
from bot.worker import main as worker
from bot.worker.index_opener import OpenedIndex
from bot.worker.process import Child, Listener, PipeReader, Target
from bot.worker.protocol import Built, Failed
from bot.worker.server import serve
from index import (
    Answer,
    Block,
    BuildReason,
    BuildReport,
    BuildStage,
    Change,
    Document,
    Library,
    Outcome,
    Query,
    QuestionError,
    Quote,
    Reference,
    Settings,
    Span,
    StoreError,
    StoreInfo,
    quote_at,
)
from index.answering.quoting.reading_aids import add_reading_aids
from index.corpus.corpus import Corpus
from tests.fakes import FakeEncoder

TRADITIONAL_TEXT = """# 興衰史

#### 1. 嚴重人才流失
Meta最初的Llama團隊已嚴重縮編。14位核心作者中，截至2025年中僅剩3人留任。其餘11人相繼離職。

#### 2. 開發障礙
FAIR在運算資源分配中失去優先權。Behemoth因未達預期而擱置。

#### 3. 參考
結尾的一段。
"""
SIMPLIFIED_TEXT = """Llama团队只剩3个
14名核心成员中有11人出走。如今只剩下3个留守职工。
@everyone **注意** [链接](https://evil.example) <@123> `码` ||暗|| # 标题
> 引用 <t:1700000000> :smile: discord.gg/abc \u202e倒
最后一行。
"""


def document(name: str, title: str, language: str, text: str, references: tuple[Reference, ...] = ()) -> Document:
    """Return a document whose blocks are its lines that are no headings."""
    paragraphs: list[Block] = []
    headings: tuple[str, ...] = ()
    for match in re.finditer(r"[^\n]+", text):
        if match[0].startswith("#") and name.endswith(".md"):
            headings = (match[0].lstrip("# "),)
        else:
            paragraphs.append(Block(Span(match.start(), match.end()), headings))
    return Document(
        name=name,
        title=title,
        language=language,  # type: ignore[arg-type]
        source=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        blocks=tuple(paragraphs),
        provenance={"zh-Hant": "機器撰寫的筆記", "zh-Hans": "机器撰写的笔记", "en": "machine-written note"},
        references=references,
    )


def library(extra: str = "") -> Library:
    """Return the two documents; `extra` changes the first."""
    references = (
        Reference("Meta’s Llama Troubles", "https://example.org/troubles"),
        Reference("Slow [death]", "https://example.org/a_(b)"),
    )
    return Library(
        documents=(
            document("rise.md", "Meta的Llama興衰史", "zh-Hant", TRADITIONAL_TEXT + extra, references),
            document("exodus.txt", "Llama团队只剩3个", "zh-Hans", SIMPLIFIED_TEXT),
        ),
        starters={
            "zh-Hant": ("Llama 團隊還剩下多少人？", "Behemoth 為什麼延期？"),
            "zh-Hans": ("Llama 团队还剩下多少人？",),
            "en": ("How many are left?", "Why was Behemoth delayed?"),
        },
    )


def quotes_of(documents: Library) -> tuple[Quote, ...]:
    """Quote every paragraph; its first sentence answers; the first is said in both documents."""
    quotes: list[Quote] = []
    for source in documents.documents:
        for paragraph in source.blocks:
            text = source.slice(paragraph.span)
            end = paragraph.span.start + (text.find("。") + 1 or len(text))
            quote = quote_at(source, paragraph.span, highlights=(Span(paragraph.span.start, end),))
            quotes.append(quote)
    also = tuple(quote for quote in quotes if quote.document == "exodus.txt")[:1]
    return (replace(quotes[0], also=also), *quotes[1:])


class Killed(BaseException):
    """Ends the worker's thread as a kill ends a process."""


@dataclass
class World:
    """What the fake worker answers from; tests change it to rebuild, to break and to slow it down."""

    version: str = "1"
    library: Library = field(default_factory=library)
    corpus: Corpus | None = None  # with it, quotes have the reading aids of its annotations
    quotes: tuple[Quote, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)  # by question, in place of one made of `quotes`
    store_broken: bool = False
    asked: list[tuple[str, ...]] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    starts: int = 0
    hold_start: threading.Event = field(default_factory=threading.Event)
    hold_answer: threading.Event = field(default_factory=threading.Event)
    killed: threading.Event = field(default_factory=threading.Event)
    children: list[Child] = field(default_factory=list)
    build_result: BuildReport | Failed | None = None
    build_hold: threading.Event = field(default_factory=threading.Event)
    versions: tuple[str, ...] = ("1",)
    rolled_back: bool = False
    is_followed: bool = False  # the worker asks for the current version by itself
    opens_fallback: bool = False
    unopenable: bool = False

    def __post_init__(self) -> None:
        self.hold_start.set()
        self.hold_answer.set()
        self.build_hold.set()

    def rebuild(self) -> None:
        """Change the first document, as a build of a changed folder would."""
        self.version = str(int(self.versions[0]) + 1)
        self.rolled_back = False
        self.versions = (self.version, *self.versions)
        self.library = library(extra="新增的一段。\n")

    def report(self) -> BuildReport:
        """Report the rebuild."""
        return BuildReport(
            version=self.version,
            built=True,
            changes=(Change("rise.md", "changed", 5, 4),),
            skipped=(),
            documents=2,
            passages=9,
            encoded=5,
            reasons=(BuildReason.DOCUMENTS_CHANGED,),
            seconds=1.5,
        )

    def spawn(self, target: Target, settings: Settings, listener: Listener) -> Child:
        """Start a thread that runs the worker's real loop in place of a process."""
        child = ThreadChild(self, target, listener)
        self.children.append(child)
        return child


class FakeStore:
    """The world's documents and versions in place of an `index.Store`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def info(self) -> StoreInfo:
        world = self._world
        if world.store_broken:
            raise StoreError("/secret/store: no CURRENT, run build")
        return StoreInfo(
            version=world.version,
            built_at="2026-01-01T00:00:00+00:00",
            model="fake",
            documents_folder="documents",
            documents={document.name: document.sha256 for document in world.library.documents},
            passages=9,
            versions=world.versions,
        )

    def versions(self) -> tuple[str, ...]:
        return self._world.versions

    def current(self) -> str:
        return self._world.version

    def fallbacks(self) -> tuple[str, ...]:
        return tuple(name for name in self._world.versions if name < self._world.version)

    def is_rolled_back(self) -> bool:
        return self._world.rolled_back

    def withdrawn(self) -> frozenset[str]:
        return frozenset()

    def rollback(self, version: str | None = None, *, withdrawn: Collection[str] | None = None) -> str:
        world = self._world
        world.version = version or next(name for name in world.versions if name < world.version)
        world.rolled_back = world.version != world.versions[0]
        return world.version

    def library(self, _version: str | None = None) -> Library:
        self.info()
        return self._world.library


class FakeIndex:
    """Answers from the world's documents; some words in a question make it misbehave."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.version = world.version
        self._quotes = world.quotes or quotes_of(world.library)

    def ask_many(self, queries: Sequence[Query], *, top: int, document: str | None) -> list[Answer]:
        self._world.asked.append(tuple(query.text for query in queries))
        self._world.queries += queries
        self._world.hold_answer.wait(30)
        return [self._answer(query, top=top, document=document) for query in queries]

    def _answer(self, query: Query, *, top: int, document: str | None) -> Answer:
        question = query.text
        if "stuck" in question:
            self._world.killed.wait(30)
            raise Killed
        if "poison" in question:
            raise Killed
        if question in self._world.answers:
            return self._world.answers[question]
        if "unusable" in question:
            raise QuestionError("the question is no text")
        quotes = tuple(quote for quote in self._quotes if document in (None, quote.document))[:top]
        outcome = _outcome(question)
        answered = outcome is Outcome.ANSWERED
        if self._world.corpus is not None and query.language is not None:
            quotes = add_reading_aids(quotes, self._world.corpus, language=query.language, answered=answered)
        return Answer(
            question=question,
            outcome=outcome,
            confidence=0.9 if answered else 0.1,
            quotes=quotes if answered else (),
            nearest=() if answered else tuple(replace(quote, also=()) for quote in quotes[:2]),
            elapsed_ms=12.0,
            version=self.version,
            searched_for=_completed(query),
        )


def _completed(query: Query) -> str | None:
    """Return a question with the one before it, if it begins as one that follows up."""
    follows_up = query.text.lower().startswith(("and", "who else", "那"))
    return f"{query.previous} {query.text}" if query.previous and follows_up else None


def _outcome(question: str) -> Outcome:
    if "weather" in question or "天氣" in question or "天气" in question:
        return Outcome.DECLINED
    return (
        Outcome.UNSURE if "Perhaps" in question or "也許" in question or "也许" in question else Outcome.ANSWERED
    )


class FakeOpener:
    """Opens the world in place of a store."""

    def __init__(self, world: World) -> None:
        self._world = world

    def current(self) -> str | None:
        return self._world.version if self._world.is_followed else None

    def __call__(self, *, recover: bool) -> OpenedIndex:
        world = self._world
        world.hold_start.wait(30)
        world.starts += recover
        if world.store_broken:
            raise StoreError("/secret/store: damaged")
        if world.unopenable and not recover:
            raise StoreError("/secret/store: another model")
        is_fallback, world.opens_fallback = world.opens_fallback, False
        return OpenedIndex(FakeIndex(world), is_fallback=is_fallback)


class ThreadChild:
    """A child that is a thread: fast to start, and killed by asking it to end."""

    pid: int | None = None

    def __init__(self, world: World, target: Target, listener: Listener) -> None:
        self._world = world
        self._killed = False
        self._ours, theirs = Pipe()
        world.killed.clear()
        work = self._build if target == worker.build else self._group if target == worker.group else self._serve
        PipeReader(self._ours, listener, join=lambda: None).start()
        threading.Thread(target=self._live, args=(work, theirs), daemon=True).start()

    def send(self, message: object) -> None:
        with suppress(OSError):
            self._ours.send(message)

    def kill(self) -> None:
        self._world.killed.set()
        self._world.hold_start.set()
        self._world.hold_answer.set()
        self._killed = True
        self._world.build_hold.set()
        self.send(None)

    def _live(self, work: object, theirs: Connection) -> None:
        with theirs, suppress(Killed, OSError):
            work(theirs)  # type: ignore[operator]

    def _serve(self, theirs: Connection) -> None:
        serve(theirs, FakeOpener(self._world))

    def _group(self, theirs: Connection) -> None:
        if self._world.store_broken:
            theirs.send(Failed("/secret/model: missing"))
        else:
            worker.answer_grouping(theirs, FakeEncoder)

    def _build(self, theirs: Connection) -> None:
        theirs.send(BuildProgress(BuildStage.ENCODE, 1, 2))
        self._world.build_hold.wait(30)
        if self._killed:
            raise Killed
        if isinstance(self._world.build_result, Failed):
            theirs.send(self._world.build_result)
            return
        if self._world.build_result is None:
            self._world.rebuild()
        theirs.send(Built(self._world.build_result or self._world.report()))


async def until(condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Run the event loop until `condition` holds; fail at the deadline."""
    deadline = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < deadline, "the condition never held"
        await asyncio.sleep(0.005)
