"""A folder's documents cut into passages, with their annotations and representations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.corpus.annotations.agreements import Agreement, read_agreements
from index.corpus.annotations.glossary import read_glossary
from index.corpus.annotations.paragraphs import DocumentAnnotations, paragraph_hash, read_annotations
from index.corpus.annotations.sidecars import AGREEMENTS, ANNOTATIONS_SUFFIX, GLOSSARY, UNANSWERABLE
from index.corpus.annotations.unanswerable import read_unanswerable
from index.corpus.chunking import cut_passages
from index.corpus.representations import Representation, make_representations
from index.corpus.tables import ComputedTables, CorpusTables
from index.types import Library, ParagraphAnnotation, Passage, Skipped, Term


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one index version knows besides its vectors.

    hashes: each passage's `paragraph_hash`. annotations: what a reader may be shown, by document and block number.
    terms: the glossary. answered: by document, the normalized questions that its annotations answer. unanswerable:
    normalized questions that the documents do not answer. agreements: where documents state the same. reworded: the
    documents whose words were swapped by a machine.

    A build has all of it in memory; of a stored corpus each passage, representation, text and annotation is read when
    it is asked for, so that opening one takes no longer for more of them.
    """

    library: Library
    passages: Sequence[Passage]
    hashes: Sequence[str]
    representations: Sequence[Representation]
    tables: CorpusTables
    annotations: Mapping[str, Mapping[int, ParagraphAnnotation]]
    terms: tuple[Term, ...] = ()
    answered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unanswerable: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    reworded: tuple[str, ...] = ()


def build_corpus(library: Library, sidecars: Mapping[str, bytes]) -> Corpus:
    """Return the documents of `library` as passages with representations, with the annotations of `sidecars`."""
    annotations, notes = _annotations(library, sidecars)
    passages: list[Passage] = []
    representations: list[Representation] = []
    for document in library.documents:
        for passage in cut_passages(document):
            representations += make_representations(len(passages), passage, document, annotations[document.name])
            passages.append(passage)
    terms, glossary_notes = read_glossary(sidecars.get(GLOSSARY))
    unanswerable, unanswerable_notes = read_unanswerable(sidecars.get(UNANSWERABLE))
    agreements, agreement_notes = read_agreements(sidecars.get(AGREEMENTS), library, passages)
    notes += [*glossary_notes, *unanswerable_notes, *agreement_notes]
    return Corpus(
        library=replace(library, skipped=(*library.skipped, *notes)),
        passages=tuple(passages),
        hashes=tuple(paragraph_hash(library.document(each.document).slice(each.span)) for each in passages),
        representations=tuple(representations),
        tables=ComputedTables(library, passages, representations),
        annotations={name: of.shown() for name, of in annotations.items() if of.by_paragraph},
        terms=terms,
        answered={name: of.answered() for name, of in annotations.items() if of.questions},
        unanswerable=unanswerable,
        agreements=agreements,
        reworded=tuple(name for name, of in annotations.items() if of.words),
    )


def _annotations(
    library: Library, sidecars: Mapping[str, bytes]
) -> tuple[dict[str, DocumentAnnotations], list[Skipped]]:
    """Return each document's annotations by its name, and notes."""
    found: dict[str, DocumentAnnotations] = {}
    notes: list[Skipped] = []
    for document in library.documents:
        found[document.name], stale = read_annotations(document, sidecars.get(document.name + ANNOTATIONS_SUFFIX))
        notes += stale
    served = {name + ANNOTATIONS_SUFFIX for name in found}
    unused = sorted(name for name in sidecars if name.endswith(ANNOTATIONS_SUFFIX) and name not in served)
    return found, [*notes, *(Skipped(name, "annotations of no document that is served") for name in unused)]
