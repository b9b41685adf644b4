"""Command names and descriptions in the languages of Discord's clients."""

from __future__ import annotations

from typing import Final

import discord
from discord import app_commands

# English text of a name or description: (zh-TW, zh-CN).
_TRANSLATIONS: Final[dict[str, tuple[str, str]]] = {
    "ask": ("提問", "提问"),
    "Ask the documents: the answer is quoted word for word": (
        "詢問文件：以逐字引文回答",
        "询问文档：以逐字引文回答",
    ),
    "question": ("問題", "问题"),
    "What you want to know, in Chinese or English": ("想知道的事，中文或英文", "想知道的事，中文或英文"),
    "private": ("私下", "私下"),
    "Show the answer to you alone": ("只有你看得到答案", "只有你看得到答案"),
    "document": ("文件", "文档"),
    "Search this document only": ("只搜尋這份文件", "只搜索这份文档"),
    "Ask about this": ("詢問這則訊息", "询问这条消息"),
    "sources": ("文件列表", "文档列表"),
    "The documents, where they come from, and the sources they name": (
        "有哪些文件、從哪裡來、引用哪些資料",
        "有哪些文档、从哪里来、引用哪些资料",
    ),
    "read": ("閱讀", "阅读"),
    "Read a document page by page, or download it": ("逐頁閱讀文件，或下載檔案", "逐页阅读文档，或下载文件"),
    "The document to read": ("要閱讀的文件", "要阅读的文档"),
    "section": ("章節", "章节"),
    "Start at this section": ("從這個章節開始", "从这个章节开始"),
    "help": ("說明", "帮助"),
    "What this bot does, how to ask, and what it stores": (
        "機器人能做什麼、怎麼問、會儲存什麼",
        "机器人能做什么、怎么问、会存储什么",
    ),
    "setup": ("設定", "设置"),
    "Which permissions the bot lacks here, and what to do next (admins only)": (
        "機器人在這裡還缺哪些權限、接下來該做什麼（僅限管理員）",
        "机器人在这里还缺哪些权限、接下来该做什么（仅限管理员）",
    ),
    "status": ("狀態", "状态"),
    "How the bot is doing (admins only)": ("機器人的狀況（僅限管理員）", "机器人的状况（仅限管理员）"),
    "rebuild": ("重建索引", "重建索引"),
    "Build the index anew from the documents (admins only)": (
        "依文件重建索引（僅限管理員）",
        "按文档重建索引（仅限管理员）",
    ),
    "Report to you alone, as it does unless you say False": (
        "只回報給你；選 False 才讓大家看到",
        "只向你报告；选 False 才让大家看到",
    ),
    "rollback": ("退回版本", "回退版本"),
    "Answer from an earlier version of the index (admins only)": (
        "改用較早的索引版本回答（僅限管理員）",
        "改用较早的索引版本回答（仅限管理员）",
    ),
    "gaps": ("未答問題", "未答问题"),
    "What was asked and not answered, or not helpfully (admins only)": (
        "哪些問題沒有答好（僅限管理員）",
        "哪些问题没有答好（仅限管理员）",
    ),
    "days": ("天數", "天数"),
    "How many days to look back, 30 unless you say so": (
        "往回看幾天，不填就是 30 天",
        "往回看几天，不填就是 30 天",
    ),
    "forget": ("刪除提問記錄", "删除提问记录"),
    "Delete what I have kept of the questions you asked": (
        "刪除我保存的、你問過的問題",
        "删除我保存的、你问过的问题",
    ),
    "version": ("版本", "版本"),
    "The version to go back to; without it, the one before": (
        "要退回的版本；不填就是前一個",
        "要回退到的版本；不填就是前一个",
    ),
}


class CommandTranslator(app_commands.Translator):
    """Translates the command tree into zh-TW and zh-CN; English is the tree's own."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return `string` in `locale`; None keeps the English text."""
        translated = _TRANSLATIONS.get(string.message)
        if translated is None:
            return None
        if locale is discord.Locale.taiwan_chinese:
            return translated[0]
        return translated[1] if locale is discord.Locale.chinese else None
