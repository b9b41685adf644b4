"""Texts of the terminal alone: the answer's footer, the prompt, and the system's language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from index.types import Language


@dataclass(frozen=True, slots=True)
class TerminalMessages:
    """Texts of one language; `confidence_words` go from the surest down, as `CONFIDENCE_BOUNDS` do."""

    footer: str
    more: str
    confidence_words: tuple[str, ...]
    greeting: str
    help: str


CONFIDENCE_BOUNDS: Final = (0.9, 0.75, 0.5, 0.2, 0.0)

TERMINAL_MESSAGES: Final[Mapping[Language, TerminalMessages]] = {
    "zh-Hant": TerminalMessages(
        footer="把握：{confidence}（{percent}%）· {milliseconds} 毫秒",
        more=" · 另有 {count} 則引文：--full，或在提示字元下輸入 :full",
        confidence_words=("很高", "高", "中等", "低", "很低"),
        greeting="請提問，繁體中文、简体中文、English 皆可。空行離開，:help 看說明。",
        help=(
            "文件怎麼寫，就怎麼引：每則引文都是原文，並附標題、章節與行號。文件裡沒有答案時，會直說沒有。\n"
            "↑ 叫出先前的問題；:full 顯示上一則回答的完整段落，:source 顯示其原始文字；:help 說明；"
            "空行或 Ctrl-D 離開。例如："
        ),
    ),
    "zh-Hans": TerminalMessages(
        footer="把握：{confidence}（{percent}%）· {milliseconds} 毫秒",
        more=" · 另有 {count} 条引文：--full，或在提示符下输入 :full",
        confidence_words=("很高", "高", "中等", "低", "很低"),
        greeting="请提问，繁體中文、简体中文、English 皆可。空行退出，:help 看说明。",
        help=(
            "文档怎么写，就怎么引：每条引文都是原文，并附标题、章节与行号。文档里没有答案时，会直说没有。\n"
            "↑ 调出先前的问题；:full 显示上一条回答的完整段落，:source 显示其原始文本；:help 说明；"
            "空行或 Ctrl-D 退出。例如："
        ),
    ),
    "en": TerminalMessages(
        footer="Confidence: {confidence} ({percent}%) · {milliseconds} ms",
        more=" · {count} more: --full, or :full at the prompt",
        confidence_words=("very high", "high", "moderate", "low", "very low"),
        greeting="Ask in 繁體中文, 简体中文 or English. An empty line ends; :help shows more.",
        help=(
            "Every answer is quoted as the documents have it, with title, section and lines. Where they hold no "
            "answer, it says so.\n"
            "↑ brings back earlier questions; :full shows the last answer's passages whole, :source with their "
            "markup; :help this text; an empty line or Ctrl-D ends. For example:"
        ),
    ),
}


def system_language() -> Language:
    """Return the language of the user's system, from the environment: the locale need not be installed."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "").lower()
    if not locale.startswith("zh"):
        return "en"
    return "zh-Hans" if locale.startswith(("zh_cn", "zh_sg", "zh_hans")) else "zh-Hant"
