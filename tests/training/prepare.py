"""Lay out the training corpora of sources.toml: `python -m tests.training.prepare FOLDER --bench BENCH`.

Needs git and the network. BENCH holds the public sets, in the form that `evaluate --bench` reads.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.text.chinese import converter

HERE = Path(__file__).parent
HELD_OUT = "held-out"  # the folder, beside the training corpora, of those that the confidence is fitted to


def main() -> None:
    """Write one folder or file for each corpus into the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.training.prepare", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bench", type=Path, required=True)
    arguments = parser.parse_args()
    prepare(arguments.folder, arguments.bench)


def prepare(folder: Path, bench: Path) -> None:
    """Write the corpora that are not there yet."""
    sources = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))
    for source in sources["set"]:
        if not (folder / source["name"]).exists():
            shutil.copytree(bench / source["name"], folder / source["name"])
    for source in sources["squad"]:
        if not (folder / f"{source['name']}.json").exists():
            (content,) = _files_of(source, [source["file"]])
            (folder / f"{source['name']}.json").write_text(_squad(content, source, bench), "utf-8")
    for source in sources["folder"]:
        _write_folder(source, folder, bench)


def _write_folder(source: dict[str, Any], data: Path, bench: Path) -> None:
    """Write a folder of documents with its questions into `data`; if it is held out, where no training looks."""
    folder = (data / HELD_OUT if source.get("held_out") else data) / f"questions-{source['name']}"
    if folder.exists():
        return
    questions = HERE / "questions" / f"{source['name']}.jsonl"
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    names = sorted({row["file"] for row in rows if "file" in row})
    texts = _texts(source, names, data, bench)
    convert = converter(source["opencc"]).convert if "opencc" in source else str
    for name, text in zip(names, texts, strict=True):
        path = folder / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(convert(text), "utf-8")
    shutil.copy(questions, folder / "questions.jsonl")


def _texts(source: dict[str, Any], names: list[str], data: Path, bench: Path) -> Iterable[str]:
    """Return a repository's files, or paragraphs of a public set or of the SQuAD file that is already in `data`."""
    if "set" in source:
        paragraphs = _paragraphs_of_set(bench / source["set"])
    elif "squad" in source:
        paragraphs = _paragraphs_of_squad(data / f"{source['squad']}.json")
    else:
        return _files_of(source, [_in_repository(name, source) for name in names])
    return [paragraphs[name] for name in names]


def _in_repository(name: str, source: dict[str, Any]) -> str:
    """Return the path of a document in its repository, where `extension` stands for .md, or `suffix` is added."""
    extension: str = source.get("extension", "")
    suffix: str = source.get("suffix", "")
    return (name.removesuffix(".md") if extension else name) + extension + suffix


def _files_of(source: dict[str, Any], names: list[str]) -> Iterator[str]:
    """Yield the files of a repository at its commit."""
    with TemporaryDirectory() as clone:
        _git(clone, "init", "--quiet")
        _git(clone, "fetch", "--quiet", "--depth=1", source["repository"], source["commit"])
        for name in names:
            yield _git(clone, "show", f"FETCH_HEAD:{name}")


def _paragraphs_of_set(folder: Path) -> dict[str, str]:
    rows = map(json.loads, (folder / "corpus.jsonl").read_text("utf-8").splitlines())
    return {f"{row['id']}.md": _paragraph(row["title"], row["text"]) for row in rows}


def _paragraphs_of_squad(path: Path) -> dict[str, str]:
    return {
        f"{paragraph['id']}.md": _paragraph(article["title"], paragraph["context"])
        for article in json.loads(path.read_text("utf-8"))["data"]
        for paragraph in article["paragraphs"]
    }


def _paragraph(title: str, text: str) -> str:
    return f"# {title}\n\n{text}\n"


def _squad(content: str, source: dict[str, Any], bench: Path) -> str:
    """Return a SQuAD file; with `questions_of`, only that set's questions, in its words."""
    data = json.loads(content)
    if "questions_of" in source:
        path = bench / source["questions_of"] / "queries.jsonl"
        words = {row["id"]: row["text"] for row in map(json.loads, path.read_text("utf-8").splitlines())}
        for article in data["data"]:
            for paragraph in article["paragraphs"]:
                known = [each for each in paragraph["qas"] if each["id"] in words]
                paragraph["qas"] = [{**each, "question": words[each["id"]]} for each in known]
    return json.dumps(data, ensure_ascii=False)


def _git(folder: str, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "core.quotepath=off", *arguments],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout


if __name__ == "__main__":
    main()
