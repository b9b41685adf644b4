"""The language of a document by its prose."""

from __future__ import annotations

import pytest

from index.text.language import document_language


@pytest.mark.parametrize(
    ("prose", "language"),
    [
        ("", "en"),
        ("Plain words.", "en"),
        ("The word 說 means to say. Homework is due every Thursday at noon.", "en"),
        ("Der Müllwagen kommt am Dienstag.", "en"),
        ("先在 command line 執行 npm install，再重新啟動服務。", "zh-Hant"),
        ("先在 command line 执行 npm install，再重新启动服务。", "zh-Hans"),
        ("大家好", "zh-Hans"),
        ("使用 `const wait = command.cooldown` 與 https://example.org/a/long/address/of/words 設定", "zh-Hant"),
        ("個鋪頭喺邊度？佢哋話嗰間嘢食好好味，不過冇位坐。", "yue"),
        ("他們說那間店的東西很好吃，不過沒有位子坐，佢不是國語。", "zh-Hant"),
        ("図書館は月曜日に休みです。本は三週間借りられます。", "ja"),
        ("東京都議会議員選挙の投票結果が発表された", "ja"),
        ("도서관은 월요일에 쉽니다. 책은 삼 주 동안 빌릴 수 있습니다.", "ko"),
        ("圖書館 means 도서관 in Korean, and 図書館 in Japanese, as every reader knows.", "en"),
    ],
)
def test_the_language_is_that_of_most_of_the_prose(prose: str, language: str) -> None:
    assert document_language(prose) == language
