"""What the answer card and the prompt say around the quotes, in the reader's language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from index.text.chinese import language_of
from index.types import Language


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language. `sure` names a confidence, surest first, from the bounds in `SURE`."""

    declined: str
    nearest: str
    title: str
    line: str
    lines: str
    also: str
    translation: str
    plain: str
    names: str
    name: str
    names_joint: str
    footer: str
    sure: tuple[str, ...]
    greeting: str
    help: str
    joint: str = "\u00a0· "  # tied, so that no line begins with it


SURE = (0.9, 0.75, 0.5, 0.2, 0.0)

WORDING: Final[Mapping[Language, Wording]] = {
    "zh-Hant": Wording(
        declined="文件裡找不到答案。",
        nearest="最接近的段落，並非答案：",
        title="《{title}》",
        line="第\u00a0{first}\u00a0行",
        lines="第\u00a0{first}–{last}\u00a0行",
        also="另見：",
        translation="英譯，非引文：",
        plain="白話，非引文：",
        names="譯名：",
        name="{written}＝{own}",
        names_joint="、",
        footer="把握：{sure}（{percent}%）· {milliseconds} 毫秒",
        sure=("很高", "高", "中等", "低", "很低"),
        greeting="請提問，繁體中文、简体中文、English 皆可。空行離開，:help 看說明。",
        help=(
            "文件怎麼寫，就怎麼引：每則引文都是原文，並附標題、章節與行號。文件裡沒有答案時，會直說沒有。\n"
            "↑ 叫出先前的問題；:help 說明；空行或 Ctrl-D 離開。例如："
        ),
    ),
    "zh-Hans": Wording(
        declined="文档里找不到答案。",
        nearest="最接近的段落，并非答案：",
        title="《{title}》",
        line="第\u00a0{first}\u00a0行",
        lines="第\u00a0{first}–{last}\u00a0行",
        also="另见：",
        translation="英译，非引文：",
        plain="白话，非引文：",
        names="译名：",
        name="{written}＝{own}",
        names_joint="、",
        footer="把握：{sure}（{percent}%）· {milliseconds} 毫秒",
        sure=("很高", "高", "中等", "低", "很低"),
        greeting="请提问，繁體中文、简体中文、English 皆可。空行退出，:help 看说明。",
        help=(
            "文档怎么写，就怎么引：每条引文都是原文，并附标题、章节与行号。文档里没有答案时，会直说没有。\n"
            "↑ 调出先前的问题；:help 说明；空行或 Ctrl-D 退出。例如："
        ),
    ),
    "en": Wording(
        declined="The documents don’t answer this.",
        nearest="Nearest passages, not an answer:",
        title="“{title}”",
        line="line\u00a0{first}",
        lines="lines\u00a0{first}–{last}",
        also="Also: ",
        translation="Translation, not a quote: ",
        plain="In plain Chinese, not a quote: ",
        names="Names: ",
        name="{written} = {own}",
        names_joint="; ",
        footer="Confidence: {sure} ({percent}%) · {milliseconds} ms",
        sure=("very high", "high", "moderate", "low", "very low"),
        greeting="Ask in 繁體中文, 简体中文 or English. An empty line ends; :help tells more.",
        help=(
            "Every answer is quoted as the documents have it, with title, section and lines. Where they hold no "
            "answer, it says so.\n"
            "↑ brings back earlier questions; :help this text; an empty line or Ctrl-D ends. For example:"
        ),
    ),
}


def reader_language(question: str) -> Language:
    """Tell in which language to speak to whoever asks `question`."""
    return language_of(question) or _chinese_of_system()


def system_language() -> Language:
    """Tell the language of the person's system."""
    return _chinese_of_system() if _system().startswith("zh") else "en"


def _chinese_of_system() -> Language:
    return "zh-Hans" if _system().startswith(("zh_cn", "zh_sg", "zh_hans")) else "zh-Hant"


def _system() -> str:
    """Give the locale, as zh_tw.utf-8; from the environment, since the system may not have it installed."""
    return next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "").lower()
