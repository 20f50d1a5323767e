"""What an item looks like in its thread: a customer's words, our line, the mark or the verdict on a reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.inbound.facts import is_late, is_old, stood_since
from chalicelib.inbound.pen import drawn
from chalicelib.inbound.places import place, stands_at
from chalicelib.inbound.posts import post
from chalicelib.inbound.progress import progress
from chalicelib.inbound.stirring import is_shown_to_all, stirred
from chalicelib.inbound.turn import Turn, noted
from chalicelib.model import (
    Ambiguous,
    Capabilities,
    Claim,
    Conversation,
    Item,
    Kind,
    Outcome,
    Refused,
    State,
    stepped,
    unshown,
)
from chalicelib.richtext import found, mrkdwn, plain
from chalicelib.settling import DOUBT, doubted
from chalicelib.slack import blocks, bursts, changed, lines, said
from chalicelib.slack.blocks import NOBODY, Block, Post
from chalicelib.slack.spoken import spoken
from chalicelib.slack.words import clean, moment
from chalicelib.team import public_name, slack_name

OURS = (Kind.LINE, Kind.TURN)
QUOTED = 60


def words(turn: Turn, items: Sequence[Item]) -> Post:
    """Draw what one post carries of what came in."""
    item = items[0]
    if item.kind is Kind.SAID:
        return spoken(item, public_name(turn.world, item.author), turn.home.name, _medium(turn, item))
    if item.kind in OURS and (item.author or item.calls or item.offers or item.aloud):
        # A line is not held up by a name that Slack does not tell now.
        return lines.acted(item, (item.author and slack_name(turn.world, item.author)) or NOBODY)
    if item.kind is Kind.LINE or item.route is None:
        return blocks.line(item.text)
    name = clean(item.author) or turn.home.name
    if item.kind is Kind.MESSAGE or item.redacted:
        drawn = _messages(turn, items, turn.world.capabilities(item.route), name)
        return replace(drawn, broadcast=is_shown_to_all(turn.home, turn.world.now()))
    if item.kind is Kind.LATE_FILE:
        return blocks.late_files(item, turn.world.capabilities(item.route), name, _named(turn, item))
    if item.kind is Kind.EDIT and item.was:
        return changed.changed(name, link_to(turn, _about(turn, item)), item.was)
    if item.kind is Kind.DELETION:
        return changed.taken_back(name, link_to(turn, _about(turn, item)))
    if item.kind is Kind.EDIT:
        return blocks.change(f"{name} changed {_quoted(turn, item)} to: ", said.told(item))
    return blocks.line(_reacted(turn, item, name))


def _medium(turn: Turn, item: Item) -> str:
    return turn.world.capabilities(item.route).label if item.route and item.bound else ""


def _messages(turn: Turn, items: Sequence[Item], medium: Capabilities, name: str) -> Post:
    """Draw what a customer wrote; where it stands already, with what was said about that when it was posted."""
    first, now = items[0], turn.world.now()
    stands = first.state is State.POSTED
    late = [item.id for item in items if (item.late if stands else is_late(turn.home, item)) or is_old(item)]
    reopened = first.reopened if stands else stirred(turn.home, now)
    above = {item.id: [quote] for item in items if (quote := quoted(turn, item))}
    if len(items) > 1:
        then = stood_since(first) if stands else now
        return bursts.together(items, medium, name, then, late=late, reopened=reopened, above=above)
    return blocks.customers_words(
        first,
        medium,
        name,
        late=bool(late),
        reopened=reopened,
        above=above.get(first.id, ()),
        below=changed.marks(first),
    )


def _reacted(turn: Turn, item: Item, name: str) -> str:
    if not item.text:
        return f"{name} took back their reaction to {_quoted(turn, item)}."
    return f"{name} reacted {item.text} to {_quoted(turn, item)}."


def _named(turn: Turn, item: Item) -> list[Block]:
    """Name the message that files belong to by its first words, or by when it was written if it has none."""
    about = _about(turn, item)
    words = clean(plain.write(found(about.rich)) or about.text, QUOTED) if about else ""
    if about is None or words:
        return [{"type": "text", "text": f"“{words}”" if words else "an earlier message"}]
    return [{"type": "text", "text": "the message of "}, moment(about.at, short=False)]


def quoted(turn: Turn, item: Item) -> Block | None:
    """Draw which message a customer answers, if they said so and it is anything that can be shown."""
    conversation, _, name = item.reply_to.rpartition(".")
    about: Item | None
    home: Conversation | None
    about, home = None, None
    if name:
        place = conversation or item.conversation
        about, home = turn.world.store.find_all((Item, (place, name)), (Conversation, (place,)))
    words = item.quoted or (_words(about) if about is not None else "")
    return changed.quote(words, link_to(turn, about, home)) if words else None


def _words(about: Item) -> str:
    words = plain.write(found(about.rich) or (mrkdwn.read(about.text) if about.outbound else ()))
    return words or about.text or " ".join(str(each) for each in about.attachments)


def _about(turn: Turn, item: Item) -> Item | None:
    return turn.world.store.find(Item, item.conversation, item.of) if item.of else None


def _quoted(turn: Turn, item: Item) -> str:
    """Name the message another item is about by its first words."""
    about = _about(turn, item)
    if about is None:
        return "an earlier message"
    return f"“{clean(_words(about), QUOTED)}”"


def link_to(turn: Turn, item: Item | None, home: Conversation | None = None) -> str:
    """Link to where an item stands in Slack, or nothing if it stands nowhere."""
    ts = (item.their_id if item.kind in (Kind.REPLY, Kind.NOTE) else item.slack_ts) if item else ""
    if item is None or not ts:
        return ""
    there = stands_at(home or turn.home, item, ts)
    return turn.world.slack.link(there.slack_channel, ts, there.ts)


def mark(turn: Turn, item: Item) -> bool:
    """Show a reply's good state: its one reaction, and good news over an earlier verdict. False to stop."""
    home, slack = turn.home, turn.world.slack
    if item.notice_ts and (item.doubt or item.shown not in blocks.MARKS):
        texts = turn.world.settings().texts
        # *Sent* is all that is known of a repeat; after *It arrived*, which repeats nothing, a person knows more.
        only_sent = item.state is State.SENT and any(part.tries > 1 for part in item.parts)
        good_news = (texts.sent_again if only_sent else texts.arrived).format(name=home.name)
        outcome = slack.update(place(home, item.notice_ts).slack_channel, item.notice_ts, blocks.line(good_news))
        noted(turn, "verdict.drawn", outcome, item.notice_ts, item=item.id)
        if not _redrawn(turn, item, outcome):
            return False
    if not unshown(item):  # its mark is there, or waits for a receipt: only the verdict was in doubt
        _shown(turn, item, item.shown)
        return True
    if item.shown in blocks.MARKS:  # it gets one mark only; how far it has come since, the card says
        progress(turn, item, item.state)
        _shown(turn, item, item.state)
        return True
    name = blocks.MARKS[item.state]
    channel = place(home, item.their_id).slack_channel
    outcome = slack.mark(channel, item.their_id, name)
    noted(turn, "mark.drawn", outcome, item.their_id, item=item.id, channel=channel, name=name)
    if not drawn(turn, outcome):
        return False
    progress(turn, item, item.state)
    _shown(turn, item, item.state)
    return True


def retell(turn: Turn, item: Item) -> bool:
    """Draw the verdict on a reply anew where one stands already. False to stop."""
    channel = place(turn.home, item.notice_ts).slack_channel
    outcome = turn.world.slack.update(channel, item.notice_ts, _said(turn, item))
    noted(turn, "verdict.drawn", outcome, item.notice_ts, item=item.id)
    if isinstance(outcome, Refused) and unshown(item) and item.state is not State.WITHDRAWN:
        # Somebody deleted it: it is to be posted anew.
        turn.world.store.change(item, lambda now: replace(now, notice_ts="", doubt=0))
        turn.ring()
        return True
    if not _redrawn(turn, item, outcome):
        return False
    progress(turn, item, item.state)
    _shown(turn, item, item.state)
    return True


def verdict(turn: Turn, item: Item) -> bool:
    """Say in the thread what became of a reply that did not simply arrive. False to stop here."""
    state = item.state

    def settle(mine: Sequence[Item], ts: str) -> None:
        post = mine[0].claim.post if mine[0].claim else ""
        seen: Claim | None = None

        def step(now: Item) -> Item:
            nonlocal seen
            # A person may have asked for it again meanwhile: that claim is another one.
            seen = now.claim if now.claim and now.claim.post == post else None
            claim = None if seen else now.claim
            after = replace(now, notice_ts=ts, post=post, claim=claim)
            after = stepped(after, "told", turn.world.now(), f"{state}, {ts}")
            # What was taken back in the meantime is still to be drawn.
            seen_as = state if now.state is state is not State.WITHDRAWN else None
            return _with_shown(after, seen_as, turn.world.now())

        turn.world.store.change(mine[0], step)
        turn.also_at(seen, ts, mine[0].id)
        progress(turn, mine[0], state)

    return post(turn, [item], lambda items: _said(turn, items[0]), settle)


def _said(turn: Turn, item: Item) -> Post:
    texts = turn.world.settings().texts
    if item.state is State.WITHDRAWN:
        return blocks.line(texts.withdrawn.format(name=turn.home.name))
    medium = turn.world.capabilities(item.route) if item.route else None
    label, templates = (medium.label, medium.templates) if medium else ("any channel", False)
    told = blocks.verdict(item, label, turn.home.name, texts, templates=templates)
    if not place(turn.home, item.their_id).left:
        return told
    return replace(told, blocks=[changed.quote(_words(item), link_to(turn, item)), *told.blocks])


def _redrawn(turn: Turn, item: Item, outcome: Outcome) -> bool:
    """Tell whether a verdict is drawn anew; a drawing whose answer was lost may yet come after the next one."""
    if isinstance(outcome, Ambiguous):
        until = turn.world.now() + DOUBT
        turn.world.store.change(item, lambda now: doubted(now, until))
    return drawn(turn, outcome)


def _shown(turn: Turn, item: Item, state: State | None) -> None:
    at = turn.world.now()

    def step(now: Item) -> Item:
        after = _with_shown(now, state, at)
        return after if now.shown is state else stepped(after, "shown", at, str(state))

    turn.world.store.change(item, step)


def _with_shown(item: Item, state: State | None, at: int) -> Item:
    return doubted(replace(item, shown=state), item.doubt if item.doubt > at else 0)
