"""A provider's list against our record: what is on the one and not on the other is the webhook that was lost.

A day's loss comes in by turns, oldest first as far as one asking reaches. How far we have come is moved only when
everything listed is on record; until then the next turn asks for the same again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.channels import LISTS, Channel
from chalicelib.errors import NotHere, SecretMissing
from chalicelib.gates import waits
from chalicelib.inbound.receive import take_in
from chalicelib.missed.watch import bell_of
from chalicelib.model import Account, Gate, Item, Ours, Outcome, Ref, Refused, Side, Watch, moved
from chalicelib.services import World
from chalicelib.web import CallFailed, Listed, Page

GRACE = 2 * 60_000
"""Ms that a webhook may take to come by itself."""
OVERLAP = 15 * 60_000
"""Ms asked for once more: clocks differ, and lists are not complete at once."""
PAGES = 4
TURN_LASTS = 10_000
"""Ms after which a turn takes in no more: a worker lives 30 s, and the list may have taken some of them."""
MOST_ADDRESSES = 200


def look_at_line(world: World, watch: Watch) -> None:
    """Ask a line's provider, unless its gate is shut; an asking that failed is made again with the next bell."""
    channel, _, name = watch.line.partition("/")
    try:
        module, account = world.line(channel, name)
    except (NotHere, SecretMissing) as error:
        logs.note("missed.not_listed", why=str(error))
        return
    if waits(world.store.find(Gate, channel, name), world.now()):
        return
    goal = watch.goal or world.now() - GRACE
    if goal <= watch.upto:
        return
    page = _list(world, account, watch)
    if isinstance(page, Page):
        _compare(world, module, account, replace(watch, goal=goal), page)
    else:
        _not_listed(world, watch, page)


def _not_listed(world: World, watch: Watch, outcome: Outcome) -> None:
    """Say so, and begin anew with the next bell: a place in a list may be good no longer."""
    say = logs.alarm if isinstance(outcome, Ours | Refused) else logs.note
    why = getattr(outcome, "why", "") or getattr(outcome, "detail", "")
    say("missed.not_listed", outcome=type(outcome).__name__, why=why)
    if watch.place:
        world.store.change(watch, lambda now: replace(now, place="", goal=0))


def _list(world: World, account: Account, watch: Watch) -> Page | Outcome:
    """Get as many pages as one turn looks at."""
    rows: list[Listed] = []
    place, since = watch.place, max(watch.upto - OVERLAP, 0)
    for _ in range(PAGES):
        page = LISTS[account.channel](account, world.http, since, place)
        if not isinstance(page, Page):
            return page
        rows += page.rows
        place = page.more
        if not place:
            break
    return Page(tuple(rows), place)


def _compare(world: World, module: Channel, account: Account, watch: Watch, page: Page) -> None:
    rows = sorted((row for row in page.rows if row.at <= watch.goal), key=lambda row: row.at)
    refs = _refs(world, account, rows)
    ours = _ours(watch, rows, refs)
    lost = sorted([*_unheard(rows, refs, ours), *_unsettled(world, rows, refs)], key=lambda row: row.at)
    until, taken = world.now() + TURN_LASTS, []
    broke = False
    for row in lost:
        if world.now() > until:
            break
        if _taken(world, module, account, row):
            taken.append(row)
        else:
            broke = True
    _told(taken)
    _go_on(world, replace(watch, ours=ours), page.more, broke=broke, done=len(taken) == len(lost))


def _told(taken: Sequence[Listed]) -> None:
    """Say what was found: a message that had to be asked for is a webhook that was lost."""
    messages = sum(1 for row in taken if row.state is None)
    if taken:
        say = logs.alarm if messages else logs.note
        say("missed.found", messages=messages, receipts=len(taken) - messages)


def _go_on(world: World, watch: Watch, more: str, *, broke: bool, done: bool) -> None:
    """Write down how far we have come, and ask for another turn if only the time was too short."""

    def step(now: Watch) -> Watch:
        now = replace(now, ours=watch.ours)
        if not done:
            return now
        if more:
            return replace(now, goal=watch.goal, place=more)
        return replace(now, upto=watch.goal, goal=0, place="")

    world.store.change(watch, step)
    if not broke and (more or not done):
        world.queues.ring(Side.SLACK, [bell_of(watch.line)])


def _refs(world: World, account: Account, rows: Sequence[Listed]) -> dict[str, Ref | None]:
    names = list(dict.fromkeys(row.id for row in rows))
    found = world.store.find_all(*((Ref, (account.channel, account.name, name)) for name in names))
    return dict(zip(names, found, strict=True))


def _ours(watch: Watch, rows: Sequence[Listed], refs: dict[str, Ref | None]) -> tuple[str, ...]:
    """Tell which addresses are ours: those of which a webhook has come. An account may serve others, too."""
    heard = [row.ours for row in rows if row.ours and refs[row.id] is not None]
    return tuple(dict.fromkeys([*watch.ours, *heard]))[-MOST_ADDRESSES:]


def _unheard(rows: Sequence[Listed], refs: dict[str, Ref | None], ours: tuple[str, ...]) -> list[Listed]:
    """Choose the messages to us that are not on record."""
    return [row for row in rows if row.ours in ours and refs[row.id] is None]


def _unsettled(world: World, rows: Sequence[Listed], refs: dict[str, Ref | None]) -> list[Listed]:
    """Choose the messages of ours whose record says less than the provider does."""
    sent = [(row, ref) for row in rows if row.state and (ref := refs[row.id]) is not None and ref.item]
    items: list[Any] = world.store.find_all(*((Item, (ref.conversation, ref.item)) for _, ref in sent))
    return [row for (row, ref), item in zip(sent, items, strict=True) if item and _says_more(row, item, ref.part)]


def _says_more(row: Listed, item: Item, part: int) -> bool:
    before = item.parts[part].state if part < len(item.parts) else row.state
    return before is not None and row.state is not None and moved(before, row.state) is not before


def _taken(world: World, module: Channel, account: Account, row: Listed) -> bool:
    """Take one in just as its webhook would have been; False if that did not work now."""
    with logs.about(channel=account.channel, account=account.name, their_id=row.id):
        try:
            take_in(world, module, account, row.request())
        except CallFailed as failure:
            logs.note("missed.not_listed", outcome=type(failure.outcome).__name__)
            return False
        except Exception as error:  # noqa: BLE001 - one that breaks us must not hold back the others
            logs.alarm("missed.broke", error)
            return False
    return True
