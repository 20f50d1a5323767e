"""What became of one message, told from any of its ids."""

from __future__ import annotations

from itertools import islice
from typing import Any

from chalicelib.errors import OperatorError
from chalicelib.model import Conversation, Item, Raw, Ref, born
from chalicelib.operate.names import Thing, look_for
from chalicelib.operate.story import stands, tell
from chalicelib.operate.times import moment
from chalicelib.raw import request_of
from chalicelib.services import World

LISTED = 100

Answer = dict[str, Any]


def trace(world: World, id: str = "", words: str = "") -> Answer:  # noqa: A002 - the order's word
    """Tell the story of whatever an id names; with `words` also what was said."""
    things = look_for(world, id)
    if not things:
        raise OperatorError(
            f"Nothing here is known by {id[:120]!r}. It takes conversation.item, a conversation, the provider's "
            "id (twilio/main/SM…), Slack's (C0123456789:1789000000.000100, or a link to the message), or a raw "
            "body's."
        )
    unique = {(type(thing.found), repr(thing.found)): thing for thing in things}
    return {"found": [_told(world, thing, words=words == "yes") for thing in unique.values()]}


def _told(world: World, thing: Thing, *, words: bool) -> Answer:
    match thing.found:
        case Item() as item:
            told = tell(world, item, words=words)
        case Conversation() as home:
            told = _conversation(world, home)
        case Raw() as raw:
            told = _raw(world, raw, words=words)
        case Ref() as ref:
            told = _ref(ref)
    return {**told, "found_by": thing.by}


def _conversation(world: World, home: Conversation) -> Answer:
    """List what was said in a conversation, newest first, by ids."""
    items = list(islice(world.store.items(home.id), LISTED + 1))
    thread = f"{home.slack_channel}:{home.thread_ts}" if home.thread_ts else ""
    link = world.slack.permalink(home.slack_channel, home.thread_ts) if thread else ""
    where = {"desk": home.desk, "thread": thread, "link": link, "contact": home.contact, "before": home.previous}
    where["left"] = ", ".join(f"{each.slack_channel}:{each.ts}" for each in home.left)
    rows = [
        {
            "id": f"{item.conversation}.{item.id}",
            "kind": str(item.kind),
            "at": moment(born(item.id)),
            "stands": stands(item),
        }
        for item in items[:LISTED]
    ]
    return {
        "id": home.id,
        "is": "a conversation",
        "where": {name: value for name, value in where.items() if value},
        "story": [{"at": moment(home.opened_at), "what": "opened", "detail": ""}],
        "stands": f"{home.status}" + ("" if thread else ", its thread is not posted yet"),
        "next": f"its card is drawn; sweep rings at {moment(home.due)}" if home.due else "nothing: it is done",
        "items": rows,
        **({"more": f"only the newest {LISTED} are listed"} if len(items) > LISTED else {}),
    }


def _raw(world: World, raw: Raw, *, words: bool) -> Answer:
    story = [{"at": moment(born(raw.id)), "what": "kept as it came", "detail": raw.reason}]
    if raw.done:
        story.append({"at": moment(raw.done_at), "what": raw.done, "detail": ""})
    waits = f"make replay ID={raw.id} reads it again" if raw.unread else "nothing: it is done"
    told = {
        "id": raw.id,
        "is": f"a raw body of {raw.channel}/{raw.account}",
        "where": {"line": f"{raw.channel}/{raw.account}", "bucket": "" if raw.body else f"raw/{raw.id}"},
        "story": story,
        "stands": raw.unread or raw.done or "kept",
        "next": f"its bell takes it apart; sweep rings at {moment(raw.due)}" if raw.due else waits,
    }
    shown = request_of(world, raw).body.decode(errors="replace") if words else ""
    return {**told, **({"words": shown} if words else {})}


def _ref(ref: Ref) -> Answer:
    """Tell what stands under an id without being of any conversation."""
    why = f"a receipt ({ref.orphan.state}) that waits for its message" if ref.orphan else ref.kept
    until = moment(ref.expires) if ref.expires else "for good"
    return {
        "id": f"{ref.system}/{ref.account}/{ref.id}",
        "is": "an id without a message of ours",
        "where": {},
        "story": [],
        "stands": why or "what it named is gone",
        "next": f"it is remembered until {until}" if ref.expires else "it is remembered for good",
    }
