"""Which of what is owed goes out as the next post: while we keep pace one message, when we are behind several."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model import Item, Kind, born
from chalicelib.slack import bursts

BEHIND = 5_000
"""Ms after which the oldest message has waited for too long to be posted alone: a pair typed quickly stays two."""
MOST = 20
"""Messages in one post: as many as one takes in at a glance; they are claimed and settled in one transaction."""


def next_post(waiting: Sequence[Item], now: int) -> list[Item]:
    """Take what the next post carries from what is owed: what is claimed already, else the oldest."""
    leader = waiting[0]
    if leader.claim is not None:
        return [item for item in waiting if item.claim is not None and item.claim.post == leader.claim.post]
    if now - born(leader.id) < BEHIND:
        return [leader]
    alike = [leader]
    for item in waiting[1:MOST]:
        if not _goes_with(leader, item):
            break
        alike.append(item)
    return alike[: max(bursts.takes(alike), 1)]


def _goes_with(leader: Item, item: Item) -> bool:
    """Tell whether two messages can stand under one name and one badge, and be answered one way."""
    return (
        leader.kind is item.kind is Kind.MESSAGE
        and item.claim is None
        and (leader.author, leader.route) == (item.author, item.route)
    )
