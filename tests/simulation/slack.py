"""Slack's side of the wires: events each on a way of their own, tried again as Slack does it.

https://docs.slack.dev/apis/events-api#retries
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from infra.local.server import Answer, Call
from infra.local.slack.courier import Courier
from infra.local.slack.shelf import Shelf
from infra.local.slack.wire import Reply
from tests.simulation.network import Handler, Network, call_of, knock

RETRIES = (1.0, 60.0, 300.0)
"""Seconds after a failure until Slack tries again: nearly at once, after a minute, after five."""
PATIENCE = 3.0


def readable(handle: Handler, network: Network) -> Handler:
    """Let what was posted a moment ago not be read back yet, as at Slack."""

    def answer(call: Call) -> Answer:
        given = handle(call)
        stale = network.weather.stale
        if not stale or not call.path.endswith(("conversations.replies", "conversations.history")):
            return given
        told = json.loads(given.body)
        seen = network.clock.now - stale
        told["messages"] = [each for each in told.get("messages", ()) if float(each["ts"]) <= seen]
        return replace(given, body=json.dumps(told).encode())

    return answer


def moody(handle: Handler, network: Network, files: Shelf) -> Handler:
    """Let what has files appear when Slack likes, or never."""

    def answer(call: Call) -> Answer:
        if call.path.endswith("files.completeUploadExternal"):
            files.file_posts(network.weather.showing(), int(network.weather.happens("file never")))
        return handle(call)

    return answer


def post_with(network: Network) -> Callable[[str, bytes, Mapping[str, str], float], Reply]:
    """Make Slack's way of knocking at our door."""

    def post(url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        call = call_of("POST", url, headers, body)[0]
        # What a person does comes again only if they do it again.
        again = url.endswith("/events")
        answer = knock(network, "slack", call, timeout, again=again)
        if answer is None:
            return Reply(problem="http_timeout")
        lowered = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, answer.body, lowered, "" if 200 <= answer.status < 300 else "http_error")

    return post


def courier_on(network: Network) -> type[Courier]:
    """Make the courier whose parcels travel on our wires."""

    class Carrier(Courier):
        def enqueue(self, event_id: str, body: bytes, about: Mapping[str, Any]) -> None:
            lost, late, more = network.weather.event(str(about.get("event")), str(about.get("subtype", "")))
            lost |= _is_of_our_file(body) and network.weather.happens("file event lost")
            network.diary.note(
                "event", id=event_id, late=late, more=more, lost=lost, **{f"_{k}": v for k, v in about.items()}
            )
            if lost:
                return
            for copy in range(more + 1):
                network.clock.spawn("event", lambda: self._carry(event_id, body), late * (copy + 1))

        def _carry(self, event_id: str, body: bytes) -> None:
            """Deliver one event, as often as Slack's patience allows."""
            why = ""
            for attempt, wait in enumerate((0.0, *RETRIES)):
                network.clock.sleep(wait)
                retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": why} if attempt else {}
                headers = {"Content-Type": "application/json", **self._signer.headers(body), **retry}
                reply = self._pace.post(self._url, body, headers, PATIENCE)
                if not reply.problem:
                    return
                why = reply.problem
            network.diary.note("event.given_up", id=event_id)

    return Carrier


def _is_of_our_file(body: bytes) -> bool:
    """Tell whether an event is of a file that we brought, and did not take back: nobody else tells of that."""
    event = json.loads(body)["event"]
    there = any(each.get("mode") != "tombstone" for each in event.get("files", ()))
    return there and event.get("subtype") == "file_share" and bool(event.get("bot_id"))
