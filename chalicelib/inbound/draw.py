"""What an item looks like in its thread: a customer's words, our line, the mark or the verdict on a reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.inbound.turn import Turn, post
from chalicelib.model import Item, Kind, Ok, Refused, State, Status, owed
from chalicelib.slack import blocks
from chalicelib.slack.blocks import Post

QUOTED = 60


def words(turn: Turn, item: Item) -> Post:
    """Draw an inbound item."""
    if item.kind is Kind.LINE or item.route is None:
        return blocks.line(item.text)
    medium = turn.world.capabilities(item.route)
    name = item.author or turn.home.name
    if item.kind is Kind.MESSAGE:
        drawn = blocks.customers_words(
            item, medium, name, late=item.order < turn.home.posted_order, reopened=_reopened(turn)
        )
        return replace(drawn, broadcast=_reopens(turn) and not turn.home.owner)
    return blocks.line(_ABOUT[item.kind](turn, item, name))


def _reopens(turn: Turn) -> bool:
    return turn.home.status is Status.RESOLVED


def _reopened(turn: Turn) -> str | None:
    """Say whom a reopened thread should call, or None if it is open anyway."""
    if not _reopens(turn):
        return None
    return f"<@{turn.home.owner}>" if turn.home.owner else ""


def _edited(turn: Turn, item: Item, name: str) -> str:
    return f"{name} changed {_quoted(turn, item)} to: {item.text}"


def _deleted(turn: Turn, item: Item, name: str) -> str:
    return f"{name} deleted {_quoted(turn, item)}."


def _reacted(turn: Turn, item: Item, name: str) -> str:
    if not item.text:
        return f"{name} took back their reaction to {_quoted(turn, item)}."
    return f"{name} reacted {item.text} to {_quoted(turn, item)}."


_ABOUT: dict[Kind, Callable[[Turn, Item, str], str]] = {
    Kind.EDIT: _edited,
    Kind.DELETION: _deleted,
    Kind.REACTION: _reacted,
}


def _quoted(turn: Turn, item: Item) -> str:
    """Name the message another item is about by its first words."""
    about = turn.world.store.find(Item, item.conversation, item.of) if item.of else None
    if about is None:
        return "an earlier message"
    text = about.text or " ".join(str(each) for each in about.attachments)
    return f"“{blocks.clean(text, QUOTED)}”"


def mark(turn: Turn, item: Item) -> bool:
    """Show a reply's good state: its one reaction, and good news over an earlier verdict. False to stop."""
    home, slack = turn.home, turn.world.slack
    if item.notice_ts:
        arrived = turn.world.settings().texts.arrived.format(name=home.name)
        outcome = slack.update(home.slack_channel, item.notice_ts, blocks.line(arrived))
        if not isinstance(outcome, Ok | Refused):
            return False
    outcome = slack.mark(home.slack_channel, item.their_id, blocks.MARKS[item.state])
    if not isinstance(outcome, Ok | Refused):
        return False
    _shown(turn, item, item.state)
    if home.waiting_since is not None and item.their_id > home.route_ts:
        turn.keep(lambda now: replace(now, waiting_since=None))
    return True


def verdict(turn: Turn, item: Item) -> bool:
    """Say in the thread what became of a reply that did not simply arrive. False to stop here."""
    home = turn.home
    if item.route is None:
        medium, name = None, home.name
    else:
        medium, name = turn.world.capabilities(item.route), home.name
    said = blocks.verdict(item, medium.label if medium else "any channel", name, turn.world.settings().texts)
    if item.notice_ts:
        outcome = turn.world.slack.update(home.slack_channel, item.notice_ts, said)
        if isinstance(outcome, Ok | Refused):
            _shown(turn, item, item.state)
        return isinstance(outcome, Ok | Refused)
    state = item.state

    def settle(mine: Item, ts: str) -> None:
        turn.world.store.change(mine, lambda now: _with_shown(replace(now, notice_ts=ts, claim=None), state))

    return post(turn, item, said, settle)


def _shown(turn: Turn, item: Item, state: State) -> None:
    turn.world.store.change(item, lambda now: _with_shown(now, state))


def _with_shown(item: Item, state: State) -> Item:
    after = replace(item, shown=state)
    return replace(after, due=after.due if owed(after) else None)
