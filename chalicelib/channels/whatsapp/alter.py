"""Altering what stands in a chat: of all that, the Cloud API has reactions only.

https://developers.facebook.com/docs/whatsapp/cloud-api/messages/reaction-messages
"""

from __future__ import annotations

from chalicelib.channels.whatsapp.api import post
from chalicelib.model import Account, Bubble, Markup, Outcome, Reason, Refused
from chalicelib.web import Http


def change(bubble: Bubble, words: str, markup: Markup, account: Account, http: Http) -> Outcome:  # noqa: ARG001
    return Refused(Reason.REFUSED, "WhatsApp lets businesses change nothing they have sent")


def take_back(bubble: Bubble, account: Account, http: Http) -> Outcome:  # noqa: ARG001
    return Refused(Reason.REFUSED, "WhatsApp lets businesses take nothing back")


def react(bubble: Bubble, emoji: str, account: Account, http: Http) -> Outcome:
    """Put our one reaction on a message, in the place of any other, or take it off."""
    reaction = {"message_id": bubble.id, "emoji": emoji}
    return post({"type": "reaction", "reaction": reaction}, bubble.route, account, http)
