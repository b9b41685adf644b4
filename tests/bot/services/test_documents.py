"""The documents of the version that answers, as the bot reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.services.documents import DocumentLibrary
from tests.bot.conftest import Stage


async def test_pages_that_could_not_be_made_once_are_made_at_the_next_request(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    documents = stage.bot.services.documents
    document = (await documents.library()).documents[0]
    make, failures = DocumentLibrary._page, [MemoryError()]

    def fail_first(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return make(*arguments)

    monkeypatch.setattr(DocumentLibrary, "_page", fail_first)
    with pytest.raises(MemoryError):
        await documents.paged(document)

    assert (await documents.paged(document)).document == document
