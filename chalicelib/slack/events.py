"""What Slack tells us: proof that it is Slack, and which of its events are a team member's words.

https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/events/message
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from chalicelib.errors import Unreadable, Unverified
from chalicelib.signing import fresh, hex_sha256, same_as_any
from chalicelib.web import Request

WORDS_OF_A_PERSON = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of a message that somebody typed; every other one is Slack's own or a bot's."""

LONGEST_CHALLENGE = 256


@dataclass(frozen=True, slots=True)
class Challenge:
    """Slack asks whether this address is ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A member of our team replied in a thread."""

    team: str
    channel: str
    thread_ts: str
    ts: str
    user: str
    text: str
    blocks: Sequence[Mapping[str, Any]] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retyped:
    """A member of our team changed a reply; `now` is how it reads."""

    now: Typed


@dataclass(frozen=True, slots=True)
class Removed:
    """A message in a thread was deleted."""

    team: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do, and why."""

    why: str


SlackEvent = Challenge | Typed | Retyped | Removed | Nothing


def verify(request: Request, secrets: Sequence[str], now: float) -> None:
    """Prove that Slack sent it; raises Unverified.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    given = request.headers.get("x-slack-signature", "")
    if not fresh(timestamp, now):
        raise Unverified("the timestamp is missing or more than five minutes off")
    base = b"v0:" + timestamp.encode() + b":" + request.body
    if not same_as_any(given, ["v0=" + hex_sha256(secret, base) for secret in secrets]):
        raise Unverified("the signature does not fit")


def read_event(request: Request) -> SlackEvent:
    """Read an event; raises Unreadable if it is not one."""
    body = _object(request.body)
    try:
        return _read(body)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise Unreadable("an event that cannot be read") from error


def read_interaction(request: Request) -> Mapping[str, Any]:
    """Read what a person did with a button; raises Unreadable."""
    try:
        (payload,) = parse_qs(request.body.decode())["payload"]
    except (ValueError, KeyError) as error:
        raise Unreadable("an interaction without its payload") from error
    return _object(payload)


def _object(body: bytes | str) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("not a JSON object")
    return value


def _read(body: Mapping[str, Any]) -> SlackEvent:
    if body.get("type") == "url_verification":
        return Challenge(str(body["challenge"])[:LONGEST_CHALLENGE])
    if body.get("type") != "event_callback":
        return Nothing(f"a {body.get('type')}")
    event = body["event"]
    if event.get("type") != "message":
        return Nothing(f"a {event.get('type')} event")
    team = _our_team(body)
    match event.get("subtype"):
        case "message_changed":
            return _changed(body, event, team)
        case "message_deleted":
            return Removed(team, str(event["channel"]), str(event["deleted_ts"]))
        case subtype if subtype in WORDS_OF_A_PERSON:
            return _typed(body, event, event, team)
        case subtype:
            return Nothing(f"a {subtype} message")


def _our_team(body: Mapping[str, Any]) -> str:
    """Name the workspace the app is installed in; in a shared channel the event's own team may be another."""
    authorizations = body.get("authorizations") or [{}]
    return str(authorizations[0].get("team_id") or body.get("team_id") or "")


def _changed(body: Mapping[str, Any], event: Mapping[str, Any], team: str) -> SlackEvent:
    """Tell a person's edit from the noise: unfurls, reply counts and our own updates change a message too."""
    message, before = event["message"], event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":
        return Removed(team, str(event["channel"]), str(message["ts"]))
    if message.get("edited") == before.get("edited"):
        return Nothing("a change that is no edit")
    if all(message.get(part) == before.get(part) for part in ("text", "blocks", "files")):
        return Nothing("an edit that changed nothing")
    if message.get("subtype") not in WORDS_OF_A_PERSON:
        return Nothing("an edit by a bot")
    typed = _typed(body, event, message, team)
    return Retyped(typed) if isinstance(typed, Typed) else typed


def _typed(
    body: Mapping[str, Any], event: Mapping[str, Any], message: Mapping[str, Any], team: str
) -> Typed | Nothing:
    if message.get("bot_id") or message.get("app_id"):
        return Nothing("ours" if message.get("app_id") == body.get("api_app_id") else "a bot")
    thread_ts, ts = message.get("thread_ts"), message["ts"]
    if not thread_ts or thread_ts == ts:
        return Nothing("not in a thread")
    if not message.get("user"):
        return Nothing("from nobody")
    teams = {message.get(key) for key in ("user_team", "source_team", "team")} - {None, ""}
    if teams - {team}:
        return Nothing("from outside the team")
    files = tuple(str(file.get("name") or file.get("id") or "file") for file in message.get("files") or ())
    return Typed(
        team,
        str(event["channel"]),
        str(thread_ts),
        str(ts),
        str(message["user"]),
        str(message.get("text") or ""),
        tuple(message.get("blocks") or ()),
        files,
    )
