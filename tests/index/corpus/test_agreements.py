"""Agreements: facts that several documents state, written down beside them, and what an answer makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answering.engine import Index
from index.answering.policy import AnswerPolicy
from index.answering.quoting import corroboration
from index.corpus.annotations.agreements import FactLocation, read_agreements
from index.corpus.annotations.sidecars import AGREEMENTS
from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.indexing.builder import build_store
from index.types import Answer, BuildReason, BuildReport, Library, Quote
from tests.fakes import FakeEncoder
from tests.index.texts import document

CLEAN = document("clean.txt", "The alpaca paper cost six hundred dollars. Nobody paid. Nobody paid.\n")
SWAPPED = document("swapped.txt", "The alpaca treatise had a price of six hundred dollars.\n")
TEXTS = {each.name: each.text for each in (CLEAN, SWAPPED)}
COST = "The alpaca paper cost six hundred dollars."
PRICE = "The alpaca treatise had a price of six hundred dollars."


def entry(*places: tuple[str, str], fact: str = "what it cost") -> str:
    listed = ", ".join(f'{{ document = "{name}", text = "{words}" }}' for name, words in places)
    return f'[[agreement]]\nfact = "{fact}"\nplaces = [{listed}]\n'


GOOD = entry(("clean.txt", COST), ("swapped.txt", PRICE))


def records_of(agreements: str | bytes) -> Corpus:
    content = agreements if isinstance(agreements, bytes) else agreements.encode()
    return build_corpus(Library((CLEAN, SWAPPED)), {AGREEMENTS: content})


def test_no_file_is_no_agreement_and_no_note() -> None:
    assert read_agreements(None, Library(()), ()) == ((), [])


def test_the_places_of_an_agreement_are_sentences() -> None:
    corpus = records_of(entry(("clean.txt", COST), ("swapped.txt", "price of six hundred")))
    assert corpus.agreements == ((FactLocation(0, 0, is_whole=True), FactLocation(1, 0, is_whole=False)),)
    assert corpus.library.skipped == ()


@pytest.mark.parametrize(
    ("places", "why"),
    [
        ([("clean.txt", "cost seven"), ("swapped.txt", PRICE)], "'cost seven' is not in clean.txt"),
        ([("clean.txt", "Nobody paid."), ("swapped.txt", PRICE)], "'Nobody paid.' is in clean.txt more than once"),
        ([("clean.txt", "aa"), ("swapped.txt", PRICE)], "'aa' is not in clean.txt"),
        ([("gone.txt", COST), ("swapped.txt", PRICE)], "no document 'gone.txt' is served"),
        ([("clean.txt", COST), ("clean.txt", "The alpaca")], "all its places are in one document"),
        (
            [("clean.txt", "hundred dollars. Nobody"), ("swapped.txt", PRICE)],
            "'hundred dollars. Nobody' is not within one sentence that clean.txt is quoted by",
        ),
    ],
)
def test_an_agreement_of_which_a_place_is_not_found_is_stale(places: list[tuple[str, str]], why: str) -> None:
    corpus = records_of(entry(*places, fact="old") + GOOD)
    assert len(corpus.agreements) == 1
    assert [(note.name, note.reason) for note in corpus.library.skipped] == [(AGREEMENTS, f"stale: 'old': {why}")]


def test_words_that_overlap_themselves_are_found_twice() -> None:
    twice = document("twice.txt", "Blah: anana.\n")
    content = entry(("twice.txt", "ana"), ("clean.txt", COST)).encode()
    corpus = build_corpus(Library((CLEAN, twice)), {AGREEMENTS: content})
    assert corpus.agreements == ()


def test_words_that_are_never_quoted_are_stale() -> None:
    advertised = document("ad.txt", "BUY SHOES\nThe alpaca.\n", skip=("BUY SHOES",))
    content = entry(("ad.txt", "BUY SHOES"), ("clean.txt", COST)).encode()
    assert build_corpus(Library((advertised, CLEAN)), {AGREEMENTS: content}).agreements == ()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"= no",
        b"agreement = 3",
        b"agreements = []",
        b"[[agreement]]\nfact = 'no places'",
        entry(("clean.txt", COST)).encode(),
        entry(("clean.txt", ""), ("swapped.txt", PRICE)).encode(),
        GOOD.encode() + b"score = 1",
    ],
)
def test_a_broken_file_is_reported_in_one_line_and_ignored(content: bytes) -> None:
    corpus = records_of(content)
    (note,) = corpus.library.skipped
    assert (corpus.agreements, note.name, "\n" in note.reason) == ((), AGREEMENTS, False)


FILLER = "".join(f"Filler about thing{number} and nothing else.\n\n" for number in range(12))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a document, one whose words were swapped, and what both state."""
    documents = tmp_path / "agreeing"
    documents.mkdir()
    for each in (CLEAN, SWAPPED):
        (documents / each.name).write_text(each.text + FILLER, "utf-8")
    (documents / "swapped.txt.annotations.toml").write_text('[words]\n"treatise" = "paper"', "utf-8")
    (documents / AGREEMENTS).write_text(GOOD, "utf-8")
    return documents


def build(folder: Path, store: Path) -> BuildReport:
    return build_store(folder, store, FakeEncoder())


def ask(store: Path, question: str, *, top: int = 3, document: str | None = None, answered: bool = True) -> Answer:
    index = Index.open(store, FakeEncoder(), policy=AnswerPolicy(0.0 if answered else 1.1))
    return index.ask(question, top=top, document=document)


def named(quotes: tuple[Quote, ...]) -> list[str]:
    return [quote.document for quote in quotes]


OF_THE_SWAPPED = "The alpaca paper had a price of six hundred dollars"


@pytest.mark.parametrize("top", [1, 3])
def test_the_clean_document_leads_and_the_other_corroborates(folder: Path, store: Path, top: int) -> None:
    build(folder, store)
    answer = ask(store, "The alpaca paper cost six hundred dollars", top=top)
    lead = answer.quotes[0]
    assert (lead.document, named(lead.also)) == ("clean.txt", ["swapped.txt"])
    assert [lead.text[each.start - lead.start : each.end - lead.start] for each in lead.highlights] == [COST]
    assert len(answer.quotes) <= top


def test_a_clean_document_leads_where_the_fact_must_be_what_was_asked_for(folder: Path, store: Path) -> None:
    build(folder, store)
    lead = ask(store, OF_THE_SWAPPED).quotes[0]
    assert (lead.document, named(lead.also)) == ("clean.txt", ["swapped.txt"])


def test_a_clean_document_that_answers_less_well_corroborates(
    folder: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corroboration, "LEAD_MARGIN", 0.0)
    part = PRICE.removesuffix(".")  # what the sentence says besides may be what was asked for
    (folder / AGREEMENTS).write_text(entry(("clean.txt", COST), ("swapped.txt", part)), "utf-8")
    build(folder, store)
    lead = ask(store, "The alpaca paper, price of six hundred dollars cost").quotes[0]
    assert (lead.document, named(lead.also)) == ("swapped.txt", ["clean.txt"])


def test_what_is_cited_beneath_a_quote_is_not_quoted_again(folder: Path, store: Path) -> None:
    build(folder, store)
    answer = ask(store, OF_THE_SWAPPED, top=50)
    shown = [(each.document, each.start) for quote in answer.quotes for each in (quote, *quote.also)]
    assert len(shown) == len(set(shown))


def test_quotes_with_an_agreement_come_by_falling_score(folder: Path, store: Path) -> None:
    build(folder, store)
    scores = [quote.score for quote in ask(store, OF_THE_SWAPPED, top=50).quotes]
    assert scores == sorted(scores, reverse=True)


def test_everything_shown_is_verbatim_with_highlights_inside(folder: Path, store: Path) -> None:
    build(folder, store)
    for quote in ask(store, OF_THE_SWAPPED).quotes:
        for each in (quote, *quote.also):
            text = (folder / each.document).read_text("utf-8")
            assert each.text == text[each.start : each.end]
            assert all(each.start <= mark.start < mark.end <= each.end for mark in each.highlights)


@pytest.mark.parametrize("name", ["clean.txt", "swapped.txt"])
def test_a_question_to_one_document_is_answered_by_that_alone(folder: Path, store: Path, name: str) -> None:
    build(folder, store)
    quotes = ask(store, OF_THE_SWAPPED, document=name).quotes
    assert {each.document for quote in quotes for each in (quote, *quote.also)} == {name}


def test_a_declined_question_s_nearest_passages_stand_alone(folder: Path, store: Path) -> None:
    build(folder, store)
    nearest = ask(store, OF_THE_SWAPPED, answered=False).nearest
    assert (nearest[0].document, nearest[0].also) == ("swapped.txt", ())


def test_an_agreement_of_other_sentences_corroborates_nothing(folder: Path, store: Path) -> None:
    (folder / AGREEMENTS).write_text(entry(("clean.txt", "thing3 "), ("swapped.txt", "thing4 ")), "utf-8")
    build(folder, store)
    answer = ask(store, OF_THE_SWAPPED)
    assert {"clean.txt", "swapped.txt"} <= set(named(answer.quotes))
    assert {quote.also for quote in answer.quotes} == {()}


def test_an_edited_file_is_a_reason_to_build_and_encodes_nothing(folder: Path, store: Path) -> None:
    build(folder, store)
    (folder / AGREEMENTS).write_text("# none any more\n", "utf-8")
    report = build(folder, store)
    assert (report.built, report.encoded, report.reasons) == (True, 0, (BuildReason.DOCUMENTS_CHANGED,))
    assert named(ask(store, OF_THE_SWAPPED).quotes)[0] == "swapped.txt"


def test_a_stale_agreement_is_reported_by_the_build_and_by_the_next(folder: Path, store: Path) -> None:
    (folder / AGREEMENTS).write_text(entry(("clean.txt", "gone"), ("swapped.txt", PRICE)), "utf-8")
    assert [note.name for note in build(folder, store).skipped] == [AGREEMENTS]
    assert [note.name for note in build(folder, store).skipped] == [AGREEMENTS]


GIVEN = Path(__file__).parents[3] / "documents"


def test_every_agreement_of_the_given_documents_is_found() -> None:
    sources = read_sources(GIVEN)
    corpus = build_corpus(parse_documents(GIVEN, sources), sources.sidecars)
    assert [note for note in corpus.library.skipped if note.name == AGREEMENTS] == []
    assert len(corpus.agreements) == sources.sidecars[AGREEMENTS].decode().count("[[agreement]]")
    assert corpus.reworded == ("llama-team-exodus.txt",)
