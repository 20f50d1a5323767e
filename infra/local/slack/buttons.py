"""Pressing what the app put under a message, and choosing from what it put there.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

from typing import Any

from infra.local.copies import copied
from infra.local.slack.block_kit import actions_of
from infra.local.slack.channel import Channel
from infra.local.slack.crowd import Crowd
from infra.local.slack.fields import State, chosen, state_of
from infra.local.slack.hooks import Hooks
from infra.local.slack.knock import Knocker

Json = dict[str, Any]


class Buttons:
    """Tells the app what was pressed under a message."""

    def __init__(self, knocker: Knocker, crowd: Crowd, hooks: Hooks) -> None:
        self._knocker, self._crowd, self._hooks = knocker, crowd, hooks
        self._workspace = knocker.workspace

    def press(self, user: str, channel: str, ts: str, action_id: str, choice: str = "") -> int:
        """Press a button, or make a choice in a menu; gives the app's status, 0 for no answer in time."""
        with self._knocker.lock:
            person, found = self._crowd.user(user), self._crowd.channel(channel)
            message = self._crowd.pressed(person, found, ts)
            payload = self._payload(person, found, message, (action_id, choice))
        reply = self._knocker.tell(payload)
        return self._knocker.note("button", person, reply, action_id=action_id, channel=found.id, ts=ts)

    def _payload(self, user: str, channel: Channel, message: Json, pressed: tuple[str, str]) -> Json:
        ephemeral = "to" in message
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        blocks, ts = message.get("blocks", []), self._workspace.next_ts()
        state = state_of(blocks)
        return {
            "type": "block_actions",
            **self._knocker.about(user),
            "container": container,
            "trigger_id": self._workspace.surfaces.pull(user),
            "channel": {"id": channel.id, "name": channel.name},
            **({} if ephemeral else {"message": copied(message)}),
            "actions": [used(blocks, state, pressed, ts)],
            "state": {"values": state},
            "response_url": self._hooks.open(user, channel, message),
        }


def used(
    blocks: list[Json], state: State, pressed: tuple[str, Any], ts: str, found: list[Json] | None = None
) -> Json:
    """Say which element was used and how, and let the state know; raises LookupError if it is not there.

    A name that stands in several blocks is told from the others by `<block_id>/<action_id>`.
    """
    block_id, _, action_id = pressed[0].rpartition("/")
    for block, element in actions_of(blocks):
        if element["action_id"] == action_id and block_id in ("", block["block_id"]):
            if block["type"] == "input" and not block.get("dispatch_action"):
                raise LookupError(f"the app hears of {action_id} when the form is handed in: no dispatch_action")
            told = {name: value for name, value in element.items() if name not in {"confirm", "url"}}
            made = chosen(element, pressed[1], found or ())
            if action_id in state.get(block["block_id"], {}):
                state[block["block_id"]][action_id] |= made
            return copied({**told, **made, "block_id": block["block_id"], "action_ts": ts})
    raise LookupError(f"nothing to press is called {pressed[0]}")
