"""What names a store: a folder, or an index in Milvus with a key that is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import Settings
from index.types import MilvusAddress, parse_store_location


@pytest.mark.parametrize("text", [".index", "/srv/index", "~/index", "milvus", "a:b", "http", "C:\\index"])
def test_a_folder_is_a_path(text: str) -> None:
    assert parse_store_location(text) == Path(text)


@pytest.mark.parametrize(
    ("text", "server", "name"),
    [
        ("milvus+http://host:1234/llamas", "http://host:1234", "llamas"),
        ("milvus+https://host/llamas_2", "https://host:19530", "llamas_2"),
        ("milvus+http://[::1]:19530/a", "http://[::1]:19530", "a"),
        ("milvus+lite:///srv/try/milvus.db/llamas", "/srv/try/milvus.db", "llamas"),
    ],
)
def test_an_address_has_a_server_and_a_name_and_is_written_as_it_was(text: str, server: str, name: str) -> None:
    address = parse_store_location(text)
    assert isinstance(address, MilvusAddress)
    assert (address.server, address.name) == (server, name)
    assert parse_store_location(str(address)) == address


def test_a_lite_file_named_from_here_is_found_from_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    address = parse_store_location("milvus+lite://milvus.db/llamas")
    assert isinstance(address, MilvusAddress)
    assert address.server == str(tmp_path / "milvus.db")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\0b",
        "http://host:19530/llamas",
        "milvus://host/llamas",
        "milvus+http://host:19530",
        "milvus+http://host:19530/",
        "milvus+http://host:19530/two words",
        "milvus+http://host:19530/a/b",
        "milvus+http:///llamas",
        "milvus+http://host:99999/llamas",
        "milvus+ftp://host/llamas",
        "milvus+lite:///srv/milvus/llamas",
    ],
)
def test_what_names_no_store_is_refused_in_one_line_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        parse_store_location(text)
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize("own", ["", "root:p%40ss@"])
def test_a_key_is_taken_from_the_address_or_the_setting_and_never_shown(
    own: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHRONICLE_STORE", f"milvus+http://{own}host:19530/llamas")
    monkeypatch.setenv("CHRONICLE_STORE_TOKEN", "hush")
    settings = Settings.load()
    store = settings.for_library().store
    assert isinstance(store, MilvusAddress)
    assert store.token.get_secret_value() == ("root:p@ss" if own else "hush")
    assert not any(secret in f"{store} {store!r} {settings!r}" for secret in ("hush", "p@ss"))


def test_an_address_that_is_none_is_named_by_its_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHRONICLE_STORE", "milvus+http://me:secret@host:19530/")
    with pytest.raises(SettingsError, match=r"^CHRONICLE_STORE: [^\n]*milvus\+http") as caught:
        Settings.load()
    assert "secret" not in str(caught.value)
