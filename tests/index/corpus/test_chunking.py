"""Documents → passages and sentences: exact spans, nothing lost, nothing twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.corpus.chunking import LONGEST_PASSAGE, cut_passages
from index.text.sentences import split_sentences
from index.types import Document, Span
from tests.index.texts import DOCUMENTS, TEXTS, document


def characters(text: str, spans: list[Span]) -> list[int]:
    """List the places of the characters in `spans` that show, in the order of the spans."""
    return [at for span in spans for at in range(span.start, span.end) if not text[at].isspace()]


def passages_of(text: str, name: str = "a.txt") -> list[str]:
    return [each.span.of(text) for each in cut_passages(document(name, text))]


def sentences_of(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


@given(DOCUMENTS)
def test_a_passage_is_a_slice_without_white_space_at_its_ends(document: Document) -> None:
    for passage in cut_passages(document):
        words = document.slice(passage.span)
        assert 0 <= passage.span.start < passage.span.end <= len(document.text)
        assert words == words.strip()


@given(DOCUMENTS)
def test_a_passage_has_at_most_300_code_points(document: Document) -> None:
    assert all(each.span.end - each.span.start <= LONGEST_PASSAGE == 300 for each in cut_passages(document))


@given(DOCUMENTS)
def test_passages_are_in_order_and_do_not_overlap(document: Document) -> None:
    ends = [place for each in cut_passages(document) for place in (each.span.start, each.span.end)]
    assert ends == sorted(ends)


@given(DOCUMENTS)
def test_passages_hold_every_character_of_the_paragraphs_once_and_in_order(document: Document) -> None:
    expected = characters(document.text, [paragraph.span for paragraph in document.blocks])
    assert characters(document.text, [passage.span for passage in cut_passages(document)]) == expected


@given(DOCUMENTS)
def test_sentences_hold_every_character_of_their_passage_once_and_in_order(document: Document) -> None:
    for passage in cut_passages(document):
        assert characters(document.text, list(passage.sentences)) == characters(document.text, [passage.span])


@given(DOCUMENTS)
def test_sentences_lie_inside_their_passage_and_are_not_empty(document: Document) -> None:
    for passage in cut_passages(document):
        assert all(passage.span.start <= each.start < each.end <= passage.span.end for each in passage.sentences)


@given(DOCUMENTS)
def test_a_passage_stands_under_the_headings_of_its_paragraphs(document: Document) -> None:
    for passage in cut_passages(document):
        under = {
            paragraph.headings
            for paragraph in document.blocks
            if paragraph.span.start < passage.span.end and passage.span.start < paragraph.span.end
        }
        assert under == {passage.headings}


@given(TEXTS, st.sampled_from(["a.md", "a.txt"]), st.data())
def test_skipped_words_are_in_no_passage(text: str, name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, min(len(text), start + 20)))]
    skipped = document(name, text, skip=(words,) if words else ())
    covered = set(characters(text, [passage.span for passage in cut_passages(skipped)]))
    at = text.find(words) if words else -1
    while at >= 0:
        assert covered.isdisjoint(range(at, at + len(words)))
        at = text.find(words, at + len(words))


@given(TEXTS, st.sampled_from(["a.md", "a.txt"]))
def test_no_heading_is_in_a_passage(text: str, name: str) -> None:
    shown = "\u0001Q\u0001"  # in no text above
    marked = f"## {shown}\n\n{text}" if name == "a.md" else f"一、{shown}\n{text}\n"
    cut = passages_of(marked, name)
    if name == "a.txt" and not any(map(str.isalnum, text)):
        return  # no words are below it, so it is no heading
    first_line = text.strip().splitlines()[0].strip() if text.strip() else ""
    if name == "a.txt" and first_line[:1] in "一二三四五六七八九十":
        return  # numbered lines in a row are a list
    assert not [passage for passage in cut if shown in passage]


@given(DOCUMENTS)
def test_the_same_document_is_cut_the_same_way(document: Document) -> None:
    assert cut_passages(document) == cut_passages(document)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.data())
def test_sentences_of_any_range_hold_all_of_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    assert characters(text, list(split_sentences(text, span))) == characters(text, [span])


def test_neighbouring_paragraphs_are_joined_while_they_fit() -> None:
    assert [len(passage) for passage in passages_of("\n".join(["x" * 90] * 4))] == [272, 90]


def test_paragraphs_under_two_headings_are_never_joined() -> None:
    assert passages_of("# A\n\none\n\n# B\n\ntwo\n", "a.md") == ["one", "two"]


def test_paragraphs_with_skipped_words_between_them_are_not_joined() -> None:
    cut = cut_passages(document("a.txt", "one\nBUY SHOES\ntwo\n", skip=("BUY SHOES",)))
    assert len(cut) == 2


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    assert {passage[-1] for passage in passages_of("駱馬模型發布之後，開源社群很興奮。" * 60)} == {"。"}


def test_a_sentence_that_is_too_long_is_cut_at_a_comma() -> None:
    assert {passage[-1] for passage in passages_of("駱馬模型發布之後，" * 60 + "完。")} == {"，", "。"}


def test_a_line_without_any_mark_is_cut_at_the_limit() -> None:
    assert [len(passage) for passage in passages_of("駱" * 700)] == [300, 300, 100]


def test_a_huge_line_is_cut_completely() -> None:
    assert sum(map(len, passages_of("駱馬" * 50_000))) == 100_000


def test_sentences_end_after_the_quotation_mark_that_closes() -> None:
    assert sentences_of("他說：「走吧！」然後走了。完") == ["他說：「走吧！」", "然後走了。", "完"]


def test_a_full_stop_in_a_number_a_name_or_an_abbreviation_ends_no_sentence() -> None:
    assert sentences_of("J. K. Rowling paid 3.5 million. She left.") == [
        "J. K. Rowling paid 3.5 million.",
        "She left.",
    ]


def test_a_colon_or_semicolon_ends_no_sentence() -> None:
    assert sentences_of("一是人；二是錢：都沒有。") == ["一是人；二是錢：都沒有。"]
