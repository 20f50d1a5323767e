"""A thread of a desk's, held against our record: what was typed in it and no event told of goes on record now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import logs
from chalicelib.errors import Malformed
from chalicelib.missed.asking import again, is_away, keep_found, not_listed, noted
from chalicelib.model import DAY, Ambiguous, Item, Outcome, Ref, Refused, Watch
from chalicelib.outbound.reply import DOOR, act
from chalicelib.raw import broken, malformed
from chalicelib.services import World
from chalicelib.slack.answers import GONE
from chalicelib.slack.listed import event_of, read_listed
from chalicelib.slack.threads import Leaf
from chalicelib.slack.told import Retyped, Typed

PATIENCE = DAY
"""Ms for which a thread is asked for that Slack will not list; what was typed before that is not sent any more."""

Message = dict[str, Any]


@dataclass(slots=True)
class Asking:
    """One turn at one desk's channel.

    `place` is how far it has come: the head of the last thread that is done, or `head/reply` within one.
    """

    world: World
    watch: Watch
    channel: str
    team: str
    place: str
    until: int
    since: str
    most: int
    calls: int = 0
    found: int = 0
    held: bool = False
    done: bool = False

    def tired(self) -> bool:
        return self.calls >= self.most or self.world.now() > self.until


def read_thread(asking: Asking, thread: str, since: str) -> Outcome | None:
    """Take in what a thread holds and we do not, page by page; returns why it cannot be read, if it cannot."""
    while not asking.tired():
        asking.calls += 1
        leaf = asking.world.slack.replies(asking.channel, thread, since, ts_of(asking.watch.goal))
        if isinstance(leaf, Refused) and leaf.detail in GONE:
            break  # it says nothing any more
        if isinstance(leaf, Refused | Ambiguous):
            _pass_over(asking, thread, leaf)
            break
        if not isinstance(leaf, Leaf):
            return leaf
        _take_in(asking, [each for each in leaf.messages if not each.get("bot_id") and each.get("ts")])
        since = max((str(each["ts"]) for each in leaf.messages), default=since)
        if not leaf.more:
            break
        asking.place = f"{thread}/{since}"
    else:
        return None
    asking.place = thread
    return None


def _pass_over(asking: Asking, thread: str, outcome: Outcome) -> None:
    """Let one thread that Slack will not list hold up no other: it is asked for again, for a day."""
    not_read(asking, outcome)
    name = f"{thread} since {asking.since}"
    note = noted(asking.world, asking.watch.line, [name]).get(name)
    asking.held |= again(asking.world, asking.watch.line, name, note, PATIENCE)


def _take_in(asking: Asking, words: Sequence[Message]) -> None:
    refs = refs_of(asking, [each["ts"] for each in words])
    missed = [each for each in words if refs[each["ts"]] is None]
    lost = sorted([*missed, *_changed(asking, words, refs)], key=lambda message: str(message["ts"]))
    notes = noted(asking.world, asking.watch.line, map(_name, lost))
    for each in lost:
        note = notes.get(_name(each))
        if not is_away(note):
            _take(asking, each, note, known=refs[each["ts"]] is not None)


def _changed(asking: Asking, words: Sequence[Message], refs: dict[str, Ref | None]) -> list[Message]:
    """Choose those that were edited since they were put on record."""
    edited = [(each, ref) for each in words if each.get("edited") and (ref := refs[each["ts"]]) and ref.item]
    found: list[Any] = asking.world.store.find_all(*((Item, (ref.conversation, ref.item)) for _, ref in edited))
    return [
        each
        for (each, _), item in zip(edited, found, strict=True)
        if item is not None and str(each["edited"].get("ts", "")) > item.edited
    ]


def _take(asking: Asking, message: Message, note: Ref | None, *, known: bool) -> None:
    """Let a message be what its event would have been; what that cannot be is kept raw."""
    world, watch = asking.world, asking.watch
    request = event_of(message, asking.team, asking.channel)
    try:
        event = read_listed(request, str(watch.goal))
        unread = act(world, event)
        asking.found += not known and isinstance(event, Typed | Retyped)
    except Malformed as error:
        unread = malformed(error)
    except Exception as error:  # noqa: BLE001 - one that breaks us must not hold back the others
        logs.alarm("missed.broke", error, ts=message["ts"])
        wait = again(world, watch.line, _name(message), note)
        asking.held |= wait
        unread = "" if wait else broken(error)
    if unread:
        keep_found(world, watch.line, _name(message), DOOR, request, unread)


def _name(message: Message) -> str:
    """Name a message in the form it has now."""
    edited = message.get("edited")
    return f"{message['ts']}/{edited.get('ts', '')}" if isinstance(edited, dict) else str(message["ts"])


def refs_of(asking: Asking, names: Iterable[str]) -> dict[str, Ref | None]:
    each = list(names)
    wanted = [(Ref, ("slack", asking.team, f"{asking.channel}:{ts}")) for ts in each]
    return dict(zip(each, asking.world.store.find_all(*wanted), strict=True))


def not_read(asking: Asking, outcome: Outcome) -> None:
    not_listed(outcome, wanted=asking.world.settings().desk_in(asking.channel) is not None)


def ts_of(ms: int) -> str:
    return f"{ms / 1000:.6f}"
