"""What Threadline says in a thread, in the team's own words if they like."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.settings.mistakes import unknown

NOT_SAID_ANY_MORE = ("files_stayed",)
"""Texts of earlier versions, which settings that were saved then may have."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What Threadline says in a thread; `{name}`, `{medium}`, `{reason}`, `{word}` are filled in."""

    failed: str = "Not delivered to {name} by {medium}: {reason}"
    unknown: str = "It is not known whether this reached {name} by {medium}: {reason}"
    arrived: str = "This did reach {name} after all."
    sent_again: str = "This has been sent to {name} again."
    withdrawn: str = "Taken back: nothing of this went to {name}."
    opted_out: str = "{name} wants no more messages by {medium} ({word}). Replies by {medium} will not be sent."
    opted_in: str = "{name} takes messages by {medium} again ({word})."
    parked: str = "Something that {name} wrote cannot be shown here: {reason}."
    parked_reply: str = "What became of a reply to {name} cannot be shown here: {reason}."
    not_said: str = "What was to be said to {name} could not be posted here, so it was not sent: {reason}."
    edited_late: str = "Changed here only: the earlier text is on its way to {name}, or may have arrived."
    deleted_late: str = "Deleted here only: it is on its way to {name}, or may have arrived."
    not_changed: str = "Changed here only, {name} still sees the earlier words: {reason}"
    not_deleted: str = "Deleted here only, {name} still sees it: {reason}"
    reads_now: str = "{name} changed a message, which Slack does not let us show in its place: {text}"
    taken_back: str = "({name} took this back.)"
    reactions_stay: str = "Reactions such as this stay here: {medium} shows {name} some of ours, or none."
    note_stays: str = "A note stays inside, whatever becomes of it. To send it to {name}, write it anew."
    only_marked: str = "Only what begins with {mark} goes to {name}. Everything else here stays among the team."
    goes_on: str = "Nobody but the team has seen this: the conversation with {name} goes on in {there}."
    came_late: str = "Slack told Threadline of a reply above only now, long after it was typed."
    signature: str = "{agent}: "
    """How a reply begins on the customer's phone where a desk has its people named."""
    link: str = "{file}: {link}"
    """What a customer is sent instead of a file that their medium does not take."""
    link_over: str = "This link is over. Please ask for the file again."
    """What they see there after a week."""
    video: str = "You can meet us face to face here: {link}"
    """What a customer is sent with the link of a video room."""


def texts_from(table: Mapping[str, Any], wrong: list[str]) -> Texts:
    known = {text.name: str(text.default) for text in fields(Texts)}
    unknown(table, (*known, *NOT_SAID_ANY_MORE), "texts.", wrong)
    chosen = {}
    for name, text in table.items():
        if name not in known:
            continue
        allowed = _placeholders(known[name]) or set()
        used = _placeholders(text) if isinstance(text, str) else None
        if used is None or not str(text).strip():
            wrong.append(f"texts.{name} has to be a sentence; braces only around a word that is filled in.")
        elif not used <= allowed:
            names = ", ".join(sorted(allowed))
            wrong.append(f"texts.{name} asks for {', '.join(sorted(used - allowed))}; it can have {names}.")
        elif name in ("link", "video") and "link" not in used:
            wrong.append(f"texts.{name} has to have {{link}} in it: without it the customer cannot get there.")
        else:
            chosen[name] = text
    return Texts(**chosen)


def _placeholders(text: str) -> set[str] | None:
    """Name what a text wants filled in, or None if it cannot be filled."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    if any(layout or conversion for _, _, layout, conversion in parts):
        return None
    return {name for _, name, _, _ in parts if name is not None}
