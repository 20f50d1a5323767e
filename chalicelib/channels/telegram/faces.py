"""What Telegram's customers look like, where they show it to a bot.

https://core.telegram.org/bots/api#getuserprofilephotos
"""

from __future__ import annotations

from chalicelib.channels.telegram.api import refusal
from chalicelib.model import Account, Ambiguous, Attachment, Outcome, Route
from chalicelib.reading import Payload, number, part, text
from chalicelib.web import CallFailed, Http

LARGE_ENOUGH = 160
"""Pixels of each side: what Slack shows beside a post or a card is smaller, also on a screen with many."""


def picture(account: Account, route: Route, http: Http) -> Attachment | Outcome | None:
    """Find the latest picture of whoever writes in a private chat, as small as is large enough."""
    if not route.to.isdecimal():  # a group, whose picture is nobody's
        return None
    token = next(iter(account.accepted("TELEGRAM_BOT_TOKEN")), "")
    url = f"{account.api_url}/bot{token}/getUserProfilePhotos"
    try:
        reply = http("POST", url, json={"user_id": int(route.to), "limit": 1})
    except CallFailed as failure:
        return failure.outcome
    try:
        answer = reply.json()
        if reply.status != 200:  # noqa: PLR2004
            why = text(answer.get("description")) or f"HTTP {reply.status}"
            return refusal(reply, why, part(answer.get("parameters")))
        photos = part(answer["result"])["photos"]
        return _smallest([part(size) for size in photos[0]]) if photos else None
    except (TypeError, ValueError, LookupError) as surprise:
        return Ambiguous(f"an unreadable answer ({type(surprise).__name__})")


def _smallest(sizes: list[Payload]) -> Attachment:
    """Choose of one picture's sizes the smallest that is large enough, else the largest."""
    by_side = sorted(sizes, key=_side)
    chosen = next((size for size in by_side if _side(size) >= LARGE_ENOUGH), by_side[-1])
    reference = text(chosen["file_id"])
    return Attachment("picture", mime="image/jpeg", size=number(chosen.get("file_size")), reference=reference)


def _side(size: Payload) -> int:
    return min(number(size.get("width")), number(size.get("height")))
