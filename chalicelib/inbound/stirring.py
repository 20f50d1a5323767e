"""A customer writes where nobody looks any more: who is called, and what is said of it."""

from __future__ import annotations

from chalicelib.model import Conversation, Status

SILENCE = 12 * 60 * 60_000
"""Ms after which a thread lies so far up in its channel that nobody sees what is new in it."""

_SAID = {Status.RESOLVED: "Reopened", Status.SNOOZED: "No longer snoozed"}


def stirred(home: Conversation, now: int) -> str | None:
    """Say what a customer's post does to a thread that was at rest, and mention its owner; None if it was not."""
    said = _SAID.get(home.status) or ("Writes again" if _is_silent(home, now) else None)
    if said is None:
        return None
    return f"{said} <@{home.owner}>" if home.owner else said


def is_shown_to_all(home: Conversation, now: int) -> bool:
    """Tell whether such a post is shown to the whole channel, since there is nobody to be called."""
    return not home.owner and stirred(home, now) is not None


def _is_silent(home: Conversation, now: int) -> bool:
    last = max(home.thread_ts, home.last_ts, home.said_ts)
    return last != "" and now - float(last) * 1000 > SILENCE
