"""What people, channels and groups are called, whom Slack's own words only number. Each is asked for once.

https://docs.slack.dev/reference/methods/users.info, conversations.info and usergroups.list
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.model import Ours, Refused

SOMEBODY = "somebody"
Answer = dict[str, Any]

Read = Callable[..., Any]
"""Asks Slack: a method and its arguments; an answer is a dictionary, all else is none."""


class Names:
    """The names that were told so far; for what Slack does not answer at the moment it is asked again."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, str] = {}
        self._homes: dict[str, frozenset[str]] = {}
        self._zones: dict[str, str] = {}

    def of(self, mention: str, *, ask: bool = True) -> str | None:
        """Say what a mention such as `user:U0BOB` is called.

        Empty where Slack will never say, None where it does not answer now, or is not to be asked.
        """
        kind, _, name = mention.partition(":")
        if kind not in _ASKED:
            return ""
        if mention in self._known or not ask:
            return self._known.get(mention)
        method, arguments = _ASKED[kind](name)
        answer = self._read(method, **arguments)
        if isinstance(answer, Refused | Ours):
            return ""
        if not isinstance(answer, dict):
            return None
        self._known.update(_TOLD[kind](mention, answer))
        return self._known.get(mention, "")

    def is_of(self, user: str, team: str) -> bool | None:
        """Tell whether a person belongs to a workspace; None if Slack does not answer now."""
        if user not in self._homes:
            answer = self._read("users.info", user=user)
            if isinstance(answer, Refused | Ours):
                return False
            if not isinstance(answer, dict):
                return None
            self._homes[user] = _workspaces(answer["user"])
        return team in self._homes[user]

    def zone(self, user: str) -> str:
        """Name the time zone somebody lives in, such as `Europe/Istanbul`; empty if Slack does not say."""
        if user not in self._zones:
            answer = self._read("users.info", user=user)
            if not isinstance(answer, dict):
                return ""
            self._zones[user] = str(answer["user"].get("tz") or "")
        return self._zones[user]


def _workspaces(user: Mapping[str, Any]) -> frozenset[str]:
    """Name the workspaces somebody belongs to; a machine belongs to none, whatever Slack says."""
    if user.get("is_bot") or user.get("is_stranger") or user.get("id") == "USLACKBOT":
        return frozenset()
    teams = (user.get("enterprise_user") or {}).get("teams") or ()
    return frozenset(filter(None, (user.get("team_id"), *teams)))


def _people(mention: str, answer: Answer) -> Iterator[tuple[str, str]]:
    user = answer["user"]
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("name") or SOMEBODY
    yield mention, f"@{name}"


def _channels(mention: str, answer: Answer) -> Iterator[tuple[str, str]]:
    if answer["channel"].get("name"):
        yield mention, f"#{answer['channel']['name']}"


def _groups(_: str, answer: Answer) -> Iterator[tuple[str, str]]:
    for group in answer.get("usergroups") or ():
        yield f"group:{group['id']}", f"@{group.get('handle') or group.get('name')}"


_ASKED: Mapping[str, Callable[[str], tuple[str, dict[str, str]]]] = {
    "user": lambda name: ("users.info", {"user": name}),
    "channel": lambda name: ("conversations.info", {"channel": name}),
    "group": lambda _: ("usergroups.list", {}),
}
_TOLD: Mapping[str, Callable[[str, Answer], Iterator[tuple[str, str]]]] = {
    "user": _people,
    "channel": _channels,
    "group": _groups,
}
