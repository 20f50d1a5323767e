"""The customers' shore: what a channel is, and the list of them.

To add one: a module that satisfies `Channel`, two lines here (the import and the row), its captures and its
test. docs/adding-a-channel.md walks through it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from chalicelib.channels import telegram, twilio, whatsapp
from chalicelib.model import (
    Account,
    Attachment,
    Bubble,
    Capabilities,
    Event,
    Found,
    Markup,
    Message,
    Outcome,
    Route,
    Source,
    Template,
)
from chalicelib.web import Http, Page, Request, Response


class Channel(Protocol):
    """One provider's lines. A module satisfies it; there is nothing to inherit."""

    @property
    def CAPABILITIES(self) -> Mapping[str, Capabilities]:  # noqa: N802 - a constant of the module
        """What each medium can do; most channels have one, named like themselves."""

    @property
    def SECRETS(self) -> tuple[str, ...]:  # noqa: N802
        """The environment variables an account needs, in their owner's usual spelling."""

    @property
    def OPTIONAL(self) -> tuple[str, ...]:  # noqa: N802
        """Those it can do without."""

    @property
    def API_URL(self) -> tuple[str, str]:  # noqa: N802
        """The variable that sets another base for the provider's API, and the real base."""

    def verify(self, request: Request, account: Account) -> None:
        """Prove who sent it; raises Unverified and nothing else, whatever the bytes."""

    def parse(self, request: Request, account: Account) -> list[Event]:
        """Read what it says. Pure; raises Malformed and nothing else."""

    def answer(self, request: Request, events: list[Event]) -> Response:
        """Say what the provider wants to hear: a challenge, TwiML, or an empty 200."""

    def send(self, message: Message, account: Account, http: Http) -> Outcome:
        """Send one message, once."""

    def look_up(self, message: Message, account: Account, http: Http) -> Found:
        """Ask the provider whether an earlier attempt got through."""

    def change(self, bubble: Bubble, words: str, markup: Markup, account: Account, http: Http) -> Outcome:
        """Give a message that was sent other words; where it has them already, that is Ok."""

    def take_back(self, bubble: Bubble, account: Account, http: Http) -> Outcome:
        """Take back a message that was sent; where it is gone already, that is Ok."""

    def react(self, bubble: Bubble, emoji: str, account: Account, http: Http) -> Outcome:
        """Put our one reaction on a customer's message, or take it off where `emoji` is empty."""

    def way_to(self, account: Account, medium: str, phone: str, heard: str) -> Route | None:
        """Make the way to a phone number that may never have written; None where nobody can be written to first.

        `heard` is an address of ours that others have written to by this medium, if any is known.
        """

    def templates(self, account: Account, http: Http) -> tuple[Template, ...] | Outcome:
        """List the templates that may be sent where free text may not; none where there is no such thing."""

    def locate(self, attachment: Attachment, account: Account, http: Http) -> Source | Outcome:
        """Find out where the bytes of an attachment are, or why they are not to be had."""


def _channel(module: Channel) -> Channel:
    """Let the type checker hold a module against the contract."""
    return module


CHANNELS: Mapping[str, Channel] = {
    "twilio": _channel(twilio),
    "whatsapp": _channel(whatsapp),
    "telegram": _channel(telegram),
}

MEDIA = frozenset(medium for module in CHANNELS.values() for medium in module.CAPABILITIES)
"""What customers write by, whichever channel brings it."""

Lists = Callable[[Account, Http, int, str], Page | Outcome]
"""`listed(account, http, since, place)`: one page of what happened on a line since then, from a place on."""

Pictures = Callable[[Account, Route, Http], Attachment | Outcome | None]
"""`picture(account, route, http)`: the picture of whoever writes by a route, None where they have or show none."""

PICTURES: Mapping[str, Pictures] = {"telegram": telegram.picture}
"""Those that show what their customers look like."""

LISTS: Mapping[str, Lists] = {"twilio": twilio.listed}
"""Those that can be asked afterwards for what their webhooks may have missed.

WhatsApp cannot; it goes on with a webhook for seven days. Telegram keeps its updates for a day.
"""
