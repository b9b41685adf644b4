"""The Traditional Chinese texts, in Taiwan's wording."""

from __future__ import annotations

from typing import Final

from bot.locales.texts import Texts

TRADITIONAL: Final = Texts(
    not_found="文件裡找不到答案。",
    nearest="最接近的段落，**並非答案**：",
    also="另見：",
    title="《{title}》",
    line="第 {first} 行",
    lines="第 {first}–{last} 行",
    cut="（節錄）",
    more="更多引文（{count}）",
    more_title="更多引文",
    context="前後文",
    context_also="另一出處的前後文",
    to_traditional="轉為繁體",
    to_simplified="轉為簡體",
    helpful="有幫助",
    unhelpful="沒幫助",
    delete="刪除",
    context_title="前後文",
    read_from_here="繼續閱讀",
    converted_to_traditional="已轉換為繁體，並非原文",
    converted_to_simplified="已轉換為簡體，並非原文",
    original="看原文",
    original_title="原文",
    thanks_helpful="謝謝，知道了。",
    thanks_unhelpful="謝謝，這有助於找出文件的不足。",
    changed_since="索引在此之後重建過；這份文件沒有變動。",
    sources_title="文件",
    document_facts="{language} · {characters} 字 · {lines} 行",
    traditional="繁體中文",
    simplified="簡體中文",
    english="英文",
    references="文中列出的參考資料",
    further_documents="……另有 {count} 份：用 `/read` 依名稱尋找。",
    no_documents="目前沒有文件。",
    read="閱讀",
    page="第 {page} 頁，共 {pages} 頁 · {lines}",
    previous="上一頁",
    next="下一頁",
    jump="跳到章節",
    download="下載",
    download_note="檔案原樣，一個位元組都沒動：",
    help=(
        "### 我能做什麼\n"
        "歡迎詢問 Meta 的 Llama 如何興起與衰落。我只用**文件原文**回答：逐字引用段落，並註明標題、章節與行號，"
        "讓你可以查證。沒有任何文字由語言模型撰寫。文件沒提到的，我會直說。\n"
        "### 怎麼問\n"
        "- `/提問`（`/ask`）：繁體中文、簡體中文或英文都可以；`私下` 選 True，就只有你看得到答案\n"
        "- 標記我、回覆我，或直接傳訊息給我\n"
        "- 在任何訊息上：應用程式 → `詢問這則訊息`\n"
        "- `/文件列表`（`/sources`）列出文件，`/閱讀`（`/read`）打開其中一份\n"
        "### 請留意\n"
        "文件可能由機器撰寫或改寫；若是如此，每則引文都會註明。"
    ),
    privacy_kept="**會儲存**：問題的數量與結果，以及不含姓名的問題本身，用來找出文件缺少什麼。不儲存任何提問者的資料。",
    privacy_not_kept="**會儲存**：問題的數量與結果。不儲存問題，也不儲存任何提問者的資料。",
    status_title="狀態",
    status_version="**索引**：版本 {version}",
    status_documents="**文件**：{documents} 份，共 {passages} 個段落",
    status_model="**模型**：{model}",
    status_built="**建立於**：{built}",
    status_running="**開始回答於**：{since}",
    status_loading="**回答**：尚未開始，模型載入中",
    status_answers="**問題**：過去 24 小時 {today} 題，7 天平均每天 {average} 題；{declined} 題沒有答案",
    status_times="**回答時間**：中位數 {median} 毫秒，第 95 百分位 {high} 毫秒",
    status_liked="**評價**：{helpful} 次有幫助，{unhelpful} 次沒幫助",
    rebuild_started="正在重建索引。這段時間仍以目前的版本回答。",
    rebuild_progress="正在重建索引：{stage}，{done}／{total}。",
    rebuild_done="現在以版本 {version} 回答：{documents} 份文件、{passages} 個段落，費時 {seconds} 秒。",
    rebuild_unchanged="沒有任何變動：繼續使用版本 {version}。",
    rebuild_failed="重建失敗，繼續使用目前的版本。原因請見記錄檔。",
    rebuild_running="已經有一個重建正在進行。",
    rebuild_skipped="未納入",
    added="新增",
    changed="變更",
    removed="移除",
    getting_ready="準備中：模型還在載入。答案稍後會出現在這裡。",
    empty="想知道什麼呢？請輸入問題。",
    too_long="問題太長了：最多 {limit} 個字。",
    unusable="我看不出這是什麼問題，請用文字描述。",
    ask_me="問我關於 Meta 的 Llama 如何興起與衰落：標記我並寫下問題，或使用 `/ask`。",
    cooldown="請稍候：{seconds} 秒後再問。",
    busy="同時提問的人太多，佇列已滿。請過一分鐘再試。",
    timeout="花的時間太久，我先停下來了。請再試一次。",
    unavailable="目前無法搜尋文件。原因已寫入維運人員的記錄檔。",
    lost="尋找答案時出了兩次錯。請換個說法試試。",
    closing="我正在重新啟動。請過一分鐘再問。",
    unknown_document="沒有這個名稱的文件。`/sources` 會列出所有文件。",
    stale="文件在此之後已經變動，無法再顯示同一個段落。請重新提問。",
    forgotten="這則回答的其餘引文已不在了。請重新提問。",
    only_asker="只有提問者可以刪除這則回答。",
    not_admin="這項功能僅供維運人員使用：機器人的擁有者，或在指定的伺服器中具有「管理伺服器」權限的人。",
    too_large="檔案太大，無法在這裡傳送。",
    unexpected="我這邊出了點問題。請再試一次。",
)
