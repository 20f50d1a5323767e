"""The history of a customer in a modal: everything they and the team said, with links, and a search in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.contacts import person
from chalicelib.inbound.places import stands_at
from chalicelib.model import Ask, Contact, Conversation, Item, Kind, State
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.blocks import NOBODY, rich
from chalicelib.slack.desk.answers import Answer, Say, Show
from chalicelib.slack.desk.doing import GONE, about
from chalicelib.slack.desk.past import OURS, Page, page, spoken
from chalicelib.slack.views import Block, View, actions, asked_for, button, head, typed
from chalicelib.slack.words import clean, moment
from chalicelib.team import slack_name

FILL = "history"
FIRST = "0."
WORDS = "words"
SEARCHED_AT_MOST = 100
QUOTED = 400
"""Characters that are shown of each message; its link leads to all of it."""
TRAIL = 60
"""Pages that can be gone back."""

BECAME = {
    State.FAILED: "not delivered",
    State.UNKNOWN: "perhaps not delivered",
    State.WITHDRAWN: "taken back",
    State.DELIVERED: "delivered",
    State.READ: "read",
}


def history(_: World, asked: Press) -> Answer:
    """Show what was said with the customer of a conversation."""
    conversation, _item = about(asked)
    return _look({"conversation": conversation}, over=True) if conversation else Say(GONE)


def older(_: World, asked: Press) -> Answer:
    """Go on to what was said before."""
    meta = dict(asked.view.meta) if asked.view else {}
    trail = [*filter(None, meta.get("trail", "").split(",")), meta.get("place") or FIRST][-TRAIL:]
    return _look({**meta, "place": asked.value, "trail": ",".join(trail)})


def newer(_: World, asked: Press) -> Answer:
    """Go back to what was said after."""
    meta = dict(asked.view.meta) if asked.view else {}
    *trail, place = meta.get("trail", "").split(",")
    return _look({**meta, "place": place, "trail": ",".join(trail)})


def search(_: World, asked: HandedIn) -> Answer:
    """Look for words in all that was said."""
    words = " ".join(asked.view.values.get(WORDS, ()))[:SEARCHED_AT_MOST]
    return _look({"conversation": asked.view.meta.get("conversation", ""), WORDS: words})


def _look(wanted: Mapping[str, str], *, over: bool = False) -> Show:
    wait = rich([{"type": "text", "text": "One moment …", "style": {"italic": True}}])
    return Show(View("history", "History", [wait], meta=wanted), over, FILL, wanted)


def fill(world: World, ask: Ask) -> View:
    """Behind the bell: draw one page of it."""
    wanted = ask.about
    home = world.store.find(Conversation, wanted.get("conversation", ""))
    contact = person(world.store, home.contact) if home is not None else None
    if contact is None or home is None:
        return View("", "History", [_small(GONE)])
    found = page(world, contact, wanted.get(WORDS, ""), wanted.get("place", ""))
    field = typed(wanted.get(WORDS, ""), most=SEARCHED_AT_MOST, placeholder="Words that were said")
    blocks = [
        head(clean(contact.name) or clean(home.name) or NOBODY),
        _small(_told(contact, found, wanted)),
        *(_said(world, item, where) for item, where in found.said),
        *_ways(found, wanted),
        asked_for(WORDS, "Find in all that was said", field, optional=True),
    ]
    return View("history", "History", blocks, "Search", meta=wanted)


def _told(contact: Contact, found: Page, wanted: Mapping[str, str]) -> str:
    """Say whose history it is, and what of it is shown."""
    many = "1 conversation" if found.conversations == 1 else f"{found.conversations} conversations"
    at = ", ".join(clean(each.partition(":")[2]) for each in contact.addresses)
    parts = [at, many]
    if wanted.get(WORDS):
        parts.append(f"with “{clean(wanted[WORDS])}”")
    if not found.said:
        parts.append(
            "nothing found" if found.to_the_end else "nothing found so far, there is more to look through"
        )
    return " · ".join(filter(None, parts))


def _said(world: World, item: Item, home: Conversation) -> Block:
    """Draw one thing that was said: by whom, which way, when, where it stands, and its beginning."""
    ours = item.kind in OURS
    name = (slack_name(world, item.author) if ours else clean(item.author) or clean(home.name)) or NOBODY
    way = "note" if item.kind is Kind.NOTE else world.capabilities(item.route).label if item.route else ""
    beside = [way, BECAME.get(item.state, "") if ours else "", "while blocked" if item.muted else ""]
    elements: list[dict[str, Any]] = [
        {"type": "text", "text": name, "style": {"bold": True}},
        {"type": "text", "text": "".join(f" · {each}" for each in beside if each) + " · "},
        {**moment(item.at, short=False), "style": {}},
    ]
    link = _link(world, item, home)
    if link:
        elements += [{"type": "text", "text": " · "}, {"type": "link", "url": link, "text": "Open"}]
    words = spoken(item)
    shown = words if len(words) <= QUOTED else f"{words[: QUOTED - 1]}…"
    look = {"style": {"strike": True}} if item.deleted_at and not item.redacted else {}
    return rich([*elements, {"type": "text", "text": f"\n{shown or '(an empty message)'}", **look}])


def _link(world: World, item: Item, home: Conversation) -> str:
    """Lead to where it stands in Slack, also if that is a thread which its conversation has left."""
    ts = item.their_id if item.kind in (Kind.REPLY, Kind.NOTE) else item.slack_ts
    if not ts:
        return ""
    there = stands_at(home, item, ts)
    return world.slack.link(there.slack_channel, ts, there.ts)


def _ways(found: Page, wanted: Mapping[str, str]) -> list[Block]:
    """Offer the pages before and after this one."""
    ways = [button("Newer", "history_newer", "newer")] if wanted.get("trail") else []
    if found.further:
        ways.append(button("Older" if found.to_the_end else "Look further back", "history_older", found.further))
    return [actions(ways)] if ways else []


def _small(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text[:2_000]}]}
