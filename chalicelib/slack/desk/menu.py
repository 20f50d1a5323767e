"""All that can be done with a conversation, in one list: behind *More*, the message shortcut and `/threadline`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.channels import CHANNELS
from chalicelib.contacts import person
from chalicelib.model import Contact, Conversation, Status
from chalicelib.services import World
from chalicelib.slack.asked import Command, HandedIn, Press, Shortcut
from chalicelib.slack.desk.answers import Answer, Say, Show
from chalicelib.slack.desk.doing import GONE, NOT_OURS, about, conversation_at
from chalicelib.slack.views import Block, View, actions, asked_for, button, head, searched
from chalicelib.slack.words import clean

Fits = Callable[[Conversation, Contact | None], bool]

CUSTOMER = "customer"
NEVER_WROTE = "There is no conversation with them yet. /threadline write begins one."
HELP = """\
/threadline finds a customer, and shows all that can be done.
/threadline write writes to a customer first.
/threadline replies keeps the saved replies.
/threadline name says what customers know you by.
In a thread: type to answer, or open the menu of any message there and choose “Threadline…”."""


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done, and where it makes sense; `sure` is asked first."""

    label: str
    name: str
    fits: Fits = lambda _home, _contact: True
    sure: str = ""


def _has_owner(home: Conversation, _: Contact | None) -> bool:
    return home.owner != ""


def _is_nobodys(home: Conversation, _: Contact | None) -> bool:
    return home.owner == ""


def _is_not(status: Status) -> Fits:
    return lambda home, _: home.status is not status


def _has_templates(home: Conversation, _: Contact | None) -> bool:
    route = home.route
    return route is not None and CHANNELS[route.channel].CAPABILITIES[route.medium].templates


def _is_blocked(_: Conversation, contact: Contact | None) -> bool:
    return contact is not None and contact.blocked_at > 0


def _is_welcome(_: Conversation, contact: Contact | None) -> bool:
    return contact is not None and not contact.blocked_at


MENU: Sequence[tuple[str, Sequence[Verb]]] = (
    (
        "Whose it is",
        (
            Verb("Claim", "claim", _is_nobodys),
            Verb("Assign…", "assign"),
            Verb("Hand back", "hand_back", _has_owner),
            Verb("Move to another desk…", "move"),
        ),
    ),
    (
        "When",
        (
            Verb("Resolve", "resolve", _is_not(Status.RESOLVED)),
            Verb("Reopen", "reopen", _is_not(Status.OPEN)),
            Verb("Snooze…", "snooze"),
        ),
    ),
    (
        "Say",
        (
            Verb("Saved reply…", "snippets"),
            Verb("Reply another way…", "turn"),
            Verb("Template…", "template", _has_templates),
            Verb("Video link…", "video"),
            Verb("Note…", "note"),
        ),
    ),
    (
        "The customer",
        (
            Verb("History…", "history"),
            Verb("Same person as…", "same_as"),
            Verb("Tags…", "tag"),
            Verb(
                "Block",
                "block",
                _is_welcome,
                "What this customer writes will stay on record, and come no more into Slack.",
            ),
            Verb("Unblock", "unblock", _is_blocked),
        ),
    ),
)
"""What the list shows: who sees to each is in `tables.PRESSES`."""


def more(world: World, asked: Press) -> Answer:
    """Show the list for the conversation whose card was pressed."""
    conversation, _ = about(asked)
    return listed(world, conversation)


def on_message(world: World, asked: Shortcut) -> Answer:
    """Show the list for the conversation that a message belongs to."""
    found = conversation_at(world, asked.by.team, asked.spot) if asked.spot else ""
    return listed(world, found) if found else Say(NOT_OURS)


def find(_: World, __: Command) -> Answer:
    """Ask which customer it is about."""
    field = asked_for(CUSTOMER, "Customer", searched("A name, a number, an address", least=2))
    return Show(View("find", "Find a customer", [field], "Show", "Cancel"))


def found(world: World, asked: HandedIn) -> Answer:
    """Show the list for the newest conversation with a customer, an open one first."""
    chosen = next(iter(asked.view.values.get(CUSTOMER, ())), "")
    contact = person(world.store, chosen) if chosen else None
    if contact is None:
        return Say(GONE)
    pointers = sorted(contact.current.values(), key=lambda each: (each.resolved_at is None, each.conversation))
    return listed(world, pointers[-1].conversation) if pointers else Say(NEVER_WROTE)


def help_(_: World, __: Command) -> Answer:
    """Say what can be typed."""
    return Say(HELP)


def listed(world: World, conversation: str) -> Answer:
    """Show all that can be done with a conversation."""
    home = world.store.find(Conversation, conversation) if conversation else None
    if home is None:
        return Say(GONE)
    contact = person(world.store, home.contact)
    blocks: list[Block] = [head(clean(home.name) or "Somebody")]
    for title, verbs in MENU:
        fitting = [_button(verb, home) for verb in verbs if verb.fits(home, contact)]
        blocks += [_small(title), actions(fitting)] if fitting else []
    return Show(View("menu", "Threadline", blocks, meta={"conversation": home.id}))


def _button(verb: Verb, home: Conversation) -> Block:
    return button(verb.label, verb.name, home.id, sure=verb.sure)


def _small(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text}]}
