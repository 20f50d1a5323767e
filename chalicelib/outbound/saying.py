"""Words for the customer that nobody types in the thread: they are posted there, and are a reply from then on."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.inbound.entries import new_item
from chalicelib.model import Conversation, Kind, Route, Template
from chalicelib.richtext import Rich, escape, glyphs, kept, literal, mrkdwn, plain
from chalicelib.services import World
from chalicelib.store import Insert


def words_for(
    world: World,
    home: Conversation,
    by: str,
    words: str | Rich,
    route: Route | None = None,
    template: Template | None = None,
) -> Insert:
    """Make words for a conversation's customer; whoever writes them rings its Slack bell.

    They go where a reply typed now would go, unless `route` says where.
    """
    now = world.now()
    rich = literal(glyphs(words)) if isinstance(words, str) else words
    text = escape(plain.write(rich))
    said = new_item(
        Kind.SAID,
        now,
        now,
        text=text,
        rich=kept(rich, text, mrkdwn.read),
        author=by,
        route=route,
        bound=route is not None,
        template=template,
        asked_at=now,
    )
    return Insert(replace(said, conversation=home.id))
