"""The shared messages in Traditional Chinese, in Taiwan's wording."""

from __future__ import annotations

from typing import Final

from index.locales.messages import Messages

TRADITIONAL: Final = Messages(
    declined="文件裡找不到答案。",
    unsure="不太確定，答案可能在這裡：",
    nearest="最接近的段落，但不是答案：",
    searched_for="實際搜尋的是：{question}",
    desk_greeting="你好！想知道文件裡的什麼，儘管問，我會引用原文回答。",
    desk_thanks="很高興幫得上忙，隨時歡迎再問。",
    desk_abilities="用中文或英文提問就行：我會找出能回答的段落，逐字引用，並註明出處。",
    desk_limits="文件裡找不到答案，我會直說。我不閒聊、不寫摘要，也不上網查資料。",
    desk_maker="我是 Llama Chronicle，由 Llama Chronicle 開發團隊製作的開源程式，專門從文件裡找出段落並引用。",
    desk_nature="我不是真人，也不是聊天機器人；回答時不會由語言模型生成任何文字。",
    desk_about="文件的主題：{about}。",
    desk_titles="文件（{count} 份）：{titles}",
    desk_quotes="每則引文都是文件原文，並附上位置，你可以自行查證；至於文件說得對不對，我無從判斷。",
    desk_sources="文件的性質：{sources}",
    desk_no_sources="文件的來源沒有註明。",
    desk_no_summary="我不寫摘要，只引用文件原文，一次回答一個問題。",
    desk_more="{listed}，另有 {count} 份",
    desk_separator="；",
    title="《{title}》",
    qualified="{title}（{qualifier}）",
    line="第 {first} 行",
    lines="第 {first}–{last} 行",
    source_page="第 {page} 頁",
    cited_also="{first}；另見 {others}",
    excerpt="（節錄）",
    image="圖片：{alternative}",
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
