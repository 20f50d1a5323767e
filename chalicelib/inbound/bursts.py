"""Which of what is owed goes out as the next post: while we keep pace one message, when we are behind several."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model import Carriage, Item, Kind, born, is_carried
from chalicelib.patience import FILE
from chalicelib.slack import bursts, files

BEHIND = 5_000
"""Ms after which the oldest message has waited for too long to be posted alone: a pair typed quickly stays two."""
ALBUM = 2_000
"""Ms within which another picture of an album may come: each has a webhook of its own, and some start slowly."""
MOST = 20
"""Messages in one post: as many as one takes in at a glance; they are claimed and settled in one transaction."""


def next_post(waiting: Sequence[Item], now: int) -> list[Item]:
    """Take what the next post carries from what is owed: what is claimed already, else the oldest.

    Nothing at all while that waits for its files; what comes after it waits, too.
    """
    leader = waiting[0]
    if leader.claim is not None:
        return [item for item in waiting if item.claim is not None and item.claim.post == leader.claim.post]
    if awaits_files(leader, now):
        return []
    alike = [leader]
    for item in waiting[1:MOST]:
        if not _goes_with(leader, item, now):
            break
        if awaits_files(item, now):
            if leader.album:
                return []
            break
        alike.append(item)
    return alike[: max(min(bursts.takes(alike), _few_files(alike)), 1)]


def gathers(waiting: Sequence[Item], now: int) -> int:
    """Tell for how many ms more what would go out now is an album of which not all may be here."""
    items = next_post(waiting, now)
    if not items or not items[0].album or items[0].claim is not None:
        return 0
    return max(born(items[-1].id) + ALBUM - now, 0)


def awaits_files(item: Item, now: int) -> bool:
    """Tell whether a message is worth waiting for a little longer, because a file of it is on its way."""
    return item.kind is Kind.MESSAGE and is_carried(item) and now < born(item.id) + FILE


def is_shown(item: Item) -> bool:
    """Tell whether an item is posted together with a file of its own."""
    return any(each.carriage is Carriage.READY and not each.apart for each in item.attachments)


def _goes_with(leader: Item, item: Item, now: int) -> bool:
    """Tell whether two messages can stand under one name and one badge, and be answered one way."""
    if not (
        leader.kind is item.kind is Kind.MESSAGE
        and item.claim is None
        and (leader.author, leader.route, leader.album) == (item.author, item.route, item.album)
    ):
        return False
    # Files stand below all words of a post, so words that were written after them have a post of their own.
    return leader.album != "" or (now - born(leader.id) >= BEHIND and is_shown(leader) == is_shown(item))


def _few_files(items: Sequence[Item]) -> int:
    """Tell how many of some messages have no more files than one post takes; those that come late count as well.

    Each of them may have to be settled with the post, and no transaction takes more than a hundred writes.
    """
    room = files.MOST
    for place, item in enumerate(items):
        room -= len(item.attachments)
        if room < 0:
            return place
    return len(items)
