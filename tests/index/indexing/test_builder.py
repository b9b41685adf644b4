"""The write path: what changed is built, and nothing else is encoded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import opencc
import pytest

from index.answering.engine import Index
from index.corpus import chunking as passages
from index.errors import DocumentsError, ModelError, StoreError
from index.indexing.builder import build_store, is_stale
from index.store.store import Store
from index.text import normalize
from index.types import Answer, BuildReason, Change, Encoding, Query
from tests.fakes import FakeEncoder
from tests.index.conftest import MARKDOWN, TEXT, Build
from tests.index.generated import edit_paragraph, write_documents

GIVEN = Path(__file__).parents[3] / "documents"

QUERIES = [Query(text) for text in ("十四位作者還剩幾位留任？", "What was the cost?", "延期", "nothing like it")]


def answers(index: Index) -> list[Answer]:
    return [replace(each, elapsed_ms=0.0, version="") for each in index.ask_many(QUERIES, top=50)]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# A first build, and one with nothing to do


def test_a_first_build_adds_every_document(build: Build) -> None:
    report = build()
    assert (report.built, report.reasons, report.documents, report.changes) == (
        True,
        (BuildReason.FIRST_BUILD,),
        2,
        (Change("alpaca.txt", "added", 1, 0), Change("llama.md", "added", 2, 0)),
    )


def test_a_build_counts_passages_and_encoded_texts(build: Build, encoder: FakeEncoder) -> None:
    report = build()
    assert (report.passages, report.encoded, encoder.encoded) == (3, 3, 3)


def test_a_reopened_store_answers_as_the_fresh_one(opened: Index, store: Path) -> None:
    assert answers(Index.open(store, FakeEncoder())) == answers(opened)


def test_a_reopened_store_has_the_documents_as_they_were_read(opened: Index, documents: Path) -> None:
    texts = {document.name: document.text.encode() for document in opened.library.documents}
    assert texts == {name: (documents / name).read_bytes() for name in ("alpaca.txt", "llama.md")}


def test_two_stores_of_the_same_documents_answer_alike(opened: Index, documents: Path, tmp_path: Path) -> None:
    build_store(documents, tmp_path / "other", FakeEncoder())
    assert answers(Index.open(tmp_path / "other", FakeEncoder())) == answers(opened)


def test_a_second_build_has_nothing_to_do(build: Build) -> None:
    first = build()
    second = build()
    assert (second.built, second.version, second.changes, second.encoded, second.reasons) == (
        False,
        first.version,
        (),
        0,
        (BuildReason.NOTHING_CHANGED,),
    )


def test_a_build_with_nothing_to_do_writes_nothing(build: Build, store: Path) -> None:
    build()
    before = tree(store)
    build()
    assert tree(store) == before


def test_a_build_with_nothing_to_do_never_asks_the_encoder(build: Build, documents: Path, store: Path) -> None:
    build()
    again = FakeEncoder()
    build_store(documents, store, again)
    assert (again.passages, again.questions) == ([], [])


def test_a_touched_file_is_no_change(build: Build, documents: Path) -> None:
    build()
    (documents / "llama.md").touch()
    assert not build().built


def test_progress_is_reported_by_stages_in_order(documents: Path, store: Path) -> None:
    told: list[str] = []
    build_store(documents, store, FakeEncoder(), progress=lambda stage, _done, _total: told.append(stage))
    assert list(dict.fromkeys(told)) == ["read", "encode", "index", "write", "check"]


# What a change costs


@pytest.fixture
def again(build: Build, encoder: FakeEncoder) -> Build:
    """Return a function that builds once more; the encoder then only knows that second build."""
    build()
    encoder.passages.clear()
    return build


def test_one_changed_paragraph_is_one_encoded_text(again: Build, documents: Path, encoder: FakeEncoder) -> None:
    (documents / "llama.md").write_text(MARKDOWN.replace("很多人下載了它", "沒有人下載它"), "utf-8")
    assert (again().changes, len(encoder.passages)) == ((Change("llama.md", "changed", 1, 1),), 1)


def test_an_added_document_costs_its_own_texts(again: Build, documents: Path, encoder: FakeEncoder) -> None:
    (documents / "new.txt").write_text("Something new.", "utf-8")
    assert (again().changes, encoder.passages) == (
        (Change("new.txt", "added", 1, 0),),
        ["something new."],
    )


def test_a_removed_document_costs_nothing(again: Build, documents: Path, encoder: FakeEncoder) -> None:
    (documents / "alpaca.txt").unlink()
    assert (again().changes, encoder.passages) == ((Change("alpaca.txt", "removed", 0, 1),), [])


def test_a_renamed_document_with_a_title_costs_nothing(
    again: Build, documents: Path, encoder: FakeEncoder
) -> None:
    catalog = (documents / "catalog.toml").read_text("utf-8")
    (documents / "catalog.toml").write_text(catalog.replace("llama.md", "moved.md"), "utf-8")
    (documents / "llama.md").rename(documents / "moved.md")
    assert (again().changes, encoder.passages) == (
        (Change("llama.md", "removed", 0, 2), Change("moved.md", "added", 2, 0)),
        [],
    )


def test_a_renamed_document_without_a_title_costs_nothing(
    again: Build, documents: Path, encoder: FakeEncoder
) -> None:
    (documents / "report.txt").write_text("Something new.", "utf-8")
    again()
    encoder.passages.clear()
    (documents / "report.txt").rename(documents / "moved.txt")
    assert ([change.name for change in again().changes], encoder.passages) == (["moved.txt", "report.txt"], [])


def test_a_text_that_stands_in_two_new_documents_is_encoded_once(
    again: Build, documents: Path, encoder: FakeEncoder
) -> None:
    for name in ("one.txt", "two.txt"):
        (documents / name).write_text("Something new.", "utf-8")
    assert (again().encoded, encoder.passages) == (1, ["something new."])


def test_a_build_after_a_rollback_costs_nothing_and_is_the_newest_documents(
    again: Build, documents: Path, store: Path, encoder: FakeEncoder
) -> None:
    (documents / "new.txt").write_text("Something new.", "utf-8")
    again()
    Store(store).rollback()
    encoder.passages.clear()
    report = again()
    names = [document.name for document in Index.open(store, FakeEncoder()).library.documents]
    assert (report.changes, "new.txt" in names, encoder.passages) == (
        (Change("new.txt", "added", 1, 0),),
        True,
        [],
    )


def test_a_damaged_version_is_rebuilt_from_the_encodings_of_the_one_before(
    again: Build, documents: Path, store: Path, encoder: FakeEncoder
) -> None:
    (documents / "new.txt").write_text("Something new.", "utf-8")
    damaged = again().version
    (store / "versions" / damaged / "corpus.json").write_bytes(b"{}")
    encoder.passages.clear()
    assert (again().reasons, encoder.passages) == ((BuildReason.DAMAGED,), ["something new."])


def test_one_paragraph_of_300_passages_costs_less_than_a_twentieth(documents: Path, store: Path) -> None:
    write_documents(documents, 1000, sections=False)
    first = build_store(documents, store, FakeEncoder())
    edit_paragraph(documents / "000.md")
    second = build_store(documents, store, FakeEncoder())
    assert first.passages > 300
    assert 0 < second.encoded < first.encoded / 20


def test_a_build_of_the_given_documents_with_nothing_to_do_takes_less_than_a_second(store: Path) -> None:
    build_store(GIVEN, store, FakeEncoder())
    assert build_store(GIVEN, store, FakeEncoder()).seconds < 1


def test_a_copied_document_costs_nothing(again: Build, documents: Path, encoder: FakeEncoder) -> None:
    (documents / "copy.md").write_text(MARKDOWN.split("## 參考資料")[0], "utf-8")
    assert (again().documents, encoder.passages) == (3, [])


def test_white_space_between_paragraphs_is_a_change_without_new_texts(
    again: Build, documents: Path, encoder: FakeEncoder
) -> None:
    (documents / "alpaca.txt").write_text("\n\n" + TEXT, "utf-8")
    assert (again().changes, encoder.passages) == ((Change("alpaca.txt", "changed", 0, 0),), [])


def test_a_catalog_that_skips_more_is_a_change_of_its_document(again: Build, documents: Path) -> None:
    catalog = (documents / "catalog.toml").read_text("utf-8")
    (documents / "catalog.toml").write_text(catalog.replace('"CLICK', '"Nobody expected", "CLICK'), "utf-8")
    report = again()
    assert [(change.name, change.kind) for change in report.changes] == [("alpaca.txt", "changed")]


def test_a_changed_sidecar_is_built(again: Build, documents: Path) -> None:
    (documents / "llama.md.annotations.toml").write_text("[words]\n'駱馬' = '羊'\n", "utf-8")
    assert (again().reasons, again().reasons) == ((BuildReason.DOCUMENTS_CHANGED,), (BuildReason.NOTHING_CHANGED,))


def test_a_store_built_in_steps_answers_as_one_built_at_once(
    again: Build, documents: Path, store: Path, tmp_path: Path
) -> None:
    (documents / "llama.md").write_text(MARKDOWN.replace("很多人", "沒有人"), "utf-8")
    (documents / "new.txt").write_text("Something new.", "utf-8")
    again()
    build_store(documents, tmp_path / "other", FakeEncoder())
    assert answers(Index.open(store, FakeEncoder())) == answers(Index.open(tmp_path / "other", FakeEncoder()))


@pytest.mark.usefixtures("quick_fit")
def test_another_model_encodes_everything_and_gives_the_reason(again: Build, documents: Path, store: Path) -> None:
    other = FakeEncoder("fake-2")
    report = build_store(documents, store, other)
    assert (report.reasons, other.encoded, report.changes) == ((BuildReason.OTHER_MODEL,), 3, ())


def test_another_version_of_opencc_builds_anew_and_gives_the_reason(
    again: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opencc, "__version__", "99")
    assert again().reasons == (BuildReason.OTHER_OPENCC,)


def test_every_rule_that_differs_is_named(again: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "VERSION", 99)
    monkeypatch.setattr(normalize, "VERSION", 99)
    assert again().reasons == (BuildReason.OTHER_NORMALIZATION, BuildReason.OTHER_PASSAGES)


def test_other_passage_rules_build_anew_and_give_the_reason(again: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "VERSION", 99)
    assert again().reasons == (BuildReason.OTHER_PASSAGES,)


def test_other_normalization_rules_encode_only_texts_that_change(
    again: Build, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normalize, "VERSION", 99)
    assert (again().reasons, encoder.passages) == ((BuildReason.OTHER_NORMALIZATION,), [])


def test_another_documents_folder_is_a_reason_to_build(again: Build, documents: Path) -> None:
    documents.rename(documents.with_name("elsewhere"))
    (documents.with_name("documents")).symlink_to("elsewhere")
    assert again().reasons == (BuildReason.OTHER_FOLDER,)


# What is left out is said


def test_a_file_that_is_no_document_is_reported_each_time(again: Build, documents: Path) -> None:
    (documents / "report.pdf").write_bytes(b"%PDF")
    assert [[note.name for note in again().skipped] for _ in range(2)] == [["report.pdf"]] * 2


def test_a_note_on_a_served_document_is_given_again_when_nothing_changed(again: Build, documents: Path) -> None:
    (documents / "llama.md.annotations.toml").write_text("= not toml", "utf-8")
    assert again().skipped == again().skipped != ()


def test_a_file_that_is_gone_is_no_longer_reported(again: Build, documents: Path) -> None:
    (documents / "report.pdf").write_bytes(b"%PDF")
    (documents / "new.txt").write_text("Something new.", "utf-8")
    again()
    (documents / "report.pdf").unlink()
    assert again().skipped == ()


def test_a_document_that_becomes_unreadable_is_removed_and_reported(again: Build, documents: Path) -> None:
    (documents / "alpaca.txt").write_bytes(b"\xff")
    report = again()
    assert ([change.kind for change in report.changes], [note.name for note in report.skipped]) == (
        ["removed"],
        ["alpaca.txt"],
    )


def test_a_store_knows_when_the_documents_changed(build: Build, documents: Path, store: Path) -> None:
    build()
    manifest = Store(store).manifest()
    before = is_stale(manifest, documents)
    (documents / "new.txt").write_text("words", "utf-8")
    assert (before, is_stale(manifest, documents), is_stale(manifest, documents / "gone")) == (False, True, True)


# Whatever fails changes nothing


@pytest.fixture
def unchanged(again: Build, store: Path) -> dict[str, bytes]:
    """Return the files of the store after a first build."""
    return tree(store)


def test_documents_that_vanish_change_nothing(
    again: Build, unchanged: dict[str, bytes], documents: Path, store: Path
) -> None:
    documents.rename(documents.with_name("gone"))
    with pytest.raises(DocumentsError):
        again()
    assert tree(store) == unchanged


@pytest.mark.parametrize("name", ["llama.md", "catalog.toml"])
def test_documents_that_cannot_be_used_change_nothing(
    again: Build, unchanged: dict[str, bytes], documents: Path, store: Path, name: str
) -> None:
    (documents / "alpaca.txt").unlink()
    (documents / name).write_bytes(b"\xff")
    with pytest.raises(DocumentsError):
        again()
    assert tree(store) == unchanged


class Broken(FakeEncoder):
    """An encoder whose weights turn out to be damaged when they are first needed."""

    def encode_passages(self, texts: object) -> list[Encoding]:
        raise ModelError("the model is damaged")

    encode_questions = encode_passages


@pytest.mark.parametrize("content", [b"Something new.", None])
def test_a_model_that_fails_changes_nothing(
    unchanged: dict[str, bytes], documents: Path, store: Path, content: bytes | None
) -> None:
    if content is None:  # nothing to encode: the model is first needed when the new version is asked
        (documents / "alpaca.txt").unlink()
    else:
        (documents / "new.txt").write_bytes(content)
    with pytest.raises(ModelError):
        build_store(documents, store, Broken())
    assert tree(store) == unchanged


def test_a_new_version_that_finds_nothing_is_never_current(
    again: Build, unchanged: dict[str, bytes], documents: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(index: Index) -> None:
        raise StoreError(f"version {index.version} finds nothing")

    (documents / "new.txt").write_text("words", "utf-8")
    monkeypatch.setattr(Index, "warm_up", fail)
    with pytest.raises(StoreError, match="finds nothing"):
        again()
    assert tree(store) == unchanged


def test_an_interrupted_build_changes_nothing(unchanged: dict[str, bytes], documents: Path, store: Path) -> None:
    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "check":
            raise KeyboardInterrupt

    (documents / "new.txt").write_text("words", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        build_store(documents, store, FakeEncoder(), progress=interrupt)
    assert tree(store) == unchanged


def test_an_index_that_is_open_answers_on_while_the_store_is_rebuilt(
    build: Build, documents: Path, store: Path, encoder: FakeEncoder
) -> None:
    build()
    index = Index.open(store, encoder)
    before = answers(index)
    for number in range(7):  # more than are kept
        (documents / "new.txt").write_text(f"Something new {number}.", "utf-8")
        build()
    assert answers(index) == before


def test_the_manifest_lists_what_a_version_was_built_from(build: Build, documents: Path, store: Path) -> None:
    report = build()
    manifest = json.loads((store / "versions" / report.version / "manifest.json").read_text("utf-8"))
    assert (manifest["folder"], sorted(manifest["sources"]), manifest["rules"]["model"]) == (
        str(documents.resolve()),
        ["alpaca.txt", "catalog.toml", "llama.md"],
        FakeEncoder().fingerprint,
    )


def test_the_manifest_has_a_checksum_of_every_other_file(build: Build, store: Path) -> None:
    folder = store / "versions" / build().version
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert sorted([*manifest["files"], "manifest.json"]) == sorted(tree(folder))
