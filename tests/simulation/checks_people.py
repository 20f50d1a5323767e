"""What must be true of who is who: words come to whom their sender is, merged or parted, and the blocked rest."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial
from typing import TypeVar

from chalicelib.model import Contact, Kind, Known
from chalicelib.store.rows import to_thing
from tests.simulation.evidence import Evidence

WORKER = 31.0
"""Seconds that something decided a moment ago may still take."""

T = TypeVar("T")
Past = dict[str, list[tuple[float, Contact]]]


def words_come_to_whom_their_sender_is(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """A message is recorded where its sender's own record led then, also after two were taken for one."""
    contacts, owners = _contacts(seen), _owners(seen)
    for item in seen.items:
        if item.kind is not Kind.MESSAGE or item.route is None or item.muted:
            continue
        counts["messages by whom they are"] += 1
        at = seen.written[item.id]
        whose = {who for _, who in _around(owners.get(item.route.address, []), at)}
        led = {name for who in whose for root in _roots(contacts, who, at) for name in _leads(contacts, root, at)}
        if item.conversation not in led:
            what = f"{item.id} by {item.route.address} is in {item.conversation}"
            yield f"{what}, not in {sorted(led)}{seen.story(item.id)}"


def _around(past: list[tuple[float, T]], at: float) -> list[tuple[float, T]]:
    """Tell what was so at a moment, or within the life of a worker before it."""
    first = max(bisect_right(past, at - WORKER, key=lambda each: each[0]) - 1, 0)
    return past[first : bisect_right(past, at, key=lambda each: each[0])]


def _roots(contacts: Past, name: str, at: float) -> set[str]:
    forms = [form for _, form in _around(contacts.get(name, []), at)]
    ends = {name for form in forms if not form.into}
    return ends.union(*(_roots(contacts, form.into, at) for form in forms if form.into))


def _leads(contacts: Past, name: str, at: float) -> set[str]:
    forms = [form for _, form in _around(contacts.get(name, []), at)]
    return {pointer.conversation for form in forms for pointer in form.current.values()}


def _contacts(seen: Evidence) -> Past:
    past: Past = defaultdict(list)
    for commit in seen.town.table.commits:
        if commit.key[1] == "CONTACT" and commit.row:
            contact = to_thing(Contact, commit.row)
            past[contact.id].append((commit.at, contact))
    return past


def _owners(seen: Evidence) -> dict[str, list[tuple[float, str]]]:
    past: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for commit in seen.town.table.commits:
        if commit.key[1] == "ADDRESS" and commit.row:
            known = to_thing(Known, commit.row)
            past[known.address].append((commit.at, known.contact))
    return past


def addresses_are_whose_they_are(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Those of a merge lead to whoever was kept, and after its undoing to whom they had."""
    store = seen.town.store
    counts["merged"] += len(seen.merges)
    counts["merges undone"] += sum(bool(each.undone_at) for each in seen.merges)
    for merge in seen.merges:
        later = [each for each in seen.merges if each.id > merge.id]
        if any({each.kept, each.gone} & {merge.kept, merge.gone} for each in later):
            continue
        gone = store.find(Contact, merge.gone)
        for address in merge.addresses:
            known = store.find(Known, address)
            right = merge.gone if merge.undone_at else merge.kept
            end = known.contact if known else ""
            while (contact := store.find(Contact, end)) is not None and contact.into:
                end = contact.into
            if end != right or (gone is not None and bool(gone.into) is bool(merge.undone_at)):
                yield f"{address} leads to {end} and should to {right}{seen.story(merge.id, address)}"


def the_blocked_are_not_heard(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Whoever was blocked all the while when a message was taken in: it is on record, and nowhere else."""
    contacts, owners = _contacts(seen), _owners(seen)
    for item in seen.items:
        if item.kind is not Kind.MESSAGE or item.route is None:
            continue
        at = seen.written[item.id]
        is_blocked = partial(_blocked, contacts, owners.get(item.route.address, []), at)
        counts["of somebody blocked"] += item.muted
        if is_blocked(every=True) and not item.muted:
            yield f"{item.id} is of somebody blocked, and is not muted{seen.story(item.id)}"
        if item.muted and not is_blocked(every=False):
            yield f"{item.id} is muted, and nobody has blocked them{seen.story(item.id)}"


def _blocked(contacts: Past, owners: list[tuple[float, str]], at: float, *, every: bool) -> bool:
    whose = {root for _, who in _around(owners, at) for root in _roots(contacts, who, at)}
    forms = [form for who in whose for _, form in _around(contacts.get(who, []), at)]
    found = [bool(form.blocked_at) for form in forms]
    return bool(found) and (all(found) if every else any(found))


CHECKS = (words_come_to_whom_their_sender_is, addresses_are_whose_they_are, the_blocked_are_not_heard)
