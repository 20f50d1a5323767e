"""What a posted item says about its conversation: who waits since when, the way back, that it is open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.contacts import kept_up, person, pointed, with_way, with_ways
from chalicelib.errors import Lost
from chalicelib.inbound.late import late_files, left
from chalicelib.inbound.moving import moved, note_move
from chalicelib.inbound.places import spot_for
from chalicelib.inbound.posts import decided
from chalicelib.inbound.stirring import stirred
from chalicelib.inbound.turn import Turn
from chalicelib.model import (
    Attachment,
    Carriage,
    Conversation,
    Item,
    Kind,
    Part,
    Reason,
    Ref,
    Refused,
    Side,
    State,
    Status,
    Window,
    born,
    owed,
    stepped,
    written,
)
from chalicelib.queues import Bell
from chalicelib.settling import CLAIM_LIFE, with_outcome
from chalicelib.slack.words import clean
from chalicelib.store import Insert, Put, Replace

TRIES = 5
OLD = 10 * 60_000
"""Ms between writing and reaching us."""
WHOLE_SECOND = 1_000
"""Ms: many providers' clocks tell no less, so within one nobody is late."""


def posted(turn: Turn, items: Sequence[Item], ts: str) -> None:
    """Settle all that a post carries, with what it says; somebody else's change is read and built upon."""
    store = turn.world.store
    channel = spot_for(turn.home, items[0]).slack_channel
    ref = Ref("slack", turn.team, f"{channel}:{ts}", conversation=turn.home.id, item=items[0].id)
    for attempt in range(TRIES):
        turn.also_at(items[0].claim, ts, items[0].id, channel)
        late = [write for item in items for write in _late(turn, item)]
        settled = [Replace(_settled(turn, item, ts)) for item in items]
        writes = [*settled, Put(ref), *_facts(turn, items, ts), *late]
        try:
            stored = store.write(*writes)
        except Lost:
            wanted = [(Item, (item.conversation, item.id)) for item in items]
            home, *found = store.find_all((Conversation, (turn.home.id,)), *wanted)
            items = [item for item in found if item is not None and not is_settled(item)]
            if home is None or not items:
                return
            if attempt == TRIES - 1:
                raise
            turn.home = home
        else:
            decided(turn, items)
            if items[0].kind is Kind.SAID:
                turn.world.queues.ring(Side.CUSTOMER, [Bell(turn.home.id, turn.home.id)])
            before = turn.home
            turn.home = next((each for each in stored if isinstance(each, Conversation)), before)
            if turn.home.left != before.left:
                turn.has_moved = True
                note_move(before, turn.home)
            if late or turn.has_moved or any(item.stale for item in items):
                turn.ring()
            return


def is_late(home: Conversation, item: Item) -> bool:
    """Tell whether something that was written later stands in the thread already."""
    return home.posted_order != "" and written(item.order) + WHOLE_SECOND <= written(home.posted_order)


def is_settled(item: Item) -> bool:
    """Tell whether it is written down where a post stands; words of ours are a reply from then on."""
    return item.state is State.POSTED or item.kind is Kind.REPLY


def is_old(item: Item) -> bool:
    """Tell whether something was on its way for so long that its post must not look like just written."""
    return born(item.id) - item.at >= OLD


def _settled(turn: Turn, item: Item, ts: str) -> Item:
    if item.kind is Kind.SAID:
        return _as_reply(turn, item, ts)
    post = item.claim.post if item.claim else item.post
    after = replace(item, state=State.POSTED, slack_ts=ts, post=post, claim=None, due=None, parked="")
    after = replace(
        after, attachments=tuple(map(_brought, item.attachments)), stale=item.stale or item.moves_to != ""
    )
    if owed(after) is not None:
        after = replace(after, due=turn.world.now() + CLAIM_LIFE)
    if item.kind is Kind.MESSAGE:
        called = stirred(turn.home, turn.world.now())
        after = replace(after, late=is_late(turn.home, item), reopened=called)
    return stepped(after, "posted", turn.world.now(), f"{ts}{', late' if after.late else ''}")


def _as_reply(turn: Turn, item: Item, ts: str) -> Item:
    """Make a reply of words of ours that stand in the thread now: they go out like any that was typed there."""
    now = turn.world.now()
    after = replace(
        item,
        kind=Kind.REPLY,
        their_id=ts,
        order=f"{ts:0>20}#{item.id}",
        route=item.route if item.bound else turn.home.route,
        spoken=item.claim.post if item.claim else item.post,
        post="",
        claim=None,
        parked="",
        due=now + CLAIM_LIFE,
    )
    if item.parked:  # the thread was told that it was not sent, so a person may have said it otherwise
        after = with_outcome(replace(after, parts=(Part(""),)), 0, Refused(Reason.TURNED_UP), now) or after
    return stepped(after, "posted", now, ts)


def stood_since(item: Item) -> int:
    """Tell since when a post has stood in Slack, as ms."""
    return int(item.slack_ts.replace(".", "")) // 1000


def _brought(attachment: Attachment) -> Attachment:
    """Note of an attachment what its post makes of it."""
    if _comes_late(attachment):
        return left(attachment)
    return replace(attachment, carriage=Carriage.KEPT) if attachment.carriage is Carriage.READY else attachment


def _comes_late(attachment: Attachment) -> bool:
    """Tell whether the post was made without an attachment of which more is known by now."""
    return attachment.apart and attachment.carriage in (Carriage.READY, Carriage.LOST)


def _late(turn: Turn, item: Item) -> list[Insert | Put]:
    """Make the posts of files that were not, or not yet, to be shown with their words."""
    late = list(filter(_comes_late, item.attachments))
    return late_files(item, late, turn.team, turn.world.now()) if late else []


def _facts(turn: Turn, items: Sequence[Item], ts: str) -> list[Insert | Replace | Put]:
    """Gather what customers' messages change; edits, reactions and our own lines change nothing."""
    messages = [item for item in items if item.kind is Kind.MESSAGE]
    if items[0].moves_to:
        return [*moved(turn, items[0], ts)]
    if items[0].kind is Kind.TURN:
        return [Replace(_turned(turn, items[0], ts))]
    if not messages:
        return [Replace(_with_late_file(turn, items[0], ts))] if _is_seen(items[0]) else []
    after = turn.home
    for item in messages:
        after = _with_message(after, item, ts)
    after = with_ways(after, [item.route for item in messages if item.route])
    if after.status is not Status.OPEN:
        after = replace(after, status=Status.OPEN, snoozed_until=0, due=turn.world.now() + CLAIM_LIFE)
    facts = [*_window(turn, messages[-1]), *_of_person(turn, after)]
    if _on_card(after) != _on_card(turn.home):
        after = replace(after, drawn="", due=turn.world.now() + CLAIM_LIFE)
    return [Replace(after), *facts]


def _turned(turn: Turn, item: Item, ts: str) -> Conversation:
    """Note the way back that the team has chosen."""
    after = with_ways(turn.home, [item.route] if item.route else [])
    return replace(after, route=item.route, route_ts=ts, drawn="", due=turn.world.now() + CLAIM_LIFE)


def _of_person(turn: Turn, after: Conversation) -> list[Insert | Replace | Put]:
    """Note on a person's own record what is new about them; most messages say nothing new."""
    before = turn.home
    ways = [route for route in after.routes if route not in before.routes]
    if not ways and (before.status, before.name) == (after.status, after.name):
        return []
    known = person(turn.world.store, after.contact)
    if known is None:
        return []
    now = replace(known, name=after.name if after.name != before.name else known.name)
    for route in ways:
        # They may have been told apart from whoever wrote this.
        now = with_way(now, route) if route.address in known.addresses else now
    if before.status is not after.status:
        now = pointed(now, after, after.status, turn.world.now()) or now
    return kept_up(known, now)


def _is_seen(item: Item) -> bool:
    return item.kind is Kind.LATE_FILE and any(each.carriage is Carriage.READY for each in item.attachments)


def _with_late_file(turn: Turn, item: Item, ts: str) -> Conversation:
    """Note that there is something new to look at; nothing else is, and who resolved a thread knew of the file."""
    home = turn.home
    after = replace(home, last_ts=ts)
    if home.status is Status.OPEN and home.waiting_since is None:
        after = replace(after, waiting_since=item.at, due=turn.world.now() + CLAIM_LIFE)
    return after


def _on_card(home: Conversation) -> tuple[object, ...]:
    return home.status, home.waiting_since, home.name, home.route


def _with_message(home: Conversation, item: Item, ts: str) -> Conversation:
    """Note that a customer waits; what came late changes neither the way back nor the name."""
    waiting = item.at if home.waiting_since is None else home.waiting_since
    after = replace(home, waiting_since=waiting, last_ts=ts)
    if is_late(home, item):
        return after
    name = clean(item.author) or home.name
    order = max(home.posted_order, item.order)
    return replace(after, posted_order=order, route=item.route, route_ts=ts, name=name)


def _window(turn: Turn, item: Item) -> list[Put]:
    """Note until when this address may be answered freely, where its medium has such a limit."""
    route = item.route
    length = turn.world.capabilities(route).window if route else None
    if route is None or not length:
        return []
    until = item.at + length
    if is_late(turn.home, item):
        before = turn.world.store.find(Window, route.address, route.line)
        until = max(until, before.until if before else 0)
    return [Put(Window(route.address, route.line, until))]
