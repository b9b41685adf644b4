"""The shared messages in Traditional Chinese, in Taiwan's wording."""

from __future__ import annotations

from typing import Final

from index.locales.messages import Messages

TRADITIONAL: Final = Messages(
    declined="文件裡找不到答案。",
    unsure="不太確定，答案可能在這裡：",
    nearest="最接近的段落，但不是答案：",
    searched_for="實際搜尋的是：{question}",
    title="《{title}》",
    line="第 {first} 行",
    lines="第 {first}–{last} 行",
    source_page="第 {page} 頁",
    cited_also="{first}；另見 {others}",
    excerpt="（節錄）",
    labelled="{label}：{text}",
    drafted="{label}（{model}）",
    translation="機器翻譯，未經核對",
    restatement="改寫成通順中文，非原文；由語言模型草擬，未經核對",
    checked_translation="譯文，非原文",
    checked_restatement="改寫成通順中文，非原文",
    terminology="用語對照",
    term_pair="{written}＝{localized}",
    term_separator="、",
    traditional="繁體中文",
    simplified="簡體中文",
    english="英文",
    cantonese="粵語",
    japanese="日文",
    korean="韓文",
)
