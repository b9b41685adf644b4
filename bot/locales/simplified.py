"""The Simplified Chinese texts, in the mainland's wording."""

from __future__ import annotations

from typing import Final

from bot.locales.texts import Texts

SIMPLIFIED: Final = Texts(
    not_found="文档里找不到答案。",
    nearest="最接近的段落，**并非答案**：",
    also="另见：",
    title="《{title}》",
    line="第 {first} 行",
    lines="第 {first}–{last} 行",
    cut="（节录）",
    more="更多引文（{count}）",
    more_title="更多引文",
    context="上下文",
    context_also="另一出处的上下文",
    to_traditional="转为繁体",
    to_simplified="转为简体",
    helpful="有帮助",
    unhelpful="没帮助",
    delete="删除",
    context_title="上下文",
    read_from_here="继续阅读",
    converted_to_traditional="已转换为繁体，并非原文",
    converted_to_simplified="已转换为简体，并非原文",
    original="看原文",
    original_title="原文",
    thanks_helpful="谢谢，知道了。",
    thanks_unhelpful="谢谢，这有助于找出文档的不足。",
    changed_since="索引在此之后重建过；这份文档没有变动。",
    sources_title="文档",
    document_facts="{language} · {characters} 字 · {lines} 行",
    traditional="繁体中文",
    simplified="简体中文",
    english="英文",
    references="文中列出的参考资料",
    further_documents="……另有 {count} 份：用 `/read` 按名称查找。",
    no_documents="目前没有文档。",
    read="阅读",
    page="第 {page} 页，共 {pages} 页 · {lines}",
    previous="上一页",
    next="下一页",
    jump="跳到章节",
    download="下载",
    download_note="文件原样，一个字节都没动：",
    help=(
        "### 我能做什么\n"
        "欢迎询问 Meta 的 Llama 如何兴起与衰落。我只用**文档原文**回答：逐字引用段落，并注明标题、章节与行号，"
        "让你可以查证。没有任何文字由语言模型撰写。文档没提到的，我会直说。\n"
        "### 怎么问\n"
        "- `/提问`（`/ask`）：繁体中文、简体中文或英文都可以；`私下` 选 True，就只有你看得到答案\n"
        "- 提及我、回复我，或直接给我发消息\n"
        "- 在任何消息上：应用 → `询问这条消息`\n"
        "- `/文档列表`（`/sources`）列出文档，`/阅读`（`/read`）打开其中一份\n"
        "### 请留意\n"
        "文档可能由机器撰写或改写；若是如此，每条引文都会注明。"
    ),
    privacy_kept="**会存储**：问题的数量与结果，以及不含姓名的问题本身，用来找出文档缺少什么。不存储任何提问者的信息。",
    privacy_not_kept="**会存储**：问题的数量与结果。不存储问题，也不存储任何提问者的信息。",
    status_title="状态",
    status_version="**索引**：版本 {version}",
    status_documents="**文档**：{documents} 份，共 {passages} 个段落",
    status_model="**模型**：{model}",
    status_built="**构建于**：{built}",
    status_running="**开始回答于**：{since}",
    status_loading="**回答**：尚未开始，模型加载中",
    status_answers="**问题**：过去 24 小时 {today} 个，7 天平均每天 {average} 个；{declined} 个没有答案",
    status_times="**回答时间**：中位数 {median} 毫秒，第 95 百分位 {high} 毫秒",
    status_liked="**评价**：{helpful} 次有帮助，{unhelpful} 次没帮助",
    rebuild_started="正在重建索引。这段时间仍用当前版本回答。",
    rebuild_progress="正在重建索引：{stage}，{done}／{total}。",
    rebuild_done="现在用版本 {version} 回答：{documents} 份文档、{passages} 个段落，耗时 {seconds} 秒。",
    rebuild_unchanged="没有任何变动：继续使用版本 {version}。",
    rebuild_failed="重建失败，继续使用当前版本。原因请看日志。",
    rebuild_running="已经有一个重建正在进行。",
    rebuild_skipped="未纳入",
    added="新增",
    changed="变更",
    removed="移除",
    getting_ready="准备中：模型还在加载。答案稍后会出现在这里。",
    empty="想知道什么呢？请输入问题。",
    too_long="问题太长了：最多 {limit} 个字。",
    unusable="我看不出这是什么问题，请用文字描述。",
    ask_me="问我关于 Meta 的 Llama 如何兴起与衰落：提及我并写下问题，或使用 `/ask`。",
    cooldown="请稍候：{seconds} 秒后再问。",
    busy="同时提问的人太多，队列已满。请过一分钟再试。",
    timeout="花的时间太久，我先停下来了。请再试一次。",
    unavailable="目前无法搜索文档。原因已写入运维人员的日志。",
    lost="寻找答案时出了两次错。请换个说法试试。",
    closing="我正在重新启动。请过一分钟再问。",
    unknown_document="没有这个名称的文档。`/sources` 会列出所有文档。",
    stale="文档在此之后已经变动，无法再显示同一个段落。请重新提问。",
    forgotten="这条回答的其余引文已不在了。请重新提问。",
    only_asker="只有提问者可以删除这条回答。",
    not_admin="这项功能仅供运维人员使用：机器人的拥有者，或在指定的服务器中具有“管理服务器”权限的人。",
    too_large="文件太大，无法在这里发送。",
    unexpected="我这边出了点问题。请再试一次。",
)
