"""Read a settings file; raises with all that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.errors import SettingsWrong
from chalicelib.settings.choices import INSIDE, REACTIONS, Desk, Settings
from chalicelib.settings.desks import CHANNEL_ID, desks_from
from chalicelib.settings.mistakes import NAME, table_in, unknown
from chalicelib.settings.rules import Given, hours_from, rules_from
from chalicelib.settings.texts import texts_from

EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")
TABLES = ("desks", "accounts", "rules", "hours", "reactions", "texts")
VERBS = ("claim", "resolve")


def read(text: str, channels: Iterable[str], media: Iterable[str] = ()) -> Settings:
    """Read and check settings; raises SettingsWrong with all that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsWrong(f"The settings are not TOML: {error}") from error
    wrong: list[str] = []
    unknown(raw, (*TABLES, "admin_channel", "inside"), "", wrong)
    channels = sorted(channels)
    desks = desks_from(table_in(raw, "desks", wrong), wrong)
    accounts = _accounts(table_in(raw, "accounts", wrong), desks, channels, wrong)
    hours = hours_from(table_in(raw, "hours", wrong), wrong)
    given = Given(desks, list(accounts), list(dict.fromkeys([*channels, *sorted(media)])), hours)
    reactions = _reactions(raw, wrong)
    settings = Settings(
        desks,
        accounts,
        _admin_channel(raw, wrong),
        texts_from(table_in(raw, "texts", wrong), wrong),
        _inside(raw, wrong) | frozenset(reactions),
        rules_from(raw, given, wrong),
        hours,
        reactions,
    )
    if wrong:
        raise SettingsWrong("The settings cannot be used:\n" + "\n".join(f"- {line}" for line in wrong))
    return settings


def _admin_channel(raw: Mapping[str, Any], wrong: list[str]) -> str:
    admin = raw.get("admin_channel", "")
    if isinstance(admin, str) and (not admin or CHANNEL_ID.fullmatch(admin)):
        return admin
    wrong.append(f"admin_channel is {admin!r}; a Slack channel's id looks like C0123456789.")
    return ""


def _inside(raw: Mapping[str, Any], wrong: list[str]) -> frozenset[str]:
    inside = raw.get("inside", sorted(INSIDE))
    if isinstance(inside, list) and all(isinstance(name, str) and EMOJI.fullmatch(name) for name in inside):
        return frozenset(inside)
    wrong.append(f'inside is {inside!r}; it has to be a list of emoji names, such as ["eyes"].')
    return frozenset()


def _reactions(raw: Mapping[str, Any], wrong: list[str]) -> Mapping[str, str]:
    """Read what reactions do; an empty table means that they do nothing."""
    if "reactions" not in raw:
        return REACTIONS
    table = table_in(raw, "reactions", wrong)
    for name, verb in table.items():
        if not EMOJI.fullmatch(name):
            wrong.append(f"reactions.{name}: an emoji has a name in Slack, such as eyes, without colons.")
        if verb not in VERBS:
            wrong.append(f"reactions.{name} is {verb!r}; a reaction can {' or '.join(VERBS)}.")
    return {name: str(verb) for name, verb in table.items()}


def _accounts(
    table: Mapping[str, Any], desks: Mapping[str, Desk], channels: list[str], wrong: list[str]
) -> dict[str, str]:
    if not table:
        wrong.append('No account goes to a desk; add [accounts] with "twilio/main" = "support".')
    for line, desk in table.items():
        channel, _, account = line.partition("/")
        if channel not in channels:
            wrong.append(f'accounts."{line}": there is no channel {channel!r}; {", ".join(channels)} there are.')
        if not NAME.fullmatch(account):
            wrong.append(f'accounts."{line}" has to name a channel and an account, such as "twilio/main".')
        if not isinstance(desk, str) or desk not in desks:
            wrong.append(f'accounts."{line}" goes to {desk!r}, which is no desk here.')
    return {str(line): str(desk) for line, desk in table.items()}
