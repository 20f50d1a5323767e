"""A reply that has gone is given its new words on the customer's phone, or is taken back from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.model import THERE, Bubble, Item, Kind, Markup, Ok, Outcome, Part, Reason, Refused, State, stepped
from chalicelib.outbound.attempt import Way
from chalicelib.outbound.cut import retyped
from chalicelib.outbound.ways import Prepare
from chalicelib.settling import nothing_gone, withdrawn

FORMS_COME = 5 * 60_000
"""Ms for which the event of a form in between is waited for: Slack repeats one after five minutes."""


def superseded(item: Item, reply: Item) -> bool:
    """Tell whether the team has changed its mind once more since."""
    return item.kind is Kind.CORRECTION and (reply.edited > item.edited or reply.deleted_at > 0)


def correct(way: Way, item: Item, reply: Item, prepare: Prepare) -> Outcome | None:
    """Bring a reply's newest words to the customer; None while it is too early."""
    if item.state is not State.RECORDED:
        # Whoever wants no more messages since is not told once more what they most likely read already.
        return Ok("") if way.closed() else _repeat(way, reply)
    refusal, early = _hindered(way, item, reply)
    if refusal is not None or early:
        return refusal
    if nothing_gone(reply):
        at = way.world.now()
        way.world.store.change(reply, lambda now: _with_words(now, item, at))
        return Ok("")
    ready = prepare(way.world, replace(_as_typed(reply, item), parts=()), way.medium)
    return _change(way, item, reply, ready)


def _hindered(way: Way, item: Item, reply: Item) -> tuple[Refused | None, bool]:
    """Say why the newest words must not go, or whether it is only too early to tell."""
    if reply.noted:
        return Refused(Reason.NOTE_BETWEEN), False
    if reply.forms:
        early = way.world.now() - item.asked_at < FORMS_COME
        return (None if early else Refused(Reason.FORM_MISSING)), early
    if reply.state in (State.RECORDED, State.SENDING):
        return None, True
    closed = way.closed()
    if closed is not None and not nothing_gone(reply):
        return closed, False
    known = all(part.stayed_behind or (part.state in THERE and part.id) for part in reply.parts)
    return (None if known or nothing_gone(reply) else Refused(Reason.UNSURE)), False


def _with_words(reply: Item, item: Item, at: int) -> Item | None:
    """Take the new words for a reply of which nothing has gone after all."""
    return retyped(_as_typed(reply, item), at) if nothing_gone(reply) else None


def _as_typed(reply: Item, item: Item) -> Item:
    return replace(reply, text=item.text, rich=item.rich, attachments=item.attachments, edited=item.edited)


def _change(way: Way, item: Item, reply: Item, ready: Item) -> Outcome:
    ready = replace(ready, parts=tuple(_as_there(ready.parts, reply.parts)))
    new, old = ready.parts, reply.parts
    fewer = 0 < len(new) < len(old) and way.medium.deletes and all(part.file is None for part in old[len(new) :])
    if [part.file for part in new] != [part.file for part in old[: len(new)]] or not (
        len(new) == len(old) or fewer
    ):
        return Refused(Reason.OTHER_PARTS)
    for number, part in enumerate(new):
        before = old[number]
        same = (part.text, part.markup) == (before.text, before.markup)
        if (same and not item.doubt) or not _has_words(before, part):
            continue
        outcome = _call(way, before, part)
        if not isinstance(outcome, Ok):
            return outcome
    for part in old[len(new) :]:
        outcome = way.channel.take_back(_bubble(way, part), way.account, way.world.http)
        if not isinstance(outcome, Ok):
            return outcome
    at = way.world.now()
    way.world.store.change(reply, lambda now: _with_parts(now, ready, at))
    return Ok("")


def _as_there(new: Sequence[Part], old: Sequence[Part]) -> list[Part]:
    """Put words last whose file stayed behind: they went by themselves."""
    alone = [
        part
        for part, there in zip(new, old, strict=False)
        if part.text and part.file is not None and there.stayed_behind
    ]
    left = [replace(part, text="", markup=Markup.PLAIN) if part in alone else part for part in new]
    return [*left, *(Part(part.text, markup=part.markup) for part in alone)]


def _with_parts(reply: Item, ready: Item, at: int) -> Item:
    """Write down what the customer reads now; what is reported of each part stays as it is."""
    words = [(part.text, part.markup) for part in ready.parts]
    parts = tuple(
        replace(part, text=text, markup=markup) for part, (text, markup) in zip(reply.parts, words, strict=False)
    )
    return stepped(replace(reply, parts=parts, text=ready.text, rich=ready.rich), "changed there", at)


def _repeat(way: Way, reply: Item) -> Outcome:
    """Say once more what the customer should read by now."""
    for part in filter(_has_words, reply.parts if not reply.deleted_at else ()):
        outcome = _call(way, part, part)
        if not isinstance(outcome, Ok):
            return outcome
    return Ok("")


def _has_words(there: Part, new: Part | None = None) -> bool:
    """Tell whether a message has words that could be others: not every file has, nor what stayed behind."""
    return not there.stayed_behind and (there.file is None or bool(there.text or (new and new.text)))


def _call(way: Way, there: Part, new: Part) -> Outcome:
    return way.channel.change(_bubble(way, there), new.text, new.markup, way.account, way.world.http)


def _bubble(way: Way, part: Part) -> Bubble:
    return Bubble(way.route, part.id, caption=part.file is not None)


def recall(way: Way, _item: Item, reply: Item, _: Prepare) -> Outcome | None:
    """Take back all of a reply that the customer has; None while it is too early."""
    if reply.state in (State.RECORDED, State.SENDING):
        return None
    at = way.world.now()
    if nothing_gone(reply):
        way.world.store.change(reply, lambda now: withdrawn(now, at) if nothing_gone(now) else None)
        return Ok("")
    outcome = _take_back(way, reply.parts)
    if isinstance(outcome, Ok):
        way.world.store.change(reply, lambda now: stepped(replace(now, deleted_at=at), "taken back", at))
    return outcome


def _take_back(way: Way, parts: Sequence[Part]) -> Outcome:
    unsure = False
    for part in parts:
        if part.state in THERE and part.id:
            outcome = way.channel.take_back(_bubble(way, part), way.account, way.world.http)
            if not isinstance(outcome, Ok):
                return outcome
        unsure |= part.in_doubt or (part.state in THERE and not part.id)
    return Refused(Reason.UNSURE) if unsure else Ok("")
