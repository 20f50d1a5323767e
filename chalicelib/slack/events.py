"""What Slack tells us: proof that it is Slack, and which of its events are a team member's words.

https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/events/message
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.errors import Unverified
from chalicelib.reading import Payload, ident, part, rows, text, untrusted
from chalicelib.signing import fresh, hex_sha256, same_as_any
from chalicelib.slack.dropped import to_be_had
from chalicelib.slack.nods import NODS, read_nod
from chalicelib.slack.rooms import ROOMS, read_room
from chalicelib.slack.stamp import read_ts, stamp_of
from chalicelib.slack.subtypes import OF_OUR_POSTS, SLACKS_OWN, WITH_FILES, WORDS_OF_A_PERSON
from chalicelib.slack.told import (
    Challenge,
    HomeOpened,
    Nothing,
    Posted,
    Removed,
    Retyped,
    Shown,
    SlackEvent,
    Strange,
    Typed,
)
from chalicelib.slack.typed import said, spelled
from chalicelib.web import Request

SLACKBOT = "USLACKBOT"

LONGEST_CHALLENGE = 256


def verify(request: Request, secrets: Sequence[str], now: float) -> None:
    """Prove that Slack sent it; raises Unverified.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    given = request.headers.get("x-slack-signature", "")
    if not fresh(timestamp, now):
        raise Unverified("the timestamp is missing or more than five minutes off")
    base = b"v0:" + timestamp.encode() + b":" + request.body
    if not same_as_any(given, ["v0=" + hex_sha256(secret, base) for secret in secrets if secret]):
        raise Unverified("the signature does not fit")


def read_event(request: Request) -> SlackEvent:
    """Read an event; raises Malformed if it is not one."""
    with untrusted():
        return _read(part(request.json()))


def _read(body: Payload) -> SlackEvent:
    if body.get("type") == "url_verification":
        return Challenge(text(body["challenge"])[:LONGEST_CHALLENGE])
    if body.get("type") != "event_callback":
        return Nothing(f"a {body.get('type')}")
    event = part(body["event"])
    if event.get("type") in NODS:
        return read_nod(event, _our_team(body), _ourselves(body))
    if event.get("type") in ROOMS:
        return read_room(event, _our_team(body), _ourselves(body))
    if event.get("type") == "app_home_opened" and event.get("tab", "home") == "home":
        return HomeOpened(_our_team(body), ident(event["user"]))
    if event.get("type") != "message":
        return Nothing(f"a {event.get('type')} event")
    return _message(body, event)


def _message(body: Payload, event: Payload) -> SlackEvent:
    match event.get("subtype"):
        case "message_changed":
            return _changed(body, event)
        case "message_deleted":
            thread_ts = text(part(event.get("previous_message")).get("thread_ts"))
            return Removed(_our_team(body), ident(event["channel"]), read_ts(event["deleted_ts"]), thread_ts)
        case subtype if subtype in WITH_FILES and event.get("files") and _may_be_ours(body, event):
            return _shown(body, event)
        case subtype if subtype in OF_OUR_POSTS and _is_ours(body, event):
            return _posted(body, event)
        case subtype if subtype in WORDS_OF_A_PERSON:
            return _typed(body, event, event)
        case subtype if subtype not in SLACKS_OWN and _is_a_persons(event):
            kind, thread_ts = f"{text(subtype)[:40]} message", text(event["thread_ts"])
            return Strange(kind, _our_team(body), ident(event["channel"]), thread_ts)
        case subtype:
            return Nothing(f"a {subtype} message")


def _is_a_persons(message: Payload) -> bool:
    by_a_machine = message.get("bot_id") or message.get("app_id") or message.get("user") in (None, "", SLACKBOT)
    return bool(message.get("thread_ts")) and not by_a_machine


def _is_ours(body: Payload, message: Payload) -> bool:
    return bool(message.get("app_id")) and message.get("app_id") == body.get("api_app_id")


def _may_be_ours(body: Payload, message: Payload) -> bool:
    """Tell whether an app posted this which may be us; of a message that was made of a file Slack says less."""
    if message.get("app_id"):
        return _is_ours(body, message)
    ours = next(iter(rows(body.get("authorizations"))), {})
    return bool(message.get("bot_id")) or (bool(ours.get("is_bot")) and message.get("user") == ours.get("user_id"))


def _shown(body: Payload, event: Payload) -> Shown:
    """Read which file this shows; of several one will do, since they have all one post."""
    file = next(iter(rows(event["files"])))
    return Shown(_our_team(body), ident(event["channel"]), read_ts(event["ts"]), ident(file["id"]))


def _posted(body: Payload, event: Payload) -> Posted | Nothing:
    """Read which post of ours this is; what is of no conversation is told to administrators."""
    stamp = stamp_of(event)
    if stamp is None or not stamp.conversation:
        return Nothing("ours")
    return Posted(_our_team(body), ident(event["channel"]), read_ts(event["ts"]), stamp)


def _our_team(body: Payload) -> str:
    """Name the workspace the app is installed in; in a shared channel the event's own team may be another."""
    ours = next(iter(rows(body.get("authorizations"))), {})
    return ident(ours.get("team_id") or body.get("team_id"))


def _ourselves(body: Payload) -> str:
    """Name the user that the app is in this workspace."""
    ours = next(iter(rows(body.get("authorizations"))), {})
    return text(ours.get("user_id"))


def _changed(body: Payload, event: Payload) -> SlackEvent:
    """Tell a person's edit from the noise: unfurls, reply counts and our own updates change a message too."""
    message, before = part(event["message"]), part(event.get("previous_message"))
    if message.get("subtype") == "tombstone":
        return Removed(_our_team(body), ident(event["channel"]), read_ts(message["ts"]))
    edit = _new_edit(event, message, before)
    if not edit:
        return Nothing("a change that is no edit")
    # Not the blocks as such: each saving of the same words gives them new ids.
    if before and said(message).form == said(before).form:
        return Nothing("an edit that changed nothing")
    if message.get("subtype") not in WORDS_OF_A_PERSON:
        return Nothing("an edit by a bot")
    typed = _typed(body, event, message)
    if not isinstance(typed, Typed):
        return typed
    if not before:
        return Retyped(typed, ())
    return Retyped(replace(typed, edited=edit, follows=_edit(before)), spelled(before))


def _new_edit(event: Payload, message: Payload, before: Payload) -> str:
    """Name the edit that a change is, if it is one; to take a file out of a message Slack does not call so."""
    edited = part(message.get("edited"))
    if edited and edited != before.get("edited"):
        return _edit(message)
    return read_ts(event["ts"]) if set(to_be_had(before)) - set(to_be_had(message)) else ""


def _edit(message: Payload) -> str:
    """Name the edit that gave a message the form it has; empty for its first."""
    edited = part(message.get("edited"))
    return read_ts(edited["ts"]) if edited else ""


def _typed(body: Payload, event: Payload, message: Payload) -> Typed | Nothing:
    if message.get("bot_id") or message.get("app_id"):
        return Nothing("ours" if _is_ours(body, message) else "a bot")
    thread_ts, ts = message.get("thread_ts"), read_ts(message["ts"])
    if not thread_ts or thread_ts == ts:
        return Nothing("not in a thread")
    if message.get("user") in (None, "", SLACKBOT):
        return Nothing("from nobody")
    team = _our_team(body)
    if {message.get(key) for key in ("user_team", "source_team", "team")} - {None, "", team}:
        return Nothing("from outside the team")
    told = said(message)
    return Typed(
        team,
        ident(event["channel"]),
        read_ts(thread_ts),
        ts,
        ident(message["user"]),
        told.text,
        told.files,
        _edit(message),
        text(message.get("text")),
        follows="?" if _edit(message) else "",
        rich=told.rich,
    )
