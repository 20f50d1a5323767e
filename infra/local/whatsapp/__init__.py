"""WhatsApp's Cloud API on a laptop: messages, media, and signed webhooks with receipts."""

from infra.local.whatsapp.standin import WhatsAppStandIn

__all__ = ["WhatsAppStandIn"]
