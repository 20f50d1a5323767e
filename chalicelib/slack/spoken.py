"""What the team says without typing it in the thread: a saved reply, a template, the first word."""

from __future__ import annotations

from chalicelib.model import Item
from chalicelib.richtext import escape, found, linked, mrkdwn, plain
from chalicelib.slack.blocks import NOBODY, Post, context
from chalicelib.slack.said import drawn
from chalicelib.slack.words import clean, notification


def spoken(item: Item, by: str, name: str, medium: str) -> Post:
    """Draw it under the name its customer knows; `medium` is known where the way was chosen with it."""
    words = linked(found(item.rich) or mrkdwn.read(item.text))
    way = f" by {medium}" if medium else ""
    about = f"To {escape(clean(name) or NOBODY)}{way}"
    if item.template is not None:
        about = f"Template “{escape(clean(item.template.name or item.template.id))}” · {about}"
    return Post(notification(plain.write(words)), [*drawn(words), context(about)], username=clean(by))
