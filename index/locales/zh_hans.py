"""The shared messages in Simplified Chinese, in the mainland's wording."""

from __future__ import annotations

from typing import Final

from index.locales.messages import Messages

SIMPLIFIED: Final = Messages(
    declined="文档里找不到答案。",
    unsure="不太确定，答案可能在这里：",
    nearest="最接近的段落，但不是答案：",
    searched_for="实际搜索的是：{question}",
    title="《{title}》",
    line="第 {first} 行",
    lines="第 {first}–{last} 行",
    source_page="第 {page} 页",
    cited_also="{first}；另见 {others}",
    excerpt="（节选）",
    labelled="{label}：{text}",
    drafted="{label}（{model}）",
    translation="机器翻译，未经核对",
    restatement="改写成通顺中文，非原文；由语言模型起草，未经核对",
    checked_translation="译文，非原文",
    checked_restatement="改写成通顺中文，非原文",
    terminology="用语对照",
    term_pair="{written}＝{localized}",
    term_separator="、",
    traditional="繁体中文",
    simplified="简体中文",
    english="英文",
    cantonese="粤语",
    japanese="日文",
    korean="韩文",
)
