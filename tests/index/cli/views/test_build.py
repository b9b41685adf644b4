"""The lines of `build`, `build --dry-run` and `info`: what was left out is grouped, and no warning is buried."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import cli
from index.cli.views.build import report_lines
from index.types import BuildReason, BuildReport, Change, Skipped, SkippedKind
from tests.fakes import FakeEncoder
from tests.index.output import rows


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoding.encoder.load_encoder", lambda *_, **__: FakeEncoder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two documents, pictures, a script, a broken document and a sidecar of nothing."""
    documents = tmp_path / "guide"
    (documents / "images").mkdir(parents=True)
    (documents / "install.md").write_text("# Install\n\n## On Linux\n\nRun **one** command.\n", "utf-8")
    (documents / "faq.txt").write_text("Where do llamas live?\n\nThey live in Peru.\n", "utf-8")
    (documents / "broken.md").write_bytes(b"A text that ends in half a character: \xe5\xad")
    (documents / "slides.pptx").write_bytes(b"PK")
    (documents / "nothing.md.annotations.toml").write_text("", "utf-8")
    for number in range(12):
        (documents / "images" / f"{number}.png").write_bytes(b"\x89PNG")
    (documents / "theme.js").write_text("x", "utf-8")
    return documents


def run(folder: Path, *arguments: str) -> int:
    return cli.main([*arguments, "--documents", str(folder), "--store", str(folder.parent / "store")])


def test_a_dry_run_lists_documents_titles_sections_and_first_passages(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "build", "--dry-run") == 0
    output = capsys.readouterr().out
    for line in (
        "install.md: “Install”, markdown, utf-8, en",
        "  § Install > On Linux",
        "      5: Run one command.",
    ):
        assert line in output
    assert "2 documents, 2 passages would be indexed" in output.splitlines()


def test_a_dry_run_loads_no_model_and_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoding.encoder.load_encoder", pytest.fail)
    before = sorted(folder.parent.rglob("*"))
    assert run(folder, "build", "--dry-run") == 0
    assert sorted(folder.parent.rglob("*")) == before


def test_a_dry_run_as_json_is_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "build", "--dry-run", "--json") == 0
    (preview,) = rows(capsys.readouterr().out)
    install = next(each for each in preview["documents"] if each["name"] == "install.md")
    assert (install["title"], install["language"], install["encoding"]) == ("Install", "en", "utf-8")
    passage = install["first_passages"][0]
    text = (folder / "install.md").read_text("utf-8")
    assert text[passage["span"]["start"] : passage["span"]["end"]] == "Run **one** command."
    assert passage["text"] == "Run one command."
    assert preview["left_out"] == {"images": 12, "script": 1} or preview["left_out"] == {
        "images": 12,
        "scripts": 1,
    }


@pytest.mark.parametrize("dry", [True, False])
def test_other_files_are_counted_and_every_skipped_document_is_named(
    dry: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "build", *(["--dry-run"] if dry else [])) == 0
    output = capsys.readouterr().out.splitlines()
    assert "left out: 12 images, 1 script" in output
    assert not any(".png" in line or ".js" in line for line in output)
    assert {line.split(":")[0] for line in output if "skipped" in line} == {
        "  skipped  broken.md",
        "  skipped  slides.pptx",
    }


def test_a_build_with_nothing_to_do_reports_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "build", "--json")
    run(folder, "build", "--json")
    first, second = rows(capsys.readouterr().out)
    assert (first["built"], second["built"]) == (True, False)
    assert first["left_out"] == second["left_out"]
    assert first["skipped"] == second["skipped"]


def test_warnings_come_last() -> None:
    notes = (
        Skipped("a.md", "not valid", SkippedKind.DOCUMENT),
        Skipped("b.md.annotations.toml", "annotations of no document that is served"),
    )
    report = BuildReport(
        version="1",
        built=True,
        changes=(Change("c.md", "added", 1, 0),),
        skipped=notes,
        documents=1,
        passages=1,
        encoded=1,
        reasons=(BuildReason.FIRST_BUILD,),
        seconds=1.0,
        left_out={"images": 1},
    )
    assert list(report_lines(report, ()))[-3:] == [
        "left out: 1 image",
        "  skipped  a.md: not valid",
        "  warning  b.md.annotations.toml: annotations of no document that is served",
    ]


def test_info_names_format_encoding_and_language(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "big5.txt").write_bytes("駱馬住在秘魯的高山上，牠們吃草，也很喜歡散步。".encode("big5"))
    run(folder, "build")
    capsys.readouterr()
    assert cli.main(["info", "--store", str(folder.parent / "store")]) == 0
    assert cli.main(["info", "--json", "--store", str(folder.parent / "store")]) == 0
    *text, last = capsys.readouterr().out.splitlines()
    files = {each["name"]: each for each in json.loads(last)["files"]}
    assert any(line.strip().startswith("install.md: markdown, utf-8, en") for line in text)
    assert files["install.md"]["format"] == "markdown"
    assert {each["language"] for each in files.values()} <= {"en", "zh-Hant"}
