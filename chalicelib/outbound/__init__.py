"""Slack to customer: `reply` at the door, `send` behind the bell."""

from chalicelib.outbound.reply import reply, take_over
from chalicelib.outbound.send import send

__all__ = ["reply", "send", "take_over"]
