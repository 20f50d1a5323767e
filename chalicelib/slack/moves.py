"""Channels that have another id by now: the record goes on calling them by the one they had first.

https://docs.slack.dev/reference/events/channel_id_changed
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.model import Ours, Saved
from chalicelib.store import Put, Store

ARGUMENTS = ("json", "params")
"""In what the arguments of a method may be."""

How = dict[str, Any]
T = TypeVar("T")


class Moves:
    """Knows under which id Slack has a channel, and under which the record has it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._now: dict[str, str] = {}
        self._first: dict[str, str] = {}

    def note(self, channel: str, now: str) -> None:
        """Write down that a channel has another id."""
        first = self.first(channel)
        self._store.write(
            Put(Saved(f"slack channel {first} now", now)), Put(Saved(f"slack channel {now} first", first))
        )
        self._first[now] = first

    def through(self, ask: Callable[[How], T], how: How) -> T:
        """Ask Slack; once more where it did nothing, because the channel has another id by now."""
        channel = next((how[each].get("channel") for each in ARGUMENTS if each in how), None)
        if not channel:
            return ask(how)
        answer = ask(_in(how, self.known(channel)))
        if answer == Ours("channel_not_found") and self._found(channel):
            return ask(_in(how, self.known(channel)))
        return answer

    def known(self, channel: str) -> str:
        """Tell under which id Slack has a channel, as far as we have had to ask."""
        return self._now.get(channel, channel)

    def first(self, channel: str) -> str:
        """Tell by which id the record has a channel; asked once for each, since a new id is new."""
        if channel not in self._first:
            saved = self._store.find(Saved, f"slack channel {channel} first")
            self._first[channel] = saved.value if saved else channel
        return self._first[channel]

    def _found(self, channel: str) -> bool:
        """Look whether a channel that Slack does not have is there under another id."""
        saved = self._store.find(Saved, f"slack channel {channel} now")
        if saved is None or saved.value == self._now.get(channel):
            return False
        self._now[channel] = saved.value
        return True


def _in(how: How, channel: str) -> How:
    return {name: {**given, "channel": channel} if name in ARGUMENTS else given for name, given in how.items()}
