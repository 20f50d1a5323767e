"""What people do in a modal or in the App Home: they press, type, search, hand in and close.

https://docs.slack.dev/surfaces/modals#interactions and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from infra.local.slack.answers import answered, offered
from infra.local.slack.block_kit import actions_of
from infra.local.slack.buttons import used
from infra.local.slack.crowd import Crowd
from infra.local.slack.fields import chosen, complaints
from infra.local.slack.knock import Knocker
from infra.local.slack.surfaces import Window

Json = dict[str, Any]


class Forms:
    """Acts in the views that are open before people."""

    def __init__(self, knocker: Knocker, crowd: Crowd) -> None:
        self._knocker, self._crowd = knocker, crowd
        self._surfaces = knocker.workspace.surfaces

    def modal(self, user: str) -> Json | None:
        """Show the view that this person has before them, or nothing."""
        with self._knocker.lock:
            stack = self._surfaces.stacks.get(self._crowd.user(user))
            return copy.deepcopy(stack[-1].shown()) if stack else None

    def home(self, user: str) -> Json | None:
        """Show this person's App Home, or nothing if the app has published none."""
        with self._knocker.lock:
            window = self._surfaces.homes.get(self._crowd.user(user))
            return copy.deepcopy(window.shown()) if window else None

    def fill(self, user: str, values: Mapping[str, Any]) -> None:
        """Type and choose in the modal without handing it in; by block_id."""
        with self._knocker.lock:
            person = self._crowd.user(user)
            self._fill(self._top(person), values)

    def press_in_view(
        self,
        user: str,
        action_id: str,
        choice: Any = "",
        values: Mapping[str, Any] | None = None,
        *,
        home: bool = False,
    ) -> int:
        """Press or choose in the modal, or in the App Home; gives the app's status, 0 for no answer in time."""
        with self._knocker.lock:
            person = self._crowd.user(user)
            window = self._before(person, home=home)
            self._fill(window, values or {})
            found = window.found.get(action_id.rpartition("/")[2])
            ts = self._knocker.workspace.next_ts()
            action = used(window.view["blocks"], window.state, (action_id, choice), ts, found)
            payload = {
                "type": "block_actions",
                **self._knocker.about(person),
                "container": {"type": "view", "view_id": window.id},
                "trigger_id": self._surfaces.pull(person, "" if home else window.root),
                "view": window.described(),
                "actions": [action],
            }
        reply = self._knocker.tell(payload)
        return self._knocker.note("button", person, reply, action_id=action_id, view=window.id)

    def look(self, user: str, field: str, typed: str, *, home: bool = False) -> list[Json]:
        """Type into a menu whose choices come from the app; gives what it offers.

        Raises ValueError if the app's answer is none: Slack shows an empty list and no reason.
        """
        with self._knocker.lock:
            person = self._crowd.user(user)
            window = self._before(person, home=home)
            block, element = _field(window, field)
            if len(typed) < element.get("min_query_length", 3):
                return []
            payload = {
                "type": "block_suggestion",
                **self._knocker.about(person),
                "container": {"type": "view", "view_id": window.id},
                "view": window.described(),
                "action_id": element["action_id"],
                "block_id": block["block_id"],
                "value": typed,
            }
        reply = self._knocker.tell(payload)
        self._knocker.note("search", person, reply, view=window.id)
        options = offered(reply)
        with self._knocker.lock:
            window.found.setdefault(element["action_id"], []).extend(options)
        return options

    def submit(self, user: str, values: Mapping[str, Any] | None = None) -> int:
        """Hand the modal in; gives the app's status, 0 for no answer in time.

        Raises ValueError where Slack's own form would not let it go.
        """
        with self._knocker.lock:
            person = self._crowd.user(user)
            window = self._top(person)
            self._fill(window, values or {})
            self._check(window)
            payload = self._about_view("view_submission", person, window) | {
                "trigger_id": self._surfaces.pull(person, window.root),
                "response_urls": [],
            }
        reply = self._knocker.tell(payload)
        with self._knocker.lock:
            if window in self._surfaces.stacks.get(person, []):
                answered(self._surfaces, person, window, reply)
        return self._knocker.note("form", person, reply, view=window.id)

    def _check(self, window: Window) -> None:
        """Stop what Slack's own form would not let go, and show why under the fields."""
        if "submit" not in window.view:
            raise ValueError("there is nothing to hand in")
        window.errors = complaints(window.view["blocks"], window.state)
        if window.errors:
            self._surfaces.told(window)
            raise ValueError("; ".join(f"{name}: {words}" for name, words in window.errors.items()))

    def again(self, user: str) -> int:
        """Do once more what this person did last, as from a second window; what comes of it is shown nowhere."""
        return self._knocker.again(self._crowd.user(user)).status

    def close(self, user: str, *, everything: bool = False) -> None:
        """Close the modal's top view, or with the cross in its corner all of them."""
        with self._knocker.lock:
            person = self._crowd.user(user)
            window = self._top(person)
            everything = everything or bool(window.view.get("clear_on_close"))
            closed = self._surfaces.close(person, 0 if everything else len(self._surfaces.stacks[person]) - 1)
            told = [
                {**self._about_view("view_closed", person, one), "is_cleared": everything}
                for one in closed
                if one.view.get("notify_on_close")
            ]
        for payload in told:
            self._knocker.tell(payload)

    def _about_view(self, kind: str, user: str, window: Window) -> Json:
        return {"type": kind, **self._knocker.about(user), "view": window.described()}

    def _before(self, user: str, *, home: bool) -> Window:
        if not home:
            return self._top(user)
        if user not in self._surfaces.homes:
            raise LookupError(f"{user} has an empty App Home")
        return self._surfaces.homes[user]

    def _top(self, user: str) -> Window:
        stack = self._surfaces.stacks.get(user)
        if not stack:
            raise LookupError(f"{user} has no modal open")
        return stack[-1]

    def _fill(self, window: Window, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            block, element = _field(window, name)
            made = chosen(element, value, window.found.get(element["action_id"], ()))
            window.state[block["block_id"]][element["action_id"]] |= made
            window.errors.pop(block["block_id"], None)


def _field(window: Window, name: str) -> tuple[Json, Json]:
    """Find a field by its block_id, or by its action_id."""
    for block, element in actions_of(window.view["blocks"]):
        if name in (block["block_id"], element["action_id"]):
            return block, element
    raise LookupError(f"there is no field {name}")
