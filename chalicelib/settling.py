"""The steps in the life of a reply, as pure functions from an item to the item after it.

Each returns None where nothing changes, so that a repeat costs no write.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import (
    DAY,
    Claim,
    Closed,
    Item,
    Markup,
    Ok,
    Part,
    Reason,
    Receipt,
    Refused,
    State,
    Step,
    born,
    moved,
    new_id,
    owed,
    stepped,
    summary,
    unsigned,
    wanted_again,
)

CLAIM_LIFE = 60_000
"""Ms after which a claim without an outcome is stale; a worker lives 30 s at most."""
REMEMBERED = 13 * DAY
"""Ms for which a file is surely in the bucket, which forgets it a day later."""
DOUBT = 3 * 60_000
"""Ms after which a call that was given up takes no effect any more."""


def fresh(claim: Claim, now: int) -> bool:
    """Tell whether whoever made a claim may still be at it."""
    return now - claim.at < CLAIM_LIFE


def with_claim(item: Item, claim: Claim, together: int = 1) -> Item:
    """Put a claim on an item that goes out in one post, perhaps with others; an earlier try was looked up."""
    if item.claim is not None:
        item = stepped(item, "looked up", claim.at, "not there")
    company = f", {together} in one" if together > 1 else ""
    return stepped(
        replace(item, claim=claim), "claimed", claim.at, f"try {claim.count}, post {claim.post}{company}"
    )


def claim_after(earlier: Claim | None, now: int) -> Claim:
    """Make the claim for one attempt; another attempt at the same thing keeps its name."""
    return replace(earlier, at=now, count=earlier.count + 1) if earlier else Claim(new_id(now), now)


def claimed_part(item: Item, part: int, now: int) -> Item:
    """Claim one part of a reply for one attempt to send it."""
    before, tries = item.parts[part], item.parts[part].tries + 1
    earlier = item.claim if before.state is State.SENDING else None
    after = _with_part(item, part, replace(before, state=State.SENDING, tries=tries))
    mine = replace(after, claim=claim_after(earlier, now), due=now + CLAIM_LIFE)
    return stepped(mine, "claimed", now, _of(item, part, f"try {tries}"))


def given_back(item: Item, now: int, why: str) -> Item:
    """Note that an attempt to post was given back; what was never claimed only waits."""
    return stepped(item, "given back", now, why) if item.claim is not None else item


def nothing_gone(item: Item) -> bool:
    """Tell whether it is certain that nothing of a reply went out or is on its way."""
    waiting = (State.RECORDED, State.FAILED)
    return item.state in waiting and all(part.state in waiting and not part.in_doubt for part in item.parts)


def withdrawn(item: Item, now: int) -> Item:
    """Take a reply back of which nothing has gone."""
    return _dated(stepped(replace(item, state=State.WITHDRAWN), "withdrawn", now), now)


def released(item: Item, part: int, due: int, now: int, why: str) -> Item | None:
    """Give a claim back: it is known that nothing happened."""
    if item.parts[part].state is not State.SENDING:
        return None
    after = _with_part(item, part, replace(item.parts[part], state=State.RECORDED))
    return stepped(replace(after, claim=None, due=due), "given back", now, _of(item, part, why))


def with_outcome(item: Item, part: int, outcome: Ok | Refused | Closed, now: int) -> Item | None:
    """Write down how sending one part ended, unless a receipt has said more already."""
    match outcome:
        case Ok(their_id):
            after = replace(item.parts[part], state=State.SENT, id=their_id, reason=None, detail="")
        case Refused(reason, detail):
            after = replace(item.parts[part], state=State.FAILED, reason=reason, detail=unsigned(detail))
        case Closed(detail):
            after = replace(item.parts[part], state=State.FAILED, reason=Reason.WINDOW, detail=detail)
    told = _of(item, part, after.id if isinstance(outcome, Ok) else f"{after.reason}")
    item, after = _apart(item, after)
    return _settled(item, part, after, Step(str(after.state), now, told))


def _apart(item: Item, after: Part) -> tuple[Item, Part]:
    """Let words go by themselves whose file stays behind: last, as receipts know each part by its number."""
    if not (after.stayed_behind and after.kind and after.text):
        return item, after
    words = Part(after.text, markup=after.markup)
    return replace(item, parts=(*item.parts, words)), replace(after, text="", markup=Markup.PLAIN)


def lost_track(item: Item, part: int, detail: str, now: int) -> Item | None:
    """Write down that nobody can say whether a part got through."""
    after = replace(item.parts[part], state=State.UNKNOWN, reason=Reason.LOST_TRACK, detail=detail)
    return _settled(item, part, after, Step("unknown", now, _of(item, part, str(Reason.LOST_TRACK))))


def with_receipt(item: Item, receipt: Receipt, part: int, tries: int | None, now: int) -> Item | None:
    """Write down what a provider reports of a part.

    Of an earlier attempt only one thing counts: that it arrived after all.
    """
    before = item.parts[part]
    if receipt.state not in (State.DELIVERED, State.READ) and _earlier_attempt(before, receipt, tries):
        return None
    good = receipt.state is not State.FAILED
    after = replace(
        before,
        state=receipt.state,
        id=before.id or receipt.of,
        reason=None if good else receipt.reason or Reason.REFUSED,
        detail="" if good else unsigned(receipt.detail),
    )
    told = f"{receipt.state}" if good else f"{receipt.state}: {after.reason}"
    return _settled(item, part, after, Step("receipt", now, _of(item, part, told)))


def _earlier_attempt(part: Part, receipt: Receipt, tries: int | None) -> bool:
    """Tell whether a receipt is about an attempt that was followed, or is to be followed, by another."""
    if part.state is State.RECORDED:
        return True
    if tries is not None:
        return tries != part.tries
    # It was found by the provider's id, and that of the attempt under way is not on record yet.
    return part.state is State.SENDING or part.id not in ("", receipt.of)


def asked_again(item: Item, now: int) -> Item | None:
    """Take up what failed or got lost of a reply, because a person wants it sent again."""
    if item.state not in (State.FAILED, State.UNKNOWN):
        return None
    wanted = {part.file for part in item.parts if part.state in (State.FAILED, State.UNKNOWN)}
    forgotten = bool(item.attachments) and now - born(item.id) > REMEMBERED
    files = tuple(
        wanted_again(file, forgotten=forgotten) if number in wanted else file
        for number, file in enumerate(item.attachments)
    )
    parts = tuple(
        replace(part, state=State.RECORDED, id="", reason=None, detail="", may_have_left=part.in_doubt)
        if part.state in (State.FAILED, State.UNKNOWN)
        else part
        for part in item.parts
    )
    after = replace(
        item,
        parts=parts,
        attachments=files,
        state=summary(parts),
        shown=None,
        parked="",
        # Whoever wants it sent vouches for the forms that nobody heard of.
        forms={},
        asked_at=now,
        due=now + CLAIM_LIFE,
    )
    return stepped(replace(after, claim=_still_claimed(after)), "asked again", now)


def retried(item: Item, now: int) -> Item | None:
    """Give what was given up another life, with its attempts counted anew."""
    if not item.parked:
        return None
    after = stepped(replace(item, parked="", claim=None), "retried", now)
    return replace(after, due=now + CLAIM_LIFE if owed(after) else None)


def arrived(item: Item, now: int) -> Item | None:
    """Take a person's word that what nobody could say did arrive; what comes after it goes out now."""
    if item.state is not State.UNKNOWN:
        return None
    parts = tuple(
        replace(part, state=State.SENT, reason=None, detail="") if part.state is State.UNKNOWN else part
        for part in item.parts
    )
    after = replace(item, parts=parts, state=summary(parts), awaits=False)
    # The claim may be that of the verdict's post, which is settled by itself; the parts behind do not wait for it.
    return _dated(stepped(replace(after, claim=_still_claimed(after)), "said to have arrived", now), now)


def _settled(item: Item, part: int, after: Part, step: Step) -> Item | None:
    before = item.parts[part]
    if not _says_more(before, after):
        if before.id or not after.id:
            return None
        after = replace(before, id=after.id)
    settled = stepped(_with_part(item, part, after), step.what, step.at, step.detail)
    shown = None if settled.shown is after.state and before.reason is not after.reason else settled.shown
    return _dated(replace(settled, shown=shown, claim=_still_claimed(settled)), step.at)


def _says_more(before: Part, after: Part) -> bool:
    """Tell whether a step leads on; what is the same, or no legal move, does not."""
    if before.reason is Reason.UNCONFIRMED:
        # It was only taken for failed, for want of any report, and is open to each that comes.
        return after.reason is not before.reason and moved(State.UNKNOWN, after.state) is after.state
    return after.state is not before.state and moved(before.state, after.state) is after.state


def _of(item: Item, part: int, words: str) -> str:
    """Say which part a step is about, where there are several."""
    return f"{words}, part {part + 1} of {len(item.parts)}" if len(item.parts) > 1 else words


def _still_claimed(item: Item) -> Claim | None:
    """Keep a claim as long as the part it is for has no outcome: another part's receipt settles nothing."""
    return item.claim if any(part.state is State.SENDING for part in item.parts) else None


def _with_part(item: Item, part: int, after: Part) -> Item:
    parts = (*item.parts[:part], after, *item.parts[part + 1 :])
    return replace(item, parts=parts, state=summary(parts))


def unfinished(item: Item) -> bool:
    """Tell whether the clock has to come back to an item: something is owed, or its mark waits for a receipt."""
    return owed(item) is not None or (item.awaits and item.state is State.SENT)


def doubted(item: Item, until: int) -> Item:
    """Note until when it is in doubt what the thread says of a reply; it is drawn once more then. 0 for never."""
    return replace(item, doubt=until, due=item.due if unfinished(replace(item, doubt=0)) else until or None)


def _dated(item: Item, now: int) -> Item:
    return doubted(replace(item, due=now + CLAIM_LIFE), item.doubt)
