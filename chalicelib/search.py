"""Find customers by what somebody types: the beginnings of their names, or of an address."""

from __future__ import annotations

from chalicelib.contacts import persons, roots
from chalicelib.finding import sought
from chalicelib.model import Contact, Entry
from chalicelib.store import Store
from chalicelib.store.rows import FOUND_BY

LOOKED_AT = 300
"""Entries that are read for each word; who is not among them is found by typing more."""


def find_people(store: Store, words: str, limit: int) -> list[Contact]:
    """Find those of whom every word is the beginning of a name or an address; the shortest match is the best."""
    typed = sought(words)
    long = [word for word in typed if len(word) >= FOUND_BY] or typed
    if not long:
        return []
    lists = [store.listed(Entry, word, limit=LOOKED_AT) for word in long]
    # One word may lead to one's own record, and the next to a record that was merged into it.
    names = [each.contact for found in lists for each in found] if lists[1:] else []
    led = {name: whose.id for name, whose in roots(store, names).items()}
    rank: dict[str, int] = {}
    for found in lists[0]:
        rank.setdefault(led.get(found.contact, found.contact), len(found.word))
    for others in lists[1:]:
        also = {led.get(each.contact, each.contact) for each in others}
        rank = {contact: length for contact, length in rank.items() if contact in also}
    best = sorted(rank, key=lambda each: rank[each])
    return list({each.id: each for each in persons(store, best[: 2 * limit])}.values())[:limit]
