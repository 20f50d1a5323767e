"""A provider's list against our record: what is on the one and not on the other is the webhook that was lost.

A day's loss comes in by turns. How far we have come is moved only when everything listed is on record; until then
the next asking begins where this one began. The far askings see a day more: bad news may come long after a message
left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import logs
from chalicelib.channels import LISTS, Channel
from chalicelib.errors import NotHere, SecretMissing
from chalicelib.gates import waits
from chalicelib.inbound.receive import take_in
from chalicelib.missed.asking import (
    TURN_LASTS,
    again,
    begun,
    ended,
    is_away,
    keep_found,
    not_listed,
    noted,
    paused,
    put_away,
)
from chalicelib.missed.watch import bell_of
from chalicelib.model import DAY, Account, Gate, Item, Outcome, Ref, Refused, Side, Watch, moved
from chalicelib.raw import broken
from chalicelib.services import World
from chalicelib.web import Listed, Page

OVERLAP = 15 * 60_000
"""Ms asked for once more: clocks differ, and lists are not complete at once."""
FAR = DAY
"""Ms that a far asking asks for once more: what is said of a message in that time is not missed for good."""
FIRST = 7 * DAY
"""Ms that the very first asking looks back, only to learn which of an account's numbers are ours."""
PAGES = 4
LISTING_LASTS = 4_000
"""Ms after which a turn asks for no further page, so that there is time to take in what was listed."""
MOST_NUMBERS = 200


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What one turn has listed, oldest first, where the list goes on, and why it did not get further, if so.

    `known` has the references of what is on record: by id and by the line, of all those of the channel.
    """

    rows: tuple[Listed, ...]
    more: str
    why: Outcome | None
    known: Mapping[str, Mapping[str, Ref]]


@dataclass(frozen=True, slots=True)
class _Lost:
    """One that is not on record, and what earlier askings noted of it."""

    row: Listed
    note: Ref | None


def look_at_line(world: World, watch: Watch) -> None:
    """Ask a line's provider, unless its gate is shut; an asking that failed is made again with the next bell."""
    channel, _, name = watch.line.partition("/")
    try:
        module, account = world.line(channel, name)
    except (NotHere, SecretMissing) as error:
        # A line that was taken out of the settings is asked no more; one without its secrets has to be mended.
        (logs.alarm if isinstance(error, SecretMissing) else logs.note)("missed.not_listed", why=str(error))
        return
    asking = begun(world, watch)
    if asking is None or waits(world.store.find(Gate, channel, name), world.now()):
        return
    until = world.now() + TURN_LASTS
    sheet = _list(world, account, asking)
    if sheet.why is not None:
        not_listed(sheet.why)
    asking = replace(asking, ours=_ours(asking, name, sheet))
    lost = _lost(world, name, asking, sheet)
    held, done = _take_in(world, (module, account), asking, lost, until)
    held |= sheet.why is not None and not sheet.more
    _go_on(world, watch, replace(asking, held=asking.held or held), sheet, done=done)


def _list(world: World, account: Account, asking: Watch) -> _Sheet:
    """Get as many pages as one turn looks at."""
    rows: list[Listed] = []
    place, why, until = asking.place, None, world.now() + LISTING_LASTS
    for _ in range(PAGES):
        page = LISTS[account.channel](account, world.http, _since(asking), place)
        if not isinstance(page, Page):
            why = page
            break
        rows += [row for row in page.rows if row.at <= asking.goal]
        place = page.more
        if not place or world.now() > until:
            break
    if isinstance(why, Refused):
        place = ""  # a place in a list may be good no longer
    return _Sheet(tuple(sorted(rows, key=lambda row: row.at)), place, why, _known(world, account.channel, rows))


def _since(asking: Watch) -> int:
    if not asking.goes_far:
        return max(asking.upto - OVERLAP, 0)
    return asking.far - FAR if asking.far else max(asking.began - FIRST, 0)


def _known(world: World, channel: str, rows: Sequence[Listed]) -> dict[str, dict[str, Ref]]:
    """Find what is on record, also under other lines: several may belong to one account, and numbers move."""
    lines = [
        name for each, _, name in (line.partition("/") for line in world.settings().accounts) if each == channel
    ]
    names = [(row.id, line) for row in rows for line in lines]
    found: list[Ref | None] = world.store.find_all(*((Ref, (channel, line, name)) for name, line in names))
    known: dict[str, dict[str, Ref]] = {}
    for (name, line), ref in zip(names, found, strict=True):
        if ref is not None:
            known.setdefault(name, {})[line] = ref
    return known


def _ours(asking: Watch, name: str, sheet: _Sheet) -> tuple[str, ...]:
    """Tell which numbers are ours: those that were last heard here. An account may serve others, too."""
    if asking.place and asking.far:
        return asking.ours  # what is further down the list is older than what was learned above
    heard = [row for row in sheet.rows if row.ours and row.id in sheet.known and (row.inbound or not asking.far)]
    last = {row.ours: sheet.known[row.id] for row in heard}
    stay = [number for number in asking.ours if name in last.get(number, (name,))]
    new = [number for number, lines in last.items() if name in lines]
    return tuple(dict.fromkeys([*stay, *new]))[-MOST_NUMBERS:]


def _lost(world: World, name: str, asking: Watch, sheet: _Sheet) -> list[_Lost]:
    """Choose what is not on record: messages to us, and what became of those that we sent."""
    since = asking.began - OVERLAP
    unheard = [
        row
        for row in sheet.rows
        if row.inbound and row.ours in asking.ours and row.id not in sheet.known and row.at >= since
    ]
    sent = [
        (row, ref)
        for row in sheet.rows
        if row.state and (ref := sheet.known.get(row.id, {}).get(name)) and ref.item
    ]
    items: list[Any] = world.store.find_all(*((Item, (ref.conversation, ref.item)) for _, ref in sent))
    unsettled = [
        row for (row, ref), item in zip(sent, items, strict=True) if item and _says_more(row, item, ref.part)
    ]
    notes = noted(world, asking.line, map(_name, [*unheard, *unsettled]))
    lost = [_Lost(row, notes.get(_name(row))) for row in [*unheard, *unsettled]]
    return sorted((each for each in lost if not is_away(each.note)), key=_turn)


def _turn(lost: _Lost) -> tuple[bool, int]:
    """Order what was lost by its age; what could not be taken in before takes no other's time."""
    return lost.note is not None, lost.row.at


def _name(row: Listed) -> str:
    return row.id if row.inbound else f"{row.id}/{row.state}"


def _says_more(row: Listed, item: Item, part: int) -> bool:
    before = item.parts[part].state if part < len(item.parts) else row.state
    return before is not None and row.state is not None and moved(before, row.state) is not before


def _take_in(
    world: World, line: tuple[Channel, Account], asking: Watch, lost: Sequence[_Lost], until: int
) -> tuple[bool, bool]:
    """Take in what there is time for, but at least one.

    Returns whether some have to be tried again by another asking, and whether this one need not try any more.
    """
    taken: list[Listed] = []
    left = list(lost)
    held = False
    while left and (len(left) == len(lost) or world.now() <= until):
        each = left.pop(0)
        if _taken(world, *line, asking, each):
            taken.append(each.row)
        else:
            held = True
    _put_away(world, line[1], asking, taken)
    _told(taken)
    if left and (taken or left[0].note is None):
        return held, False
    return held or bool(left), True


def _taken(world: World, module: Channel, account: Account, asking: Watch, lost: _Lost) -> bool:
    """Take one in just as its webhook would have been; False if it has to be tried again."""
    row, note = lost.row, lost.note
    with logs.about(channel=account.channel, account=account.name, their_id=row.id):
        request, lacks = row.request()
        if lacks:
            if again(world, asking.line, _name(row), note):
                logs.note("missed.not_listed", why=lacks)
                return False
            logs.alarm("missed.not_listed", why=lacks)
        try:
            take_in(world, module, account, request)
        except Exception as error:  # noqa: BLE001 - one that breaks us must not hold back the others
            logs.alarm("missed.broke", error)
            if again(world, asking.line, _name(row), note):
                return False
            keep_found(world, asking.line, _name(row), (account.channel, account.name), request, broken(error))
    return True


def _put_away(world: World, account: Account, asking: Watch, taken: Sequence[Listed]) -> None:
    """See to it that what could not be read, and was kept, is not kept again by the next asking."""
    messages = [row.id for row in taken if row.inbound]
    found: list[Any] = world.store.find_all(*((Ref, (account.channel, account.name, name)) for name in messages))
    for name, ref in zip(messages, found, strict=True):
        if ref is None:
            put_away(world, asking.line, name)


def _told(taken: Sequence[Listed]) -> None:
    """Say what was found: a message that had to be asked for is a webhook that was lost."""
    messages = sum(row.inbound for row in taken)
    if taken:
        say = logs.alarm if messages else logs.note
        say("missed.found", messages=messages, receipts=len(taken) - messages)


def _go_on(world: World, watch: Watch, asking: Watch, sheet: _Sheet, *, done: bool) -> None:
    """Write down how far we have come, and ask for another turn if only the time was too short."""

    def step(now: Watch) -> Watch:
        now = replace(now, ours=asking.ours)
        place = sheet.more if done else asking.place
        return ended(now, asking) if done and not place else paused(now, asking, place)

    world.store.change(watch, step)
    if sheet.why is None and (sheet.more or not done):
        world.queues.ring(Side.SLACK, [bell_of(asking.line)])
