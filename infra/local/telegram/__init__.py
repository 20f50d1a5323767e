"""Telegram's Bot API on a laptop: messages both ways, files, and webhooks one at a time per chat."""

from infra.local.telegram.standin import TelegramStandIn

__all__ = ["TelegramStandIn"]
