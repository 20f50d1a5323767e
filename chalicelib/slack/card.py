"""The card at the head of a thread: who it is, how they are reached, and how things stand with them.

It is drawn anew when something of it changes, and stays true by itself in between: what would grow old is a date,
which Slack shows to each reader in their own time zone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.model import Conversation, State, Status
from chalicelib.richtext import escape
from chalicelib.slack.blocks import NOBODY, Block, Post, context, digest, rich
from chalicelib.slack.views import actions, button
from chalicelib.slack.words import clean, clock, when

LAST_REPLY = {
    State.SENT: "sent",
    State.DELIVERED: "delivered",
    State.READ: "read",
    State.FAILED: ":warning: *not delivered*",
    State.UNKNOWN: ":warning: *perhaps not delivered*",
}
ALSO_AT_MOST, TAGS_AT_MOST = 5, 20
BETWEEN = "  ·  "


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows: the conversation, and what is known of its customer beside."""

    home: Conversation
    here: str = ""
    """The way on which they are answered at present, such as `WhatsApp · +5511987654321`."""
    also: tuple[str, ...] = ()
    """Their other ways and addresses."""
    language: str = ""
    place: str = ""
    """The city by which their time zone is named."""
    nine: int = 0
    """When it is nine in the morning there."""
    tags: tuple[str, ...] = ()
    """The customer's, beside the conversation's own."""
    until: int = 0
    """When the reply window ends, where there is one."""
    blocked: bool = False
    picture: str = ""
    """The address of a picture of theirs."""


def draw(card: Card) -> Post:
    """Draw the head of a thread."""
    home = card.home
    name = clean(home.name) or NOBODY
    who: list[Block] = [{"type": "text", "text": name, "style": {"bold": True}}]
    if card.here:
        who.append({"type": "text", "text": f"  {clean(card.here, 100)}"})
    lines = (_course(card), _person(card), _before(home))
    small = (context(line) for line in lines if line)
    blocks: list[Block] = [rich(who), _beside(card, name), *small, actions(_buttons(home))]
    return Post(f"Conversation with {escape(name)}", blocks)


def gone_on(name: str, desk: str, address: str) -> Post:
    """Draw the head of a thread that its conversation has left for another desk."""
    who = clean(name) or NOBODY
    there = f"<{address}|its thread there>" if address else "a thread there"
    said = context(f":arrow_right: Moved to the {escape(desk)} desk. It goes on in {there}.")
    blocks = [rich([{"type": "text", "text": who, "style": {"bold": True}}]), said]
    return Post(f"Conversation with {escape(who)}", blocks)


def plainer(card: Card) -> Card:
    """Leave out what is only known beside the conversation, where Slack refuses the whole."""
    return Card(card.home, card.here)


def bare(card: Card) -> Card:
    """Leave our own words only, without anything of the customer's that Slack may not like."""
    return Card(replace(card.home, name="", tags=(), earlier="", earlier_count=0))


def sketch(home: Conversation) -> str:
    """Name what a card shows of the conversation itself, so that nothing is drawn twice."""
    route = home.route.address if home.route else ""
    return digest(draw(Card(home, f"{home.route.medium} {route}" if home.route else "")))


def _beside(card: Card, name: str) -> Block:
    """Say how things stand, beside their picture where there is one."""
    standing = _standing(card.home)
    if not card.picture:
        return context(standing)
    picture = {"type": "image", "image_url": card.picture, "alt_text": f"A picture of {name}"}
    return {"type": "section", "text": {"type": "mrkdwn", "text": standing}, "accessory": picture}


def _standing(home: Conversation) -> str:
    """Say whose turn it is, and who has it in hand."""
    owner = f"Owner: <@{home.owner}>" if home.owner else "Owner: nobody yet"
    waiting = f"Waiting since {when(home.waiting_since)}" if home.waiting_since is not None else ""
    if home.status is Status.RESOLVED:
        return _joined(":white_check_mark: Resolved", owner if home.owner else "")
    if home.status is Status.SNOOZED:
        snoozed = f":zzz: Snoozed until {when(home.snoozed_until)}" if home.snoozed_until else ":zzz: Snoozed"
        return _joined(snoozed, waiting, owner)
    return _joined(f":hourglass_flowing_sand: {waiting}" if waiting else ":speech_balloon: Answered", owner)


def _course(card: Card) -> str:
    """Say how far the team's words have come, how long more may be said, and what this is about."""
    home = card.home
    last = LAST_REPLY.get(home.said) if home.said is not None else None
    tags = dict.fromkeys((*home.tags, *card.tags))
    return _joined(
        ":no_entry: Blocked: what they write is kept, and not shown here" if card.blocked else "",
        f"Last reply: {last}" if last else "",
        f"Free replies until {when(card.until)}" if card.until else "",
        " ".join(f"`{_tag(tag)}`" for tag in list(tags)[:TAGS_AT_MOST]),
    )


def _person(card: Card) -> str:
    """Say how else they are reached, and what is known of where they live."""
    also = ", ".join(escape(clean(each, 80)) for each in card.also[:ALSO_AT_MOST])
    more = len(card.also) - ALSO_AT_MOST
    there = f"{escape(clean(card.place))}: 9:00 there is {clock(card.nine)} for you" if card.place else ""
    return _joined(
        f"Also {also}{f' and {more} more' if more > 0 else ''}" if also else "",
        escape(clean(card.language)),
        there,
    )


def _before(home: Conversation) -> str:
    """Lead to what was said before this conversation."""
    if home.earlier_count <= 1:
        return f"<{home.earlier}|The conversation before this one>" if home.earlier else ""
    many = f"{home.earlier_count} earlier conversations"
    return f"{many}, <{home.earlier}|the last one>" if home.earlier else many


def _buttons(home: Conversation) -> list[Block]:
    """Offer what comes next."""
    reopen = button("Wake up" if home.status is Status.SNOOZED else "Reopen", "reopen", home.id)
    words, more = button("Saved reply…", "snippets", home.id), button("More…", "more", home.id)
    if home.status is Status.RESOLVED:
        return [reopen, words, more]
    claim = [] if home.owner else [button("Claim", "claim", home.id, "primary")]
    wake = [reopen] if home.status is Status.SNOOZED else []
    return [*claim, *wake, button("Resolve", "resolve", home.id), words, more]


def _tag(tag: str) -> str:
    return escape(clean(tag).replace("`", "'"))


def _joined(*parts: str) -> str:
    return BETWEEN.join(filter(None, parts))
