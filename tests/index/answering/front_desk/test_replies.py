"""What the front desk replies, in three languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.answering.front_desk.replies import front_desk_reply
from index.corpus.loader import read_documents
from index.types import LANGUAGES, FrontDeskIntent, Language, Library
from tests.bot.world import library as small_library
from tests.conftest import DOCUMENTS


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the documents of the project."""
    return read_documents(DOCUMENTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", FrontDeskIntent)
def test_a_reply_has_one_or_two_lines(library: Library, intent: FrontDeskIntent, language: Language) -> None:
    lines = front_desk_reply(intent, library, language=language)
    assert 1 <= len(lines) <= 2
    assert all(line.strip() == line and "{" not in line and "\n" not in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_and_summary_say_what_the_catalog_says(library: Library, language: Language) -> None:
    about = front_desk_reply(FrontDeskIntent.ABOUT, library, language=language)
    assert library.about[language] in about[0]
    assert all(document.short_title in about[1] for document in library.documents)
    assert library.about[language] in front_desk_reply(FrontDeskIntent.SUMMARY, library, language=language)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_reliability_says_of_every_document_what_kind_of_text_it_is(library: Library, language: Language) -> None:
    said = front_desk_reply(FrontDeskIntent.RELIABILITY, library, language=language)[1]
    for document in library.documents:
        assert document.short_title in said
        assert document.provenance[language] in said


def test_documents_of_one_kind_are_named_together(library: Library) -> None:
    said = front_desk_reply(FrontDeskIntent.RELIABILITY, small_library(), language="en")[1]
    assert said.count("machine-written note") == 1


def test_a_folder_that_says_nothing_of_itself_is_replied_for_too(library: Library) -> None:
    documents = tuple(replace(document, provenance={}) for document in library.documents)
    bare = Library(documents=documents)
    assert "noted" in front_desk_reply(FrontDeskIntent.RELIABILITY, bare, language="en")[1]
    assert len(front_desk_reply(FrontDeskIntent.GREETING, bare, language="en")) == 1
    assert documents[0].short_title in front_desk_reply(FrontDeskIntent.ABOUT, bare, language="en")[0]
    assert documents[0].short_title in front_desk_reply(FrontDeskIntent.SUMMARY, bare, language="en")[1]


def test_documents_of_one_title_are_told_apart(library: Library) -> None:
    first, second = (replace(library.documents[0], qualifier=path) for path in ("v1/a.md", "v2/a.md"))
    about = front_desk_reply(FrontDeskIntent.ABOUT, replace(library, documents=(first, second)), language="en")
    assert f"“{first.short_title}” (v1/a.md); “{first.short_title}” (v2/a.md)" in "\n".join(about)


def test_of_many_documents_the_first_are_named_and_the_others_counted(library: Library) -> None:
    many = Library(documents=library.documents * 20)
    (said,) = front_desk_reply(FrontDeskIntent.ABOUT, many, language="en")
    assert "(40)" in said
    assert said.endswith("37 more")
    assert len(said) < 200
