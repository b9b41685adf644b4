"""`/setup`, and the welcome in a server that the bot was added to."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
import discord
import pytest
from simcord.actors import MemberActor

from bot.cogs.setup import greeting_channel
from bot.discord_io.invite import NEEDED, invite_link
from bot.locales import messages_in
from bot.rendering.setup import Setup, setup_layout, welcome_layout
from index import LANGUAGES, Language, Library
from tests.bot.components.test_buttons import starting
from tests.bot.conftest import GUILD, Running, Stage, buttons, response, shown
from tests.bot.payloads import check, contents
from tests.bot.world import library


def manager(stage: Stage) -> MemberActor:
    role = stage.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    return stage.guild.add_member(stage.env.create_user("manager"), roles=[role])


def joined(stage: Stage) -> discord.Guild:
    guild = stage.bot.get_guild(GUILD)
    assert guild is not None
    return guild


async def test_setup_shows_an_admin_alone_that_nothing_is_missing_and_what_to_do_next(stage: Stage) -> None:
    result = await manager(stage).slash(stage.channel, "setup")

    text = shown(response(result))
    assert result.ephemeral
    assert "Nothing is missing." in text
    assert f"`{GUILD}`" in text
    assert "Why was Behemoth delayed?" in buttons(response(result))
    assert invite_link(stage.bot.application_id or 0) in str(response(result).components)


async def test_setup_needs_no_documents(stage: Stage) -> None:
    stage.world.store_broken = True
    stage.bot.services.documents._version = None

    assert "Nothing is missing." in shown(response(await manager(stage).slash(stage.channel, "setup")))


async def test_setup_is_hidden_from_members(stage: Stage) -> None:
    assert "setup" not in stage.alice.available_commands(stage.channel)
    assert "setup" in manager(stage).available_commands(stage.channel)


async def test_setup_names_what_is_missing_in_this_channel(stage: Stage, speak: Callable[[str], None]) -> None:
    speak("zh-TW")
    denied = discord.PermissionOverwrite(send_messages=False, read_message_history=False)
    channel = stage.guild.create_text_channel("quiet", overwrites={joined(stage).me: denied})

    result = await manager(stage).slash(channel, "setup")
    assert "還缺：**傳送訊息、讀取訊息歷史**" in shown(response(result))


async def test_setup_says_where_the_admins_may_rebuild(running: Running) -> None:
    async with running(admin_guilds=(GUILD,)) as stage:
        result = await manager(stage).slash(stage.channel, "setup")

        assert messages_in("en").setup_maintained in shown(response(result))


async def test_a_server_is_greeted_once_in_silence_and_a_starter_can_be_pressed(stage: Stage) -> None:
    stage.bot.dispatch("guild_join", joined(stage))
    await stage.env.settle()

    [welcome] = stage.channel.history()
    assert welcome.flags.suppress_notifications
    assert not welcome.mentions
    assert "/setup" in shown(welcome)
    pressed = await stage.alice.click(welcome, custom_id=starting(welcome, "ask"))
    assert pressed.ephemeral


async def test_the_channel_for_system_messages_comes_first(stage: Stage) -> None:
    chosen = stage.guild.create_text_channel("system")
    await joined(stage).edit(system_channel=stage.bot.get_channel(chosen.id))  # type: ignore[arg-type]

    channel = greeting_channel(joined(stage))
    assert channel is not None
    assert channel.id == chosen.id


@pytest.mark.parametrize("denied", ["view_channel", "send_messages"])
async def test_a_channel_that_not_everybody_reads_or_where_the_bot_may_not_write_is_left_alone(
    stage: Stage, denied: str
) -> None:
    guild = joined(stage)
    for channel in guild.text_channels:
        await channel.set_permissions(guild.default_role, overwrite=discord.PermissionOverwrite(**{denied: False}))

    found = greeting_channel(guild)
    assert found is None
    stage.bot.dispatch("guild_join", guild)
    await stage.env.settle()
    assert stage.channel.history() == []


async def test_a_welcome_that_cannot_be_sent_ends_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object, **_options: object) -> None:
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(discord.TextChannel, "send", broken)
    stage.bot.dispatch("guild_join", joined(stage))
    await stage.env.settle()

    assert stage.channel.history() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("missing", [(), NEEDED])
@pytest.mark.parametrize("documents", [library(), Library(documents=())])
def test_the_cards_fit_into_a_message_in_every_language(
    language: Language, missing: tuple[str, ...], documents: Library
) -> None:
    setup = Setup("**Bot** @everyone", GUILD, missing, admins_maintain=False, invite=invite_link(GUILD))
    layout = setup_layout(setup, library=documents, language=language)
    check(layout)
    assert all(
        getattr(messages_in(language), f"permission_{name}") in "\n".join(contents(layout)) for name in missing
    )

    check(welcome_layout(documents, name=setup.name, languages=LANGUAGES))
