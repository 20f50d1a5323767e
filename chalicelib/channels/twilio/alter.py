"""Altering what stands on a phone: Twilio can do none of that, whichever the medium.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

from chalicelib.model import Account, Bubble, Markup, Outcome, Reason, Refused
from chalicelib.web import Http


def change(bubble: Bubble, words: str, markup: Markup, account: Account, http: Http) -> Outcome:  # noqa: ARG001
    return Refused(Reason.REFUSED, "what was sent cannot be changed")


def take_back(bubble: Bubble, account: Account, http: Http) -> Outcome:  # noqa: ARG001
    return Refused(Reason.REFUSED, "what was sent cannot be taken back")


def react(bubble: Bubble, emoji: str, account: Account, http: Http) -> Outcome:  # noqa: ARG001
    return Refused(Reason.REFUSED, "there are no reactions")
