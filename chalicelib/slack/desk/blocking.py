"""Block somebody: what they write stays on record, and comes no more into Slack."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import Contact, Conversation, Offer
from chalicelib.services import World
from chalicelib.slack.asked import Press
from chalicelib.slack.desk.acts import Done, changed, told
from chalicelib.slack.desk.answers import Answer
from chalicelib.slack.desk.doing import GONE, do
from chalicelib.store import Replace

BLOCKED = "blocked this customer. What they write stays on record, and comes no more into Slack."
WELCOME = "let this customer write here again."


def block(world: World, asked: Press) -> Answer:
    """Hear no more of somebody."""
    return do(world, asked, lambda home, contact: _blocked(world, home, contact, asked.by.user, world.now()))


def unblock(world: World, asked: Press) -> Answer:
    """Hear of somebody again."""
    return do(world, asked, lambda home, contact: _blocked(world, home, contact, asked.by.user, 0))


def _blocked(world: World, home: Conversation, contact: Contact | None, by: str, at: int) -> Done:
    if contact is None:
        return Done(told=GONE)
    if bool(contact.blocked_at) == bool(at):
        return Done(told="They are blocked already." if at else "They are not blocked.")
    offers = (Offer("Unblock", "unblock", home.id),) if at else ()
    line = told(world, home, by, BLOCKED if at else WELCOME, offers=offers)
    writes = changed(world, home), line, Replace(replace(contact, blocked_at=at))
    return Done(writes, "Blocked." if at else "They may write here again.")
