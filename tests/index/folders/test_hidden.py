"""What a reader of the rendered document cannot see is neither indexed nor quoted."""

from __future__ import annotations

import pytest

from index.types import Answer
from tests.index.folders.conftest import OTHERS, Ask

HIDDEN = "The vault code is 7316."
SHOWN = "The vault is in the cellar."


def shown(answer: Answer) -> str:
    return "\n".join(quote.text for quote in answer.quotes or answer.nearest)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", f"# Vault\n\n<!-- {HIDDEN} -->\n\n{SHOWN}\n"),
        ("a.md", f"# Vault\n\n<!--\n\n{HIDDEN}\n\n-->\n\n{SHOWN}\n"),
        ("a.md", f"# Vault\n\n<div hidden>\n\n{HIDDEN}\n\n</div>\n\n{SHOWN}\n"),
        ("a.md", f"# Vault\n\n<p style='display: none'>{HIDDEN}</p>\n\n{SHOWN}\n"),
        ("a.md", f"# Vault\n\n<script>\nlet a = '{HIDDEN}';\n</script>\n\n{SHOWN}\n"),
        ("a.md", f"# Vault\n\n<style>\n/* {HIDDEN} */\n</style>\n\n{SHOWN}\n"),
        ("a.md", f"---\ntitle: Vault\nnote: {HIDDEN}\n---\n\n{SHOWN}\n"),
        ("a.md", f'+++\ntitle = "Vault"\nnote = "{HIDDEN}"\n+++\n\n{SHOWN}\n'),
        ("a.mdx", f"# Vault\n\n{{/* {HIDDEN} */}}\n\n{SHOWN}\n"),
        ("a.mdx", f'import Vault from "{HIDDEN}";\n\n# Vault\n\n{SHOWN}\n'),
        ("a.md", f"# Vault\n\n%% {HIDDEN} %%\n\n{SHOWN}\n"),
        ("a.md", f"# Vault\n\n%% {HIDDEN}\nMore of it. %%\n\n{SHOWN}\n"),
        ("a.md", f"# Vault\n\n{{% capture note %}}{HIDDEN}{{% endcapture %}}\n\n{SHOWN}\n"),
        ("a.md", f"(vault)=\n# Vault\n\n% {HIDDEN}\n\n{SHOWN}\n"),
        ("a.md", f'# Vault\n\n+++ {{"note": "{HIDDEN}"}}\n\n{SHOWN}\n'),
        ("a.md", f"# Vault\n\n```{{note}}\n:name: {HIDDEN}\n{SHOWN}\n```\n"),
        ("a.rst", f"Vault\n=====\n\n.. only:: internal\n\n   {HIDDEN}\n\n{SHOWN}\n"),
        ("a.html", f"<title>Vault</title><!-- {HIDDEN} --><p hidden>{HIDDEN}</p><p>{SHOWN}</p>"),
    ],
)
def test_a_hidden_sentence_is_never_shown(name: str, text: str, ask: Ask) -> None:
    answer = ask("What is the code of the vault?", {name: text, **OTHERS})
    assert "7316" not in shown(answer)
    assert SHOWN in shown(answer)


def test_a_data_address_gives_no_passages(ask: Ask) -> None:
    picture = "R0lGODlhAQABAIAAAP" * 600
    answer = ask(
        "Where is the lift?",
        {"plan.md": f"# Plan\n\nThe lift is left.\n\n![x](data:image/gif;base64,{picture})\n"},
    )
    assert "R0lGOD" not in shown(answer)
    assert len(answer.quotes or answer.nearest) == 1


@pytest.mark.parametrize("marker", ["---", "+++", "***"])
def test_text_between_rules_is_text_where_it_is_no_front_matter(marker: str, ask: Ask) -> None:
    text = (
        f"{marker}\n\nThe fee is due within nine days of signing.\n\n{marker}\n\nThe course is in the old mill.\n"
    )
    answer = ask("When is the fee due?", {"course.md": text, **OTHERS})
    assert "within nine days" in shown(answer)


@pytest.mark.parametrize("depth", ["deep", "deep/er"])
def test_a_readme_below_the_root_is_a_document(depth: str, ask: Ask) -> None:
    readme = "# Cloakroom\n\nForgotten scarves are kept for forty days.\n"
    answer = ask("How long are scarves kept?", {f"{depth}/README.md": readme, **OTHERS})
    assert "forty days" in shown(answer)
