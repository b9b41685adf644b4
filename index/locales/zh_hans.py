"""The shared messages in Simplified Chinese, in the mainland's wording."""

from __future__ import annotations

from typing import Final

from index.locales.messages import Messages

SIMPLIFIED: Final = Messages(
    declined="文档里找不到答案。",
    unsure="不太确定，答案可能在这里：",
    nearest="最接近的段落，但不是答案：",
    searched_for="实际搜索的是：{question}",
    desk_greeting="你好！想了解文档里的什么内容，尽管问，我会引用原文回答。",
    desk_thanks="很高兴能帮上忙，欢迎随时再问。",
    desk_abilities="用中文或英文提问就行：我会找到能回答的段落，逐字引用，并注明出处。",
    desk_limits="文档里找不到答案，我会直说。我不闲聊、不写摘要，也不上网查资料。",
    desk_maker="我是 Llama Chronicle，由 Llama Chronicle 开发团队制作的开源程序，专门从文档里查找段落并引用。",
    desk_nature="我不是真人，也不是聊天机器人；回答时不会由语言模型生成任何文字。",
    desk_about="文档的主题：{about}。",
    desk_titles="文档（{count} 份）：{titles}",
    desk_quotes="每条引文都是文档原文，并附上位置，你可以自行核对；至于文档说得对不对，我无从判断。",
    desk_sources="文档的性质：{sources}",
    desk_no_sources="文档的来源没有注明。",
    desk_no_summary="我不写摘要，只引用文档原文，一次回答一个问题。",
    desk_more="{listed}，另有 {count} 份",
    desk_separator="；",
    title="《{title}》",
    qualified="{title}（{qualifier}）",
    line="第 {first} 行",
    lines="第 {first}–{last} 行",
    source_page="第 {page} 页",
    cited_also="{first}；另见 {others}",
    excerpt="（节选）",
    image="图片：{alternative}",
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
