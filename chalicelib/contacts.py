"""Who is this? Addresses, the person behind them, and the conversation a desk has with that person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.finding import entries
from chalicelib.model import (
    DAY,
    Address,
    Contact,
    Conversation,
    Current,
    History,
    Known,
    Route,
    Status,
    new_id,
)
from chalicelib.settings import Desk
from chalicelib.store import Insert, Put, Replace, Store

Writes = list[Insert | Replace | Put]
WAYS = 20
"""Ways back that are remembered of somebody, the latest."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is on record about the addresses an event carries."""

    addresses: tuple[Address, ...]
    """Those the provider vouches for; a mere claim counts only where there is nothing else."""
    known: Mapping[str, Known]
    contact: Contact | None

    others: tuple[Contact, ...] = ()
    """Those to whom the other addresses lead: the same person, as the provider vouches."""
    claimed: Mapping[str, Contact] = field(default_factory=dict)
    """Those whose address it is that the sender only says to have."""

    def new_links(self, contact: str) -> list[Insert]:
        """Link the addresses nobody has yet."""
        how = "first message" if self.contact is None else "same person"
        unknown = [address for address in self.addresses if address.key not in self.known]
        out = {medium: at for each in self.known.values() for medium, at in each.opted_out.items()}
        back = {medium: at for each in self.known.values() for medium, at in each.opted_in.items()}
        return [Insert(Known(address.key, contact, how, out, back)) for address in unknown]

    def links(self, person: Contact) -> Writes:
        """Link the addresses nobody has yet to somebody on record; their own record names what leads to them."""
        after = self.addressed(person)
        return [*self.new_links(person.id), *kept_up(person, after)]

    def addressed(self, person: Contact) -> Contact:
        """Name on somebody's record the addresses that lead to them."""
        led = [each.key for each in self.addresses if self._leads(each.key, person)]
        return replace(person, addresses=tuple(dict.fromkeys((*person.addresses, *led))))

    def _leads(self, key: str, person: Contact) -> bool:
        known = self.known.get(key)
        return known is None or known.contact in (person.id, *person.merged)


def whereabouts(store: Store, addresses: Sequence[Address]) -> Whereabouts:
    """Find out who writes: one read for the addresses, one for the contact."""
    vouched = tuple(dict.fromkeys(address for address in addresses if address.verified))
    given = vouched or tuple(addresses[:1])
    said = tuple(dict.fromkeys(each.key for each in addresses if not each.verified)) if vouched else ()
    asked = tuple(dict.fromkeys((*(each.key for each in given), *said)))
    found: list[Known | None]
    if len(asked) == 1:
        found = [store.find(Known, asked[0])]
    else:
        found = store.find_all(*((Known, (key,)) for key in asked))
    known = {each.address: each for each in found if each is not None}
    people = roots(store, [each.contact for each in known.values()])
    own = {each.key: known[each.key] for each in given if each.key in known}
    # The first address on record decides; where others lead to somebody else, the two are to be merged.
    mine = list({each.id: each for known in own.values() if (each := people.get(known.contact))}.values())
    claimed = {key: who for key in said if key in known and (who := people.get(known[key].contact))}
    others = {key: who for key, who in claimed.items() if who not in mine}
    return Whereabouts(given, own, mine[0] if mine else None, tuple(mine[1:]), others)


def person(store: Store, contact: str) -> Contact | None:
    """Find a contact; the one into which it was merged, if it was."""
    return roots(store, [contact]).get(contact)


def persons(store: Store, contacts: Iterable[str]) -> list[Contact]:
    """Find several, each once, in their order."""
    return list({each.id: each for each in roots(store, contacts).values()}.values())


def roots(store: Store, contacts: Iterable[str]) -> dict[str, Contact]:
    """Find for each contact the one into which it was merged, if it was, in one round trip if none was."""
    names = list(dict.fromkeys(contacts))
    found: dict[str, Contact | None] = {}
    while missing := list(dict.fromkeys(last for name in names if (last := _end(name, found)) not in found)):
        read = store.find_all(*((Contact, (name,)) for name in missing)) if missing[1:] else []
        found |= dict(zip(missing, read or [store.find(Contact, missing[0])], strict=True))
    return {name: root for name in names if (root := found[_end(name, found)]) is not None}


def _end(name: str, found: Mapping[str, Contact | None]) -> str:
    """Follow a contact into the one it was merged into, as far as they are known."""
    while (contact := found.get(name)) is not None and contact.into:
        name = contact.into
    return name


def current(contact: Contact | None, desks: Sequence[Desk], now: int) -> Current | None:
    """Tell to which conversation with these desks a new message belongs: open, or resolved not too long ago."""
    return last(
        contact, [desk for desk in desks if contact and _goes_on(contact.current.get(desk.name), desk, now)]
    )


def last(contact: Contact | None, desks: Sequence[Desk]) -> Current | None:
    """Find the conversation that one of these desks had last: one that is open, if there is any.

    Of several open ones the one that was begun last counts, else the one that was resolved last.
    """
    pointers = [contact.current[desk.name] for desk in desks if desk.name in contact.current] if contact else []
    return max(
        pointers,
        key=lambda each: (each.resolved_at is None, each.resolved_at or 0, each.conversation),
        default=None,
    )


def _goes_on(pointer: Current | None, desk: Desk, now: int) -> bool:
    if pointer is None or pointer.resolved_at is None:
        return pointer is not None
    return now - pointer.resolved_at <= desk.reopen_hours * DAY // 24


def opening(
    here: Whereabouts, desk: Desk, name: str, now: int, due: int, route: Route, locale: str = ""
) -> tuple[Conversation, Writes]:
    """Make a conversation and all that has to be written with it; the contact's pointer decides a race."""
    before = here.contact or Contact(new_id(now))
    pointer = before.current.get(desk.name)
    conversation = Conversation(
        id=new_id(now),
        contact=before.id,
        desk=desk.name,
        slack_channel=desk.slack_channel,
        name=name or before.name or here.addresses[0].value,
        opened_at=now,
        previous=pointer.conversation if pointer else "",
        routes=(route,),
        picture=before.picture,
        due=due,
    )
    pointers = {**before.current, desk.name: Current(conversation.id, desk.slack_channel)}
    after = replace(
        here.addressed(before), name=name or before.name, current=pointers, locale=locale or before.locale
    )
    return conversation, [
        Insert(conversation),
        Insert(History(before.id, conversation.id, desk.name, now)),
        *kept_up(before, with_way(after, route)),
        *here.new_links(before.id),
    ]


def kept_up(before: Contact, after: Contact) -> Writes:
    """Write a contact as it is now, if it is another, with the words by which it is found from now on."""
    if after == before:
        return []
    known = entries(before) if before.version and before.addresses else []
    words = [Put(each) for each in entries(after) if each not in known]
    return [Replace(after) if before.version else Insert(after), *words]


def with_way(contact: Contact, route: Route) -> Contact:
    """Note the way on which somebody wrote last."""
    return replace(contact, routes=_latest(contact.routes, route))


def with_ways(home: Conversation, routes: Iterable[Route]) -> Conversation:
    """Note the ways back that were used in a conversation; those it knows change nothing."""
    for route in routes:
        if route not in home.routes:
            home = replace(home, routes=_latest(home.routes, route))
    return home


def _latest(routes: tuple[Route, ...], route: Route) -> tuple[Route, ...]:
    return (*(each for each in routes if each != route), route)[-WAYS:]


def opt_out(store: Store, route: Route, at: int) -> None:
    """Remember that a provider will not let us write to an address any more."""
    known = store.find(Known, route.address)
    if known is None or route.medium in known.opted_out:
        return

    def step(now: Known) -> Known | None:
        after = opted_out(now, route.medium, at)
        return None if after == now else after

    store.change(known, step)


def opted_out(known: Known, medium: str, at: int) -> Known:
    """Write down a wish to hear no more, unless a younger one says otherwise; the youngest has its date kept."""
    if at < known.opted_in.get(medium, at):
        return known
    return replace(known, opted_out={**known.opted_out, medium: max(at, known.opted_out.get(medium, at))})


def opted_in(known: Known, medium: str, at: int) -> Known:
    """Write down that messages are welcome; a younger wish to hear no more stays."""
    wishes = {name: since for name, since in known.opted_out.items() if name != medium or since > at}
    welcome = {**known.opted_in, medium: max(at, known.opted_in.get(medium, at))}
    return replace(known, opted_out=wishes, opted_in=welcome)


def with_status(conversation: Conversation, status: Status, due: int) -> Conversation:
    """Resolve or reopen: the conversation's own side of it."""
    if status is Status.RESOLVED:
        return replace(conversation, status=status, waiting_since=None, drawn="", due=due)
    return replace(conversation, status=status, drawn="", due=due)


def pointed(contact: Contact, conversation: Conversation, status: Status, now: int) -> Contact | None:
    """Resolve or reopen: the contact's side of it, or None if the contact already has another conversation."""
    resolved_at = now if status is Status.RESOLVED else None
    return _led(contact, conversation.id, lambda pointer: replace(pointer, resolved_at=resolved_at))


def led_on(contact: Contact, home: Conversation) -> Contact | None:
    """Lead a contact on to where their conversation has moved; None if nothing leads there, now or from now on."""
    moved = _led(contact, home.id, lambda pointer: replace(pointer, slack_channel=home.slack_channel))
    is_open = home.status is not Status.RESOLVED
    if moved is None and not is_open:
        return None
    after, there = moved or contact, contact.current.get(home.desk)
    if there is None or (there.resolved_at is not None and is_open):
        at = next((each.resolved_at for each in after.current.values() if each.conversation == home.id), None)
        return replace(after, current={**after.current, home.desk: Current(home.id, home.slack_channel, at)})
    return moved


def _led(contact: Contact, conversation: str, step: Callable[[Current], Current]) -> Contact | None:
    """Take a step with all pointers to a conversation: once it has moved, several desks' may lead there."""
    led = {desk: step(each) for desk, each in contact.current.items() if each.conversation == conversation}
    return replace(contact, current={**contact.current, **led}) if led else None
