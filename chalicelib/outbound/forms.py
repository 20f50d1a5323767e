"""The forms a message in Slack has had: in doubt one of them was a note, and a leak cannot be undone.

Slack tells of each edit with the form before it. Where events are lost or come in the wrong order, or where a
message is only found in a list, a form may be missing; such a reply is held back until the missing event comes, or
until a person sends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.model import Item, Part, Reason, Refused, State
from chalicelib.outbound.cut import cut
from chalicelib.settling import asked_again, with_outcome
from chalicelib.slack.told import Typed

MOST = 100
"""Edits that are remembered while one is missing; should there be more, a person has to send it."""


def with_told(forms: Mapping[str, str], edited: str, event: Typed) -> Mapping[str, str]:
    """Add which form an event says that it follows; empty once each is known, from the newest to the first.

    `forms` is what was known up to now, of what has the form that `edited` made.
    """
    known = dict(forms) or {edited: ""}
    if known.get(event.edited, "?") == "?":
        known[event.edited] = event.follows
    form, left = max(known), dict(known)
    while form in left:
        form = left.pop(form)
    return {each: before for each, before in sorted(known.items())[-MOST:] if each} if form else {}


def held_back(item: Item, now: int) -> Item:
    """Do not send a reply that may have been a note."""
    return with_outcome(cut(item, [Part("")]), 0, Refused(Reason.UNHEARD), now) or item


def is_held_back(item: Item) -> bool:
    """Tell whether a reply waits for the event of an earlier form of it, or for a person."""
    return item.state is State.FAILED and any(part.reason is Reason.UNHEARD for part in item.parts)


def let_go(item: Item, now: int) -> Item:
    """Send what was held back after all: no form of it was a note."""
    return replace(asked_again(item, now) or item, asked_at=item.asked_at)
