"""Twilio's lists: which messages they hold, and one page of them.

https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from infra.local.twilio import wire
from infra.local.twilio.media import VERSION, Media
from infra.local.twilio.wire import Message


def media_resource(account: str, sid: str, media: Media) -> dict[str, Any]:
    home = f"/{VERSION}/Accounts/{account}/Messages/{sid}/Media/{media.name}"
    return {
        "sid": media.name,
        "account_sid": account,
        "parent_sid": sid,
        "content_type": media.kind,
        "date_created": None,
        "date_updated": None,
        "uri": f"{home}.json",
    }


def page(
    path: str, query: Mapping[str, str], rows: Sequence[dict[str, Any]], name: str = "messages"
) -> dict[str, Any]:
    """One page of a list, newest first, with Twilio's links to the others.

    The next page begins after the one that its token names, whatever has come on top meanwhile.
    """
    size = min(int(query.get("PageSize", "50")), 1000)
    number = int(query.get("Page", "0"))
    last = query.get("PageToken", "").removeprefix("PA")
    after = next((place + 1 for place, row in enumerate(rows) if row["sid"] == last), None)
    start = number * size if after is None else after
    shown = rows[start : start + size]

    def link(page: int) -> str:
        token = {"PageToken": f"PA{shown[-1]['sid']}"} if page > number else {}
        return f"{path}?{urlencode({**query, 'PageSize': size, 'Page': page, **token})}"

    return {
        "first_page_uri": link(0),
        "next_page_uri": link(number + 1) if start + size < len(rows) else None,
        "previous_page_uri": link(number - 1) if number else None,
        "uri": link(number),
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start + len(shown) - 1, 0),
        name: list(shown),
    }


def within(message: Message, query: Mapping[str, str]) -> bool:
    """Tell whether a message falls into the list's dates: a day, or a time with `Z`."""
    at = wire.stamp(message.sent or message.created)
    day, after, before = (query.get(f"DateSent{sign}", "") for sign in ("", ">", "<"))
    return (
        (not day or at.startswith(day[:10]))
        and (not after or at[: len(after)] >= after)
        and (not before or at[: len(before)] <= before)
    )
