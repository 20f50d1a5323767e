"""What the app shows people beside messages: modals in a stack of three, and the App Home; and what may open them.

https://docs.slack.dev/surfaces/modals and https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from infra.local.journal import Journal
from infra.local.slack.block_kit import actions_of, view_problems
from infra.local.slack.calls import Refused
from infra.local.slack.fields import State, state_of
from infra.local.slack.team import APP_ID, BOT_ID, TEAM_ID

Json = dict[str, Any]

MOST_STACKED, LARGEST = 3, 250_000
PATIENCE = 3.0
"""Seconds in which a trigger can be exchanged for a modal."""


@dataclass(slots=True)
class Window:
    """A view as a person has it before them: what the app drew, and what they have made of it."""

    id: str
    view: Json
    state: State
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    why: str = ""
    """What Slack knows of the trouble and tells nobody."""
    found: dict[str, list[Json]] = field(default_factory=dict)
    """What the app has offered so far, by the action_id of a field."""

    def described(self) -> Json:
        """Describe it as Slack does to the app."""
        modal = self.view["type"] == "modal"
        own = {"title": None, "submit": None, "close": None, "callback_id": "", "private_metadata": ""}
        return {
            **own,
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **copy.deepcopy(self.view),
            "id": self.id,
            "team_id": TEAM_ID,
            "app_installed_team_id": TEAM_ID,
            "state": {"values": copy.deepcopy(self.state)},
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous if modal else None,
            "app_id": APP_ID,
            "bot_id": BOT_ID,
        }

    def shown(self) -> Json:
        """Describe it for whoever looks on: also what Slack itself says about it."""
        return {**self.described(), "errors": dict(self.errors), "trouble": self.trouble, "why": self.why}


@dataclass(slots=True)
class Trigger:
    """What lets the app open one modal before one person; `root` is the modal it came from."""

    user: str
    until: float
    root: str = ""
    used: bool = False


class Surfaces:
    """Every open modal and every published App Home, by user."""

    def __init__(self, now: Callable[[], float], next_id: Callable[[str], str], journal: Journal) -> None:
        self._now, self._next_id, self._journal = now, next_id, journal
        self.reset()

    def reset(self) -> None:
        self.stacks: dict[str, list[Window]] = {}
        self.homes: dict[str, Window] = {}
        self._triggers: dict[str, Trigger] = {}

    def pull(self, user: str, root: str = "") -> str:
        """Make a trigger for something a person has just done."""
        name = f"{len(self._triggers) + 1}.{self._now():.0f}.{secrets.token_hex(16)}"
        self._triggers[name] = Trigger(user, self._now() + PATIENCE, root)
        return name

    def _exchange(self, name: str) -> Trigger:
        trigger = self._triggers.get(name)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._now() > trigger.until:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def open(self, trigger: str, view: Json) -> Window:
        self.check(view, "modal")
        user = self._exchange(trigger).user
        self._keep_unique(view)
        window = self._window(view)
        self._set(user, [window])
        return window

    def push(self, trigger: str, view: Json) -> Window:
        self.check(view, "modal")
        exchanged = self._exchange(trigger)
        stack = self.stacks.get(exchanged.user, [])
        if not exchanged.root or not stack or stack[0].id != exchanged.root:
            raise Refused("not_found")
        self._keep_unique(view)
        return self.stack_up(exchanged.user, view)

    def stack_up(self, user: str, view: Json) -> Window:
        stack = self.stacks[user]
        if len(stack) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        window = self._window(view, stack[0].id, stack[-1].id)
        self._set(user, [*stack, window])
        return window

    def update(self, window: Window, view: Json) -> Window:
        """Draw another view in its place; what people have typed stays in the fields that are still there."""
        self._keep_unique(view, window.id)
        window.view = self._named(view)
        window.state = state_of(window.view["blocks"], window.state)
        window.hash = self._hash()
        window.errors, window.trouble, window.why = {}, "", ""
        self.told(window)
        return window

    def publish(self, user: str, view: Json) -> Window:
        self.check(view, "home")
        if user in self.homes:
            return self.update(self.homes[user], view)
        self._keep_unique(view)
        self.homes[user] = window = self._window(view)
        self.told(window)
        return window

    def find(self, view_id: str, external_id: str = "") -> Window:
        """Find what is open; raises not_found when it was closed."""
        for window in self._all():
            if view_id == window.id or (external_id and external_id == window.view.get("external_id")):
                return window
        raise Refused("not_found")

    def close(self, user: str, left: int) -> list[Window]:
        """Close the views above so many; gives what was closed, the top one first."""
        stack = self.stacks.get(user, [])
        self._set(user, stack[:left])
        return stack[left:][::-1]

    def check(self, view: Any, kind: str) -> None:
        """Refuse what Slack would refuse, in its words."""
        if len(json.dumps(view)) > LARGEST:
            raise Refused("view_too_large")
        problems = view_problems(view, kind)
        if problems:
            messages = [f"[ERROR] {each}" for each in problems]
            raise Refused("invalid_arguments", response_metadata={"messages": messages})

    def told(self, window: Window) -> None:
        """Let whoever watches know how it is now."""
        for user, stack in self.stacks.items():
            if window in stack:
                self._tell(user)
        for user, home in self.homes.items():
            if home is window:
                self._journal.add("home", user=user, view=window.shown())

    def _tell(self, user: str) -> None:
        self._journal.add("modal", user=user, stack=[each.shown() for each in self.stacks.get(user, [])])

    def _set(self, user: str, stack: list[Window]) -> None:
        self.stacks[user] = stack
        self._tell(user)

    def _all(self) -> Iterator[Window]:
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()

    def _keep_unique(self, view: Json, besides: str = "") -> None:
        name = view.get("external_id")
        if name and any(name == one.view.get("external_id") and one.id != besides for one in self._all()):
            raise Refused("duplicate_external_id")

    def _window(self, view: Json, root: str = "", previous: str | None = None) -> Window:
        name, drawn = self._next_id("V"), self._named(view)
        return Window(name, drawn, state_of(drawn["blocks"]), self._hash(), root or name, previous)

    def _named(self, view: Json) -> Json:
        """Give every block and every element a name that has none."""
        blocks = [{"block_id": self._next_id("b"), **block} for block in copy.deepcopy(view["blocks"])]
        for _, element in actions_of(blocks):
            element.setdefault("action_id", self._next_id("a"))
        return {**view, "blocks": blocks}

    def _hash(self) -> str:
        return f"{self._now():.0f}.{secrets.token_hex(4)}"
