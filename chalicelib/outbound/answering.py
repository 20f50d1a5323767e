"""A reply that begins with a link to a message of its thread answers that: the link is not for the customer."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import THERE, Capabilities, Item, Kind, Ref, Route
from chalicelib.richtext import Block, Rich, Run, found, literal, plain, words
from chalicelib.services import World
from chalicelib.slack.links import beginning
from chalicelib.slack.told import Typed
from chalicelib.slack.words import clean

POINTING = "☝️"
"""What is said to a message by nothing but a link to it."""
QUOTED = 100


def answering(world: World, typed: Typed, conversation: str) -> tuple[Typed, str]:
    """Take the link off, and name what it leads to as `<conversation>.<item>`; a link elsewhere is words."""
    link = beginning(typed.text, typed.rich)
    if link is None:
        return typed, ""
    ref = world.store.find(Ref, "slack", typed.team, f"{link.channel}:{link.ts}")
    if ref is None or not ref.item or ref.conversation != conversation:
        return typed, ""
    return replace(typed, text=link.text, rich=link.rich), f"{ref.conversation}.{ref.item}"


def with_answered(world: World, item: Item, rich: Rich, medium: Capabilities) -> tuple[Rich, str]:
    """Say to which message a reply is: the provider's id where the medium shows that, else its first words."""
    conversation, _, name = item.reply_to.partition(".")
    about = world.store.find(Item, conversation, name) if name else None
    if about is None or about.deleted_at or not _they_have(about):
        return rich, ""
    theirs = _id_of(about, item.route) if medium.replies else ""
    if theirs:
        return (rich if words(rich).strip() else literal(POINTING)), theirs
    said = plain.write(found(about.rich)) or about.text
    quote = clean(said or " ".join(map(str, about.attachments)), QUOTED)
    return ((Block((Run(quote),), quoted=True), *rich) if quote else rich), ""


def _they_have(about: Item) -> bool:
    """Tell whether a message stands on the customer's phone: what never went there may have been for us alone."""
    if about.kind is Kind.REPLY:
        return any(part.state in THERE for part in about.parts)
    return about.kind is Kind.MESSAGE


def _id_of(about: Item, route: Route | None) -> str:
    """Name a message as the customer's phone knows it, if it stands in the same chat there."""
    there = about.route
    if there is None or route is None or (there.line, there.to) != (route.line, route.to):
        return ""
    return next((part.id for part in about.parts if part.id), "") if about.outbound else about.message_id
