"""Documents → passages and sentences: exact spans, nothing lost, nothing twice."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.chunking import cut_passages
from index.corpus.cutting import LONGEST_BLOCK, LONGEST_PASSAGE
from index.types import Block, BlockKind, Document, Markup, Span
from tests.index.texts import DOCUMENTS, TEXTS, document


def characters(text: str, spans: list[Span]) -> list[int]:
    """Return the offsets of the characters in `spans` that are no white space, in the order of the spans."""
    return [at for span in spans for at in range(span.start, span.end) if not text[at].isspace()]


def passages_of(text: str, name: str = "a.txt") -> list[str]:
    return [each.span.of(text) for each in cut_passages(document(name, text))]


@given(DOCUMENTS)
def test_a_passage_is_a_slice_without_white_space_at_its_ends(document: Document) -> None:
    for passage in cut_passages(document):
        words = document.slice(passage.span)
        assert 0 <= passage.span.start < passage.span.end <= len(document.text)
        assert words == words.strip()


@given(DOCUMENTS)
def test_a_passage_has_at_most_300_code_points_unless_it_holds_a_block_that_is_never_torn(
    document: Document,
) -> None:
    for passage in cut_passages(document):
        kinds = {block.kind for block in document.blocks if block.span.overlaps(passage.span)}
        assert len(passage.span) <= LONGEST_PASSAGE == 300 or kinds - {BlockKind.PARAGRAPH}


@given(DOCUMENTS)
def test_passages_come_in_order_and_no_sentence_is_in_two(document: Document) -> None:
    passages = cut_passages(document)
    assert [each.span.start for each in passages] == sorted(each.span.start for each in passages)
    covered = characters(document.text, [sentence for each in passages for sentence in each.sentences])
    assert len(covered) == len(set(covered))


@given(DOCUMENTS)
def test_sentences_hold_every_character_of_the_blocks(document: Document) -> None:
    sentences = [sentence for each in cut_passages(document) for sentence in each.sentences]
    expected = characters(document.text, [block.span for block in document.blocks])
    assert set(expected) <= set(characters(document.text, sentences))


@given(DOCUMENTS)
def test_what_a_passage_holds_besides_its_sentences_is_in_others_or_draws_tables_and_quotes(
    document: Document,
) -> None:
    passages = cut_passages(document)
    known = set(characters(document.text, [sentence for each in passages for sentence in each.sentences]))
    for passage in passages:
        rest = set(characters(document.text, [passage.span])) - known
        assert {document.text[at] for at in rest} <= set(">|:+=-")


@given(DOCUMENTS)
def test_no_block_that_is_never_torn_is_in_two_passages(document: Document) -> None:
    passages = cut_passages(document)
    for block in document.blocks:
        if block.kind is not BlockKind.PARAGRAPH and len(block.span) <= LONGEST_BLOCK:
            assert sum(any(block.span.overlaps(each) for each in one.sentences) for one in passages) == 1


@given(DOCUMENTS)
def test_sentences_lie_inside_their_passage_and_are_not_empty(document: Document) -> None:
    for passage in cut_passages(document):
        assert all(passage.span.start <= each.start < each.end <= passage.span.end for each in passage.sentences)


@given(DOCUMENTS)
def test_a_passage_stands_under_the_headings_of_its_paragraphs(document: Document) -> None:
    for passage in cut_passages(document):
        first = passage.sentences[0]
        under = {block.headings for block in document.blocks if block.span.overlaps(first)}
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


@given(DOCUMENTS)
def test_the_same_document_is_cut_the_same_way(document: Document) -> None:
    assert cut_passages(document) == cut_passages(document)


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


def cut(text: str, *blocks: Block) -> list[str]:
    """Return the passages of a document that consists of `blocks`."""
    document = Document("a.md", "A", "en", text, "", blocks, markup=Markup.MARKDOWN)
    return [passage.span.of(text) for passage in cut_passages(document)]


def blocks_of(text: str, **kinds: BlockKind) -> tuple[Block, ...]:
    """Return a block for each part of `text` between empty lines, of the kind that `kinds` names by its number."""
    return tuple(
        Block(Span(*match.span()), (), kinds.get(f"_{number}", BlockKind.PARAGRAPH))
        for number, match in enumerate(re.finditer(r"(?s)\S.*?(?=\n\n|\Z)", text))
    )


@pytest.mark.parametrize("kind", sorted(set(BlockKind) - {BlockKind.PARAGRAPH}))
def test_a_block_that_is_never_torn_may_be_longer_than_a_passage(kind: BlockKind) -> None:
    text = "One. " * 100 + "End."
    assert cut(text, Block(Span(0, len(text)), (), kind)) == [text]


@pytest.mark.parametrize("kind", sorted(set(BlockKind) - {BlockKind.PARAGRAPH}))
def test_a_block_of_a_broken_file_is_cut_after_all(kind: BlockKind) -> None:
    text = "word " * 2000
    assert all(
        len(passage) <= LONGEST_BLOCK for passage in cut(text, Block(Span(0, len(text)).trim(text), (), kind))
    )


def test_an_introduction_goes_with_the_code_that_it_introduces() -> None:
    text = "Long ago. " * 25 + "Type these commands:\n\n```sh\n" + "deploy --wait\n" * 20 + "```"
    first, second = cut(text, *blocks_of(text, _1=BlockKind.CODE))
    assert first.endswith("Long ago.")
    assert second.startswith("Type these commands:\n\n```sh")
    assert second.endswith("```")


@pytest.mark.parametrize("colon", [":", "：", ":**", "：」"])
def test_an_introduction_that_fits_is_not_torn(colon: str) -> None:
    text = f"Long ago. Bring these{colon}\n\n- " + "x" * 250
    assert cut(text, *blocks_of(text, _1=BlockKind.LIST_ITEM)) == [text]


def test_an_introduction_stays_with_the_first_item_of_its_list() -> None:
    text = "Bring these:\n\n- " + "x" * 200 + "\n\n- " + "y" * 200
    assert [
        passage[:14] for passage in cut(text, *blocks_of(text, _1=BlockKind.LIST_ITEM, _2=BlockKind.LIST_ITEM))
    ] == [
        "Bring these:\n\n",
        "- " + "y" * 12,
    ]


def table(rows: int) -> tuple[str, tuple[Block, ...]]:
    head = "| plan | rent |"
    lines = [f"| plan{number} | {number}00 |" for number in range(rows)]
    text = "\n".join([head, "|---|---|", *lines])
    header = Span(0, len(head))
    found = (Span(text.find(line), text.find(line) + len(line)) for line in lines)
    return text, (
        Block(header, (), BlockKind.TABLE_ROW),
        *(Block(span, (), BlockKind.TABLE_ROW, header) for span in found),
    )


def test_rows_without_their_header_have_it_as_context() -> None:
    text, blocks = table(40)
    document = Document("a.md", "A", "en", text, "", blocks, markup=Markup.MARKDOWN)
    first, *others = cut_passages(document)
    assert (first.span.start, first.context) == (0, ())
    assert {passage.context for passage in others} == {(blocks[0].span,)}


def test_a_row_is_one_sentence() -> None:
    text, blocks = table(2)
    (passage,) = cut_passages(Document("a.md", "A", "en", text, "", blocks, markup=Markup.MARKDOWN))
    assert passage.sentences == tuple(block.span for block in blocks)


def test_a_header_row_is_not_left_alone() -> None:
    text, blocks = table(1)
    above = "x" * 280 + "\n\n"
    shifted = [
        replace(block, span=block.span.shift(282), header=block.header and block.header.shift(282))
        for block in blocks
    ]
    first, second = cut(above + text, Block(Span(0, 280), ()), *shifted)
    assert (len(first), second) == (280, text)


def test_a_line_of_code_is_a_sentence_and_a_fence_goes_with_the_line_beside_it() -> None:
    text = "```js\nif (!a) {\n  b!;\n\n  c?\n}\n```"
    document = Document(
        "a.md", "A", "en", text, "", blocks_of(text[:0]) or (Block(Span(0, len(text)), (), BlockKind.CODE),)
    )
    (passage,) = cut_passages(document)
    assert [span.of(text) for span in passage.sentences] == ["```js\nif (!a) {", "b!;", "c?", "}\n```"]


def test_headings_without_bodies_are_quoted_together() -> None:
    text = "# Menu\n\n## Noodles 150\n\n## Dumplings 80\n\n## Closed on Wednesdays\n"
    assert passages_of(text, "a.md") == [text[8:].strip()]


def test_a_heading_above_hidden_text_is_no_answer() -> None:
    assert passages_of("# A\n\nwords\n\n## See also\n\n[x]: https://example.org\n", "a.md") == ["words"]


def test_an_introduction_is_shown_with_the_headings_below_it_where_they_fit() -> None:
    text = "# Tools\n\nInstall three tools.\n\n## Git\n\nA.\n\n## SourceTree\n\nB.\n\n## Tortoise\n\nC.\n"
    passages = cut_passages(document("a.md", text))
    assert [passage.span.of(text) for passage in passages] == [text[9 : text.find("\n\nC.")], "A.", "B.", "C."]
    assert [span.of(text) for span in passages[0].sentences] == [
        "Install three tools.",
        "## Git",
        "## SourceTree",
        "## Tortoise",
    ]


def test_an_introduction_ends_before_headings_that_do_not_fit() -> None:
    text = "# Tools\n\nInstall two tools.\n\n## Git\n\n" + "x" * 290 + "\n\n## Tortoise\n\nC.\n"
    assert passages_of(text, "a.md")[0] == "Install two tools."


def test_sections_of_one_name_stay_apart() -> None:
    text = "# A\n\n## Parameters\n\none\n\n## Parameters\n\ntwo\n"
    assert passages_of(text, "a.md") == ["one", "two"]


@pytest.mark.parametrize("mark", ["", "，", "。"])
def test_an_address_is_never_torn(mark: str) -> None:
    address = "https://example.org/" + "a,b?c." * 60 + "end"
    text = ("word, " * 40 + f"{mark} {address} " + "more, " * 40).strip()
    assert any(address in passage for passage in passages_of(text))


def seconds(text: str) -> Iterator[float]:
    """Yield the processor time of each of three runs to cut `text`, without that of collecting others' garbage."""
    given = document("a.txt", text)
    for _ in range(3):
        gc.disable()
        try:
            started = time.process_time()
            cut_passages(given)
            given.lines(Span(len(text) - 1, len(text)))
            taken = time.process_time() - started
        finally:
            gc.enable()
        yield taken


@pytest.mark.parametrize(
    "part", ["駱馬", "word ", "One. ", "one\n", "x, ", ":\n", "https://a.b/c ", "`a` ", "<a> ", "[a](b) "]
)
def test_cutting_takes_time_in_proportion_to_the_length(part: str) -> None:
    short = min(seconds(part * 5_000))
    assert any(long < 10 * max(short, 0.005) for long in seconds(part * 20_000))


def test_the_lines_of_a_copy_of_a_long_document_are_found_as_fast() -> None:
    text = "one\n" * 500_000
    first, copy = (replace(document("a.txt", "one\n"), source=each) for each in (text, text[:-1] + "\n"))

    def seconds_of(*documents: Document) -> float:
        started = time.process_time()
        for at in range(0, len(text), 1000):
            assert {each.lines(Span(at, at + 1)) for each in documents} == {(at // 4 + 1, at // 4 + 1)}
        return time.process_time() - started

    seconds_of(first, copy)  # to look for the ends of their lines
    # Comparing the texts each time takes 0.2 ms.
    assert seconds_of(first, copy) < 5 * max(seconds_of(first), 0.005)
