"""Documents by the thousand passages, the same for the same seed, and an edit of one paragraph in the middle."""

from __future__ import annotations

import random
from pathlib import Path

_COMMON = (
    "的一是不了在人有我他这中大来上个国和也子时道说出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者"
    "多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从知使明问力理尔点文几开给长向高信全外光实战再由"
)
_FILE = 1000  # paragraphs of one document
_SECTION = 12  # paragraphs of one section


def write_documents(folder: Path, paragraphs: int, *, seed: int = 0, sections: bool = True) -> None:
    """Write Markdown documents of some `paragraphs` paragraphs of 1 to 5 sentences; some three make a passage."""
    dice = random.Random(seed)  # noqa: S311  not for secrets
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(0, paragraphs, _FILE):
        blocks = [f"# {_words(dice, 4, 10)}"]
        for at in range(min(_FILE, paragraphs - number)):
            if sections and at % _SECTION == 0:
                blocks.append(f"## {_words(dice, 4, 10)}")
            blocks.append("".join(f"{_words(dice, 8, 40)}。" for _ in range(dice.randint(1, 5))))
        (folder / f"{number // _FILE:03}.md").write_text("\n\n".join(blocks) + "\n", "utf-8")


def edit_paragraph(file: Path, *, seed: int = 1) -> None:
    """Insert another sentence of another length after the first of the paragraph in the middle of `file`."""
    blocks = file.read_text("utf-8").split("\n\n")
    middle = next(at for at in range(len(blocks) // 2, len(blocks)) if not blocks[at].startswith("#"))
    first, rest = blocks[middle].split("。", 1)
    blocks[middle] = f"{first}。{_words(random.Random(seed), 10, 30)}。{rest}"  # noqa: S311  not for secrets
    file.write_text("\n\n".join(blocks), "utf-8")


def _words(dice: random.Random, least: int, most: int) -> str:
    return "".join(dice.choices(_COMMON, k=dice.randint(least, most)))
