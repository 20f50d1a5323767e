"""Slack to customer: `reply` at the door, `send` behind the bell."""

from chalicelib.outbound.links import lead
from chalicelib.outbound.reply import reply, take_over
from chalicelib.outbound.send import send

__all__ = ["lead", "reply", "send", "take_over"]
