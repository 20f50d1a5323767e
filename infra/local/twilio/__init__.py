"""Twilio on a laptop: messages, media, signed webhooks and status callbacks."""

from infra.local.twilio.standin import TwilioStandIn

__all__ = ["TwilioStandIn"]
