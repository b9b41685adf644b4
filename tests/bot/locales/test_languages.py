"""Three languages: of the question, of the asker's client, and of the commands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from string import Formatter

import discord
import pytest

from bot.locales import Messages, language_for, messages_in
from bot.locales.commands import _TRANSLATIONS
from index import LANGUAGES, Language, Skipped, SkippedKind
from index.corpus.annotations.glossary import read_glossary
from index.indexing.left_out import count_left_out
from index.text.spelling.glossary import whole
from tests.bot.conftest import Stage, shown

Speak = Callable[[str], None]
TEXTS = [field.name for field in fields(Messages) if field.name != "left_out_kinds"]
TAIWAN, MAINLAND, AMERICAN = discord.Locale.taiwan_chinese, discord.Locale.chinese, discord.Locale.american_english


@pytest.mark.parametrize(
    ("question", "locale", "language"),
    [
        ("Llama 團隊還剩下多少人？", AMERICAN, "zh-Hant"),
        ("Llama 团队还剩下多少人？", TAIWAN, "zh-Hans"),
        ("How many are left?", TAIWAN, "en"),
        ("Meta 的人", TAIWAN, "zh-Hant"),
        ("Meta 的人", MAINLAND, "zh-Hans"),
        ("Meta 的人", AMERICAN, "zh-Hant"),
        ("🦙🦙", MAINLAND, "zh-Hans"),
        ("???", None, "en"),
    ],
)
def test_a_reply_speaks_the_questions_language(
    question: str, locale: discord.Locale | None, language: Language
) -> None:
    assert language_for(question, locale) == language


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("明天的天氣如何？", "文件裡找不到答案。"),
        ("明天的天氣如何？ 软件", "文件裡找不到答案。"),
        ("weather?", "The documents don’t answer this."),
    ],
)
async def test_an_answer_speaks_the_questions_language(stage: Stage, question: str, line: str) -> None:
    result = await stage.alice.slash(stage.channel, "ask", question=question)

    assert line in shown(result.response)


@pytest.mark.parametrize(
    ("locale", "line"),
    [("zh-TW", "我能做什麼"), ("zh-CN", "我能做什么"), ("en-GB", "What I do"), ("ja", "What I do")],
)
async def test_a_bare_command_speaks_the_clients_language(
    stage: Stage, speak: Speak, locale: str, line: str
) -> None:
    speak(locale)
    result = await stage.alice.slash(stage.channel, "help")

    assert line in shown(result.response)


@pytest.mark.parametrize(("locale", "line"), [("zh-TW", "請輸入問題"), ("zh-CN", "请输入问题")])
async def test_a_refusal_speaks_the_clients_language_where_there_is_no_question(
    stage: Stage, speak: Speak, locale: str, line: str
) -> None:
    speak(locale)
    result = await stage.alice.slash(stage.channel, "ask", question=" ")

    assert line in shown(result.response)


@pytest.mark.parametrize(
    ("locale", "expected"), [("zh-TW", "Llama 團隊還剩下多少人？"), ("zh-CN", "Llama 团队还剩下多少人？")]
)
async def test_questions_are_offered_in_the_clients_language(
    stage: Stage, speak: Speak, locale: str, expected: str
) -> None:
    speak(locale)
    choices = await stage.alice.autocomplete(stage.channel, "ask", "question", "")

    assert choices[0]["value"] == expected


@pytest.mark.parametrize("kind", ["person", "company", "model", "team"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_what_the_given_documents_are_about(language: Language, kind: str) -> None:
    terms, _ = read_glossary((Path(__file__).parents[3] / "documents" / "glossary.toml").read_bytes())
    names = {
        name for term in terms if term.kind == kind for name in (term.hant, term.hans, term.en, *term.aliases)
    }
    said = [getattr(messages_in(language), name) for name in TEXTS]
    said += [text for english, others in _TRANSLATIONS.items() for text in (english, *others)]
    said = [str(text).replace("Llama Chronicle", "") for text in said]  # the bot's own name

    assert names
    assert [name for name in names if any(re.search(whole(name), text, re.IGNORECASE) for text in said)] == []


async def test_every_command_and_option_is_translated(stage: Stage) -> None:
    commands = list(stage.env.backend.commands[None].values())
    assert {command["name"] for command in commands} == {
        "ask",
        "sources",
        "read",
        "help",
        "setup",
        "status",
        "rebuild",
        "rollback",
        "gaps",
        "forget",
        "Ask about this",
    }
    for item in [*commands, *(option for command in commands for option in command.get("options") or [])]:
        for key in ("name", "description"):
            if item.get(key):
                assert set(item[f"{key}_localizations"]) == {"zh-TW", "zh-CN"}, item[key]


async def test_commands_work_in_servers_direct_messages_and_user_installs(stage: Stage) -> None:
    commands = {command["name"]: command for command in stage.env.backend.commands[None].values()}
    for name in ("ask", "sources", "read", "help", "forget", "Ask about this"):
        assert sorted(commands[name]["contexts"]) == [0, 1, 2]
        assert sorted(commands[name]["integration_types"]) == [0, 1]
    for name in ("status", "rebuild", "rollback", "gaps"):
        assert commands[name]["default_member_permissions"] == discord.Permissions(manage_guild=True).value


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_holds_markdown(language: Language) -> None:
    texts = {name: getattr(messages_in(language), name) for name in TEXTS}
    markdown = re.compile(r"[*`~|<>]|(?m:^[-#>])|(?<![a-z])_")

    assert [name for name, text in texts.items() if not text.strip() or markdown.search(text)] == []


def test_every_text_has_the_same_blanks_in_each_language() -> None:
    def blanks(language: Language, name: str) -> list[str]:
        parts = Formatter().parse(getattr(messages_in(language), name))
        return sorted(blank for _, blank, _, _ in parts if blank)

    for name in TEXTS:
        in_each = {language: blanks(language, name) for language in LANGUAGES}
        assert in_each["zh-Hant"] == in_each["zh-Hans"] == in_each["en"], name


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_chinese_texts_use_full_width_punctuation(language: Language) -> None:
    for name in TEXTS:
        text = getattr(messages_in(language), name)
        assert not re.search(r"[\u4e00-\u9fff][,.:;!?()]|[,:;!?][\u4e00-\u9fff]", text), name


@pytest.mark.parametrize("foreign", ["服务", "软件", "信息", "视频", "默认", "服務器", "軟件", "消息", "用戶"])
def test_traditional_texts_use_taiwans_words(foreign: str) -> None:
    messages = messages_in("zh-Hant")
    for text in (*(getattr(messages, name) for name in TEXTS), *messages.left_out_kinds.values()):
        assert foreign not in text


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_what_a_build_leaves_out_is_counted_in_chinese(language: Language) -> None:
    kinds = messages_in(language).left_out_kinds
    named = count_left_out(
        (Skipped(f"a{suffix}", "", SkippedKind.OTHER_FILE) for suffix in (".png", ".py", "")), {}
    )

    assert set(named) <= set(kinds)
    assert all("{count}" in template and re.search("[\u4e00-\u9fff]", template) for template in kinds.values())
