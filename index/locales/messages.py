"""The shared messages by name."""

from __future__ import annotations

from dataclasses import dataclass

from index.types import AidKind, DocumentLanguage, ReadingAid


@dataclass(frozen=True, slots=True)
class Messages:
    """Texts of one language, without markup; the caller fills the `{fields}` in braces.

    A front end extends this class with its own texts and takes the shared ones from `messages_in`.
    """

    # The outcome
    declined: str
    unsure: str
    nearest: str
    searched_for: str

    # The front desk, which replies to what is no question of the documents
    desk_greeting: str
    desk_thanks: str
    desk_abilities: str
    desk_limits: str
    desk_maker: str
    desk_nature: str
    desk_about: str
    desk_titles: str
    desk_quotes: str
    desk_sources: str
    desk_no_sources: str
    desk_no_summary: str
    desk_more: str
    desk_separator: str

    # A citation, and an image in a quote
    title: str
    qualified: str
    line: str
    lines: str
    source_page: str
    cited_also: str
    excerpt: str
    image: str

    # Reading aids, none of which is a quote
    labelled: str
    drafted: str
    translation: str
    restatement: str
    checked_translation: str
    checked_restatement: str
    terminology: str
    term_pair: str
    term_separator: str

    # The languages of documents
    traditional: str
    simplified: str
    english: str
    cantonese: str
    japanese: str
    korean: str

    def aid_label(self, aid: ReadingAid) -> str:
        """Return what `aid` is, and that nobody has checked it unless somebody has."""
        is_translation = aid.kind is AidKind.TRANSLATION
        if aid.is_checked:
            return self.checked_translation if is_translation else self.checked_restatement
        return self.translation if is_translation else self.restatement

    def language_name(self, language: DocumentLanguage) -> str:
        """Return what this language calls `language`."""
        names: dict[DocumentLanguage, str] = {
            "zh-Hant": self.traditional,
            "zh-Hans": self.simplified,
            "en": self.english,
            "yue": self.cantonese,
            "ja": self.japanese,
            "ko": self.korean,
        }
        return names[language]
