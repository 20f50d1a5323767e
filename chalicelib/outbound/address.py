"""A reply's address: that of the last customer's post above it, by Slack's ts, or what the team chose since.

The door notes what the record says when a reply comes in. Whether a post stood above it whose answer was still
missing is known a little later; so `send` looks once more before the first attempt, and fixes it then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from chalicelib.inbound.facts import WHOLE_SECOND, is_late
from chalicelib.model import LEADS, Claim, Conversation, Gate, Item, Kind, Known, Route, Window, born, written
from chalicelib.outbound.cut import is_cut
from chalicelib.services import World

LONGEST_QUEUE = 60 * 60_000
"""Ms that a customer's message waits for its post at most, before one that arrived later may stand above it."""
SLACK_AHEAD = 2_000
"""Ms by which Slack's clock may be ahead of ours: a post first tried so much later stands below."""


class Around(NamedTuple):
    """What is on record around a reply: the conversation, and how its customer can be reached."""

    home: Conversation | None
    known: Known | None = None
    window: Window | None = None
    gate: Gate | None = None


def moment(ts: str) -> int:
    """Read Slack's ts as milliseconds."""
    return int(ts.replace(".", "")) // 1000


def address(world: World, home: Conversation, ts: str) -> Route | None:
    """Find the address of the last customer's post above a reply; what came late changes nothing."""
    if ts > home.route_ts:
        return home.route
    above: list[Item] = []
    lowest: Item | None = None
    for post in _leading_posts(world, home):
        if above and born(post.id) < moment(above[0].slack_ts) - LONGEST_QUEUE:
            break
        if post.slack_ts < ts:
            above.append(post)
        if lowest is None or post.slack_ts < lowest.slack_ts:
            lowest = post
    # Typed right under the card, which names the address of the first post.
    chosen = _last(above) or lowest
    return chosen.route if chosen else home.route


def addressed(world: World, item: Item, pending: Sequence[Item]) -> tuple[Item, Around] | None:
    """Fix a reply's address, and read what is known around it; None while a post that decides it is under way."""
    around = _around(world, item)
    # What was chosen for it stays, and so does what it was made ready for.
    if around.home is None or item.bound or is_cut(item):
        return item, around
    route = address(world, around.home, item.their_id)
    if _undecided(around.home, pending, item, route):
        return None
    if route == item.route:
        return item, around
    item = replace(item, route=route)
    return item, _around(world, item)


def _around(world: World, item: Item) -> Around:
    home: tuple[Any, tuple[str, ...]] = (Conversation, (item.conversation,))
    route = item.route
    if route is None:
        return Around(*world.store.find_all(home))
    reach = (
        (Known, (route.address,)),
        (Window, (route.address, route.line)),
        (Gate, (route.channel, route.account)),
    )
    return Around(*world.store.find_all(home, *reach))


def _undecided(home: Conversation, pending: Sequence[Item], item: Item, route: Route | None) -> bool:
    """Tell whether a customer's message that would change the address may stand above this reply.

    What comes late changes no address, wherever it stands. While one post is claimed no other is made, so what is
    claimed now stands below all that is settled: a reply above any of those is above it, too.
    """
    return item.their_id > max(home.last_ts, home.route_ts) and any(
        message.route != route
        and message.claim is not None
        and not (message.kind is Kind.MESSAGE and is_late(home, message))
        and _may_stand_above(message.claim, item.their_id)
        for message in pending
    )


def _may_stand_above(claim: Claim, ts: str) -> bool:
    return claim.ts < ts if claim.ts else born(claim.post) < moment(ts) + SLACK_AHEAD


def _last(posts: Sequence[Item]) -> Item | None:
    """Choose the lowest in the thread of those that did not come late; what the team chose never does."""
    newest = max((written(post.order) for post in posts if post.kind is Kind.MESSAGE), default=0)
    return max(
        (post for post in posts if post.kind is Kind.TURN or written(post.order) + WHOLE_SECOND > newest),
        key=lambda post: post.slack_ts,
        default=None,
    )


def _leading_posts(world: World, home: Conversation) -> Iterator[Item]:
    """Walk through what decides the address, newest arrival first: what the customer said, what the team chose."""
    return (item for item in world.store.items(home.id) if item.kind in LEADS and item.slack_ts)
