"""A conversation goes on at another desk: in a thread of its own there, with a link to where it came from.

It moves in the very write that settles the line which says so: all that is above that line stands in the old
thread, and all the rest comes into the new one.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib import logs
from chalicelib.contacts import led_on, person
from chalicelib.inbound.entries import new_item
from chalicelib.inbound.pen import drawn
from chalicelib.inbound.places import goes_on, place
from chalicelib.inbound.turn import Turn, noted
from chalicelib.model import Conversation, Item, Kind, Thread, order_key
from chalicelib.slack.blocks import NOBODY
from chalicelib.slack.card import gone_on
from chalicelib.slack.lines import acted, link
from chalicelib.store import Insert, Replace
from chalicelib.team import slack_name

HERE = "{{who}} moved this here from the {desk} desk: what was said before stands in {there}."
FIRST = order_key(0, 0, 0, "")
"""It comes before all that was not in the old thread yet."""
THERE = "It goes on in {there}."


def moved(turn: Turn, item: Item, ts: str) -> list[Insert | Replace]:
    """Gather what a move changes: the conversation itself, and to where its customer's next words lead."""
    home, desk = turn.home, turn.world.settings().desks.get(item.moves_to)
    if desk is None or desk.slack_channel == home.slack_channel:
        return []
    left = Thread(home.slack_channel, home.thread_ts, ts)
    after = replace(
        home,
        desk=desk.name,
        slack_channel=desk.slack_channel,
        thread_ts="",
        left=(*home.left, left),
        drawn="",
        doubt=0,
        due=turn.world.now(),
    )
    contact = person(turn.world.store, home.contact)
    led = contact and led_on(contact, after)
    arrived = _arrived(turn, item, home.desk, left)
    return [Replace(after), Insert(arrived), *([Replace(led)] if led else [])]


def _arrived(turn: Turn, item: Item, desk: str, left: Thread) -> Item:
    """Make the line by which the thread at the new desk begins; who is to be called there is."""
    address = turn.world.slack.link(left.slack_channel, left.ts, "")
    words = HERE.format(desk=desk, there=link(address, "its thread there"))
    calls = turn.world.settings().desks[item.moves_to].mention
    line = new_item(Kind.LINE, item.at, turn.world.now(), text=words, author=item.author, calls=calls)
    return replace(line, conversation=item.conversation, order=f"{FIRST}#{line.id}")


def note_move(before: Conversation, after: Conversation) -> None:
    logs.note("thread.moved", conversation=after.id, channel=after.slack_channel, before=before.slack_channel)


def lead_on(turn: Turn, item: Item) -> bool:
    """Let the thread that was left, its card and the line about that, lead to where it goes on. False to stop."""
    left = place(turn.home, item.slack_ts)
    if not left.left:  # the desk was gone by then, and it stayed where it was
        return True
    there = goes_on(turn.home, left)
    address = turn.world.slack.link(there.slack_channel, there.ts, "") if there.ts else ""
    words = f"{item.text} {THERE.format(there=link(address, 'its thread there'))}"
    who = (item.author and slack_name(turn.world, item.author)) or NOBODY
    looks = {item.slack_ts: acted(replace(item, text=words), who)}
    if left.ts:
        looks[left.ts] = gone_on(turn.home.name, item.moves_to, address)
    for ts, look in looks.items():
        outcome = turn.world.slack.update(left.slack_channel, ts, look)
        noted(turn, "post.drawn", outcome, ts, item=item.id, channel=left.slack_channel)
        if not drawn(turn, outcome):
            return False
    return True
