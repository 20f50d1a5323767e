"""The story of one item: every step with its time, where it stands, and what would happen next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from chalicelib.gates import DRAWS, FILES, gate_of_files, shut
from chalicelib.inbound.pen import is_post
from chalicelib.model import Conversation, Gate, Item, Kind, Part, Side, State, Step, born, is_carried, owed
from chalicelib.model.steps import FIRST, LAST
from chalicelib.operate.times import moment
from chalicelib.outbound.address import moment as slack_moment
from chalicelib.patience import FILE
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE, fresh

LOOKED_THROUGH = 1_000
"""Items of a conversation that are looked at for what is about this one."""

INBOUND = {State.RECORDED: "on record, not yet in its thread", State.POSTED: "in its thread"}
OUTBOUND = {
    State.RECORDED: "on record, not yet given to the provider",
    State.SENDING: "given to the provider, or about to be",
    State.SENT: "the provider has it",
    State.DELIVERED: "delivered",
    State.READ: "read",
    State.FAILED: "failed",
    State.UNKNOWN: "nobody can say whether it arrived",
    State.WITHDRAWN: "taken back before it went out",
}

Answer = dict[str, Any]


def tell(world: World, item: Item, *, words: bool = False) -> Answer:
    """Tell the whole story of an item; what was said only if that was asked for."""
    home = world.store.find(Conversation, item.conversation)
    told: Answer = {
        "id": f"{item.conversation}.{item.id}",
        "is": "a reply of the team" if item.outbound else _KINDS.get(item.kind, str(item.kind)),
        "where": _where(world, item, home),
        "story": [
            {"at": moment(step.at), "what": step.what, "detail": step.detail} for step in sorted_steps(item)
        ],
        "stands": stands(item),
        "next": what_next(world, item, home),
    }
    about = [f"{each.kind} {each.conversation}.{each.id}" for each in _about(world, item)]
    return {**told, **({"about it": about} if about else {}), **({"words": item.text} if words else {})}


_KINDS = {
    Kind.MESSAGE: "a customer's message",
    Kind.EDIT: "a customer's edit",
    Kind.DELETION: "a customer's deletion",
    Kind.REACTION: "a customer's reaction",
    Kind.LINE: "a line of Threadline's own",
    Kind.NOTE: "a note of the team",
    Kind.SAID: "words for the customer that nobody typed in the thread",
    Kind.TURN: "another way for the replies below it",
    Kind.COPY: "a second copy of a post in Slack",
}


def sorted_steps(item: Item) -> list[Step]:
    """Put together what is on record of an item, in the order in which it happened."""
    steps = [*_beginnings(item), *item.steps]
    if len(item.steps) == FIRST + LAST:
        steps.append(Step("…", item.steps[FIRST - 1].at, "what came between is no longer on record"))
    seen = {step.what for step in item.steps}
    if item.slack_ts and "posted" not in seen:
        steps.append(Step("posted", slack_moment(item.slack_ts), item.slack_ts))
    if item.notice_ts and "told" not in seen:
        steps.append(Step("told", slack_moment(item.notice_ts), f"in the thread, {item.notice_ts}"))
    return sorted(steps, key=lambda step: step.at)


def _beginnings(item: Item) -> Iterator[Step]:
    """Tell when it was written by its author's clock, and when it was on record here."""
    if item.kind in (Kind.REPLY, Kind.NOTE):
        yield Step("typed", item.at, f"by {item.author}")
    elif item.kind not in (Kind.LINE, Kind.TURN, Kind.COPY):
        yield Step("written", item.at, "by the provider's clock")
    via = f"over {item.route.line}" if item.route and not item.outbound else ""
    yield Step("recorded", born(item.id), via)


def stands(item: Item) -> str:
    """Say in a few words what is true of an item now."""
    if item.parked:
        return f"given up: {item.parked}"
    if item.kind is Kind.NOTE:
        return "a note, which stays inside"
    if not item.outbound:
        return INBOUND.get(item.state, str(item.state))
    bad = next((part for part in item.parts if part.reason is not None), None)
    return OUTBOUND[item.state] + (f": {bad.reason}" if bad is not None and bad.reason else "")


def what_next(world: World, item: Item, home: Conversation | None) -> str:
    """Say what would happen next, and when."""
    if item.parked:
        return f"nothing by itself; retry it: make retry ID={item.conversation}.{item.id}"
    side = owed(item)
    if side is None:
        waits = item.awaits and item.state is State.SENT
        return "its mark waits a while for a report of its delivery" if waits else "nothing: it is done"
    if item.claim is not None:
        if fresh(item.claim, world.now()):
            return f"a worker is at it; if it died, it is looked up from {moment(item.claim.at + CLAIM_LIFE)} on"
        return "its last attempt is looked up at the next bell, before anything is done again"
    if side is Side.MEDIA or (is_carried(item) and world.now() < born(item.id) + FILE):
        return _next_of_files(world, item)
    gate = _gate(world, item, side, home)
    if gate is not None:
        return f"it waits until {moment(gate.until)}, because {gate.system}/{gate.name} is shut: {gate.why}"
    verb = "posted" if side is Side.SLACK and not item.outbound else "shown" if side is Side.SLACK else "sent"
    when = f"; sweep rings at {moment(item.due)}" if item.due is not None else ""
    return f"it is {verb} when its conversation's bell rings and what is older is done{when}"


def _next_of_files(world: World, item: Item) -> str:
    """Say what would happen to files that are on their way; a message waits for them for a while only."""
    names = [FILES, *([gate_of_files(item.route.line)] if item.route else [])]
    gate = _shut(world, names)
    if gate is not None:
        return f"its file waits until {moment(gate.until)}, because {gate.system}/{gate.name} is shut: {gate.why}"
    when = f"; sweep rings at {moment(item.due)}" if item.due is not None else ""
    return f"its file is fetched when its conversation's bell rings{when}"


def _gate(world: World, item: Item, side: Side, home: Conversation | None) -> Gate | None:
    """Find the gate that it waits for; what is only drawn waits for two."""
    names: list[tuple[str, str]] = []
    if side is Side.SLACK and home is not None:
        systems = ("slack",) if is_post(item) else ("slack", DRAWS)
        names = [(system, home.slack_channel) for system in systems]
    elif side is Side.CUSTOMER and item.route is not None:
        names = [(item.route.channel, item.route.account)]
    return _shut(world, names)


def _shut(world: World, names: Sequence[tuple[str, str]]) -> Gate | None:
    gates = world.store.find_all(*((Gate, name) for name in names))
    return next((gate for gate in gates if shut(gate, world.now())), None)


def _where(world: World, item: Item, home: Conversation | None) -> Answer:
    """Name the places where it can be looked up: ids only."""
    ts = item.slack_ts or (item.their_id if item.kind in (Kind.REPLY, Kind.NOTE) else "")
    channel = home.slack_channel if home else ""
    where = {
        "line": item.route.line if item.route else "",
        "medium": item.route.medium if item.route else "",
        "their_id": "" if item.outbound or item.kind is Kind.NOTE else item.their_id,
        "parts": [_part(part) for part in item.parts],
        "slack": f"{channel}:{ts}" if ts else "",
        "thread": f"{channel}:{home.thread_ts}" if home and home.thread_ts else "",
        "link": world.slack.permalink(channel, ts) if ts and channel else "",
        "about": f"{item.conversation}.{item.of}" if item.of else "",
        "order": item.order,
    }
    return {name: value for name, value in where.items() if value}


def _part(part: Part) -> str:
    """Name one provider's message: how it stands, and what they call it."""
    return ", ".join(filter(None, (part.state, part.id, part.reason)))


def _about(world: World, item: Item) -> Iterator[Item]:
    """Find the edits, deletions and reactions that this is about: all came after it."""
    for each in islice(world.store.items(item.conversation, 100), LOOKED_THROUGH):
        if each.id <= item.id:
            return
        if each.of == item.id:
            yield each
