"""What stands in the thread and is no longer so is drawn anew: customers' posts, lines about them, reactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib import logs
from chalicelib.inbound.changes import told_apart
from chalicelib.inbound.draw import words
from chalicelib.inbound.entries import new_item
from chalicelib.inbound.moving import lead_on
from chalicelib.inbound.pen import drawn, heed
from chalicelib.inbound.places import stands_at
from chalicelib.inbound.turn import Turn, noted
from chalicelib.model import Ambiguous, Item, Kind, Ok, Ours, Outcome, Refused, State, is_carried, stepped
from chalicelib.settling import CLAIM_LIFE, DOUBT
from chalicelib.slack.answers import GONE
from chalicelib.store import Insert

NOT_THERE = frozenset({*GONE, "no_reaction"})


def redraw(turn: Turn, item: Item) -> bool:
    """Draw a post of ours as it should be by now. False to stop."""
    if item.kind is Kind.REACTION and item.notice_ts:
        return _face(turn, item)
    items = told_apart(turn, item)
    now = turn.world.now()
    if not any(each.stale or 0 < each.doubt <= now for each in items):
        return True  # it was drawn with another that stands there
    for file in [file for each in items for file in each.discards]:
        if not drawn(turn, turn.world.slack.files.discard(file)):
            return False
    if item.slack_ts and not (lead_on(turn, item) if item.moves_to else _drawn_anew(turn, items)):
        return False
    for key in [key for each in items for key in each.erases]:
        turn.world.bucket.delete(key)
    for each in items:
        _fresh(turn, each)
    return True


def _channel(turn: Turn, item: Item, ts: str) -> str:
    return stands_at(turn.home, item, ts).slack_channel


def _drawn_anew(turn: Turn, items: Sequence[Item]) -> bool:
    """Draw a post from the record of all that stands in it. False to stop."""
    ts, channel = items[0].slack_ts, _channel(turn, items[0], items[0].slack_ts)
    outcome = turn.world.slack.update(channel, ts, words(turn, items))
    noted(turn, "post.drawn", outcome, ts, item=items[0].id, channel=channel)
    if isinstance(outcome, Ambiguous):
        _doubt(turn, items)
    if not drawn(turn, outcome):
        return False
    if isinstance(outcome, Refused):
        gone = outcome.detail in GONE
        # Words that their customer took back stay nowhere; others that stand with them are not ours to delete.
        if not gone and all(each.redacted for each in items) and not _deleted(turn, items):
            return False
        _say_instead(turn, [each for each in items if not gone or _is_new(each)], outcome.detail)
    return True


def _deleted(turn: Turn, items: Sequence[Item]) -> bool:
    """Take a whole post out of Slack. False to stop."""
    ts, channel = items[0].slack_ts, _channel(turn, items[0], items[0].slack_ts)
    outcome = turn.world.slack.delete(channel, ts)
    noted(turn, "post.drawn", outcome, ts, item=items[0].id, channel=channel, deleted=True)
    return drawn(turn, outcome)


def _is_new(item: Item) -> bool:
    """Tell whether there is something to be read of a message whose post is gone."""
    return item.changed_at > 0 and not item.deleted_at


def _fresh(turn: Turn, item: Item) -> None:
    """Write down that an item stands as it is; if it has changed meanwhile, it is drawn once more."""
    now = turn.world.now()

    def step(each: Item) -> Item | None:
        if each.version != item.version:
            return None
        doubt = each.doubt if each.doubt > now else 0
        due = doubt or (now + CLAIM_LIFE if is_carried(each) else None)
        return stepped(replace(each, stale=False, doubt=doubt, due=due, discards=(), erases=()), "drawn anew", now)

    turn.world.store.change(item, step)


def _doubt(turn: Turn, items: Sequence[Item]) -> None:
    """Have it drawn once more when a drawing whose answer was lost can no longer come after the next one."""
    until = turn.world.now() + DOUBT
    for each in items:
        turn.world.store.change(each, lambda now: replace(now, doubt=until))


def _say_instead(turn: Turn, items: Sequence[Item], why: str) -> None:
    """Say in a line how a message reads now that Slack does not let us draw where it stands."""
    logs.alarm("slack.refused", why=why, conversation=turn.home.id)
    now, texts = turn.world.now(), turn.world.settings().texts
    for each in items:
        if not each.stale or each.kind is not Kind.MESSAGE:
            continue
        text = texts.taken_back if each.deleted_at else texts.reads_now
        name = each.author or turn.home.name
        line = new_item(Kind.LINE, now, now, text=text.format(name=name, text=each.text))
        turn.world.store.write(Insert(replace(line, conversation=each.conversation)))
        turn.ring()


def _face(turn: Turn, item: Item) -> bool:
    """Put a customer's reaction on the post as one of ours, and take off the one it replaces. False to stop."""
    slack, channel = turn.world.slack, _channel(turn, item, item.notice_ts)
    old, name = item.was
    if old:
        outcome = slack.unmark(channel, item.notice_ts, old)
        noted(turn, "face.drawn", outcome, item.notice_ts, item=item.id, channel=channel, off=old)
        if not _is_over(turn, outcome):
            return False
    outcome = Ok("")
    if name:
        outcome = slack.mark(channel, item.notice_ts, name)
        noted(turn, "face.drawn", outcome, item.notice_ts, item=item.id, channel=channel, name=name)
        if not _is_over(turn, outcome):
            return False
    in_words = (item.text and not name) or not isinstance(outcome, Ok)
    at = turn.world.now()

    def step(now: Item) -> Item:
        if in_words:
            return stepped(replace(now, notice_ts="", was=()), "told in words", at)
        return stepped(replace(now, state=State.POSTED, due=None), "shown", at, name)

    turn.world.store.change(item, step)
    if in_words:
        turn.ring()
    return True


def _is_over(turn: Turn, outcome: Outcome) -> bool:
    heed(turn, outcome)
    return isinstance(outcome, Ok | Refused) or outcome == Ours("missing_scope")
