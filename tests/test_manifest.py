"""The manifest asks for what the application calls and hears, and for no more."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from infra.local.slack.api import METHODS

ROOT = Path(__file__).parents[1]
MANIFEST = yaml.safe_load((ROOT / "infra" / "slack-manifest.yaml").read_text())
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

SOURCE = "".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
CALLED = {name for name in METHODS if f'"{name}"' in SOURCE}

BY_KIND = {
    "history": ("conversations.history", "conversations.replies"),
    "read": ("conversations.info", "conversations.members"),
}
"""Methods that need a scope of the kind of channel they look at."""

OF_EVENTS = {
    r"message\.channels": "channels:history",
    r"message\.groups": "groups:history",
    r"reaction_\w+": "reactions:read",
    r"channel_\w+|member_\w+": "channels:read",
    r"group_\w+": "groups:read",
    r"app_home_opened": "",
}
"""https://docs.slack.dev/reference/events"""


def of_methods() -> set[str]:
    needed = {METHODS[name].scope for name in CALLED} - {""}
    for what, methods in BY_KIND.items():
        needed |= {f"{kind}:{what}" for kind in ("channels", "groups") for name in methods if name in CALLED}
    return needed | ({"chat:write.customize"} if "chat.postMessage" in CALLED else set())


def of_events() -> set[str]:
    return {scope for name in EVENTS for rule, scope in OF_EVENTS.items() if re.fullmatch(rule, name)} - {""}


def test_the_scopes_are_those_that_methods_events_and_commands_need() -> None:
    assert of_methods() | of_events() | {"commands"} == SCOPES


def test_every_event_has_a_scope_or_needs_none() -> None:
    assert all(any(re.fullmatch(rule, name) for rule in OF_EVENTS) for name in EVENTS)


def test_everything_that_comes_from_slack_comes_to_a_door_of_ours() -> None:
    text = (ROOT / "infra" / "slack-manifest.yaml").read_text()
    doors = set(re.findall(r"https://YOUR-ADDRESS(/\S+)", text))
    assert doors == set(re.findall(r'@app\.route\("(/slack/\w+)"', (ROOT / "app.py").read_text()))
