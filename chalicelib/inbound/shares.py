"""How a post with files is made: claimed like any other, handed to Slack, and found there a moment later.

Slack says ok at once and makes the post in its own time. Where it stands, its event tells (`witness.py`); until
then the claim stays, and this conversation waits. A file can be shown once and never again, so asking for that a
second time can double nothing; but a file that Slack has and never shows is of no use any more, and comes anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.inbound.posts import TRIES, Draw, Settle, did_not, look_again, release, told
from chalicelib.inbound.stirring import is_shown_to_all
from chalicelib.inbound.turn import Turn, hand_over, noted
from chalicelib.model import (
    Attachment,
    CannotTell,
    Carriage,
    Claim,
    Closed,
    Item,
    Kind,
    Ok,
    Reason,
    Refused,
    Side,
)
from chalicelib.queues import Bell
from chalicelib.settling import CLAIM_LIFE, DOUBT, claim_after, fresh, with_claim
from chalicelib.slack import answers, files
from chalicelib.store import Replace

GLANCE = 2_000
"""Ms that Slack's event has to tell where a post with files stands, before Slack is asked."""


def sorted_out(turn: Turn, items: Sequence[Item]) -> Sequence[Item]:
    """Decide which files go out with their words, and which in a post of their own."""
    if items[0].claim is not None:
        return items  # it was decided then
    # A thread that nobody owns is opened again where the whole channel sees it, and there no file can be shown.
    alone = is_shown_to_all(turn.home, turn.world.now()) and items[0].kind is Kind.MESSAGE
    return [_sorted(item, alone=alone) for item in items]


def _sorted(item: Item, *, alone: bool) -> Item:
    attachments, room = [], files.MOST
    for each in item.attachments:
        shown = each.carriage is Carriage.READY and not each.apart and not alone and room > 0
        room -= shown
        apart = not shown and each.carriage in (Carriage.READY, Carriage.WAITING)
        attachments.append(replace(each, apart=apart))
    return replace(item, attachments=tuple(attachments))


def share(turn: Turn, items: Sequence[Item], draw: Draw, settle: Settle) -> bool:
    """Post items with their files, unless an earlier claim turns out to have done it; False to stop here."""
    before = next((item.claim for item in items if item.claim and item.claim.ts), items[0].claim)
    if before is not None:
        ts = _stands_at(turn, items, before)
        if ts:
            told(turn, items, Ok(ts), looked_up=not before.ts or None)
            settle(items, ts)
            return True
        if ts is None:
            return False
    words = draw(items)
    claim = claim_after(before, turn.world.now())
    claimed = [with_claim(item, claim, len(items)) for item in items]
    claimed[0] = replace(claimed[0], due=claim.at + GLANCE)  # should Slack's event be lost
    try:
        mine = turn.world.store.write(*map(Replace, claimed))
    except Lost:
        return False  # somebody changed it a moment ago, and has rung
    outcome = hand_over(turn, words, [(each.slack_id, _title(each)) for item in mine for each in _shown(item)])
    told(turn, mine, outcome, event="files.shared")
    if isinstance(outcome, Ok):
        return False  # Slack tells where it stands
    if isinstance(outcome, Refused | Closed) and outcome.detail not in answers.GONE:
        _refused(turn, mine, outcome.detail, again=before is not None)
    else:
        did_not(turn, before, mine, outcome)
    return False


def _shown(item: Item) -> list[Attachment]:
    return [each for each in item.attachments if each.carriage is Carriage.READY and not each.apart]


def _title(attachment: Attachment) -> str:
    return attachment.name or attachment.kind


def _stands_at(turn: Turn, items: Sequence[Item], claim: Claim) -> str | None:
    """Find out where a post stands; None if it is too early to say, empty if it was never asked for."""
    if claim.ts:
        return claim.ts
    now = turn.world.now()
    if now - claim.at < GLANCE:
        return None
    shown = [each for item in items for each in _shown(item)]
    found = turn.world.slack.files.shared(turn.home.slack_channel, shown[0].slack_id)
    if isinstance(found, Ok) and found.id:
        return found.id
    if found is None or fresh(claim, now):
        look_again(turn, items)
        return None
    if isinstance(found, CannotTell):
        logs.alarm("post.not_looked_up", conversation=turn.home.id, post=claim.post)
    if isinstance(found, Ok):
        _take_back(turn, items, shown)
        return None
    if claim.count < TRIES:
        return ""
    if now - claim.at >= DOUBT:
        _bring_anew(turn, items, "Slack does not have it")
    else:
        look_again(turn, items)
    return None


def _take_back(turn: Turn, items: Sequence[Item], shown: Sequence[Attachment]) -> None:
    """Have files come anew that Slack has and does not show, and see to it that it never will.

    In this order: should it show them in between, its event finds a file that is nobody's any more, and the post
    is taken out as a copy. The other way round it would be found to be the post, and its file would be gone.
    """
    if _bring_anew(turn, items, "Slack took it and did not show it"):
        for each in shown:
            outcome = turn.world.slack.files.discard(each.slack_id)
            noted(turn, "file.discarded", outcome, item=items[0].id)


def _bring_anew(turn: Turn, items: Sequence[Item], why: str) -> bool:
    """Have files uploaded once more; meanwhile their words go out, and after some tries for good.

    False where somebody has just learnt more about their post.
    """

    def anew(each: Attachment) -> Attachment:
        unshared = each.unshared + 1
        if unshared >= TRIES:
            lost = replace(each, carriage=Carriage.LOST, why=Reason.FILE_UNSHOWN, detail="")
            return replace(lost, slack_id="", unshared=unshared)
        return replace(each, carriage=Carriage.WAITING, slack_id="", unshared=unshared)

    if not release(turn, items, turn.world.now() + CLAIM_LIFE, why, step=_each_shown(anew)):
        return False
    logs.alarm("file.not_shown", why=why, conversation=turn.home.id, item=items[0].id)
    turn.world.queues.ring(Side.MEDIA, [Bell(turn.home.id, turn.home.id)])
    turn.ring()
    return True


def _refused(turn: Turn, mine: Sequence[Item], why: str, *, again: bool) -> None:
    """Post the words alone, and then the files by themselves; if Slack refuses those, the thread is told."""
    if again and why in files.GONE:
        look_again(turn, mine)  # an earlier try, of which nobody knew, came first
        return
    logs.alarm("slack.refused", why=why, conversation=turn.home.id)
    alone = mine[0].kind is Kind.LATE_FILE

    def step(each: Attachment) -> Attachment:
        if alone:
            return replace(each, carriage=Carriage.LOST, why=Reason.FILE_UNSHOWN, detail=why)
        return replace(each, apart=True)

    release(turn, mine, turn.world.now() + CLAIM_LIFE, why, step=_each_shown(step))
    turn.ring()


def _each_shown(step: Callable[[Attachment], Attachment]) -> Callable[[Item], Item]:
    """Take a step with all files that an item was to be shown with."""

    def with_files(item: Item) -> Item:
        shown = _shown(item)
        return replace(item, attachments=tuple(step(each) if each in shown else each for each in item.attachments))

    return with_files
