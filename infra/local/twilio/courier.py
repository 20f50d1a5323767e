"""Twilio's webhooks: signed, tried again as their address asks, and answered with what is to be sent."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from html import unescape

from infra.local.outside import About, Heard, Hook
from infra.local.twilio import wire
from infra.local.webhooks import Webhooks


def post(hooks: Webhooks, token: str, addresses: tuple[str, str], form: Mapping[str, str], about: About) -> Heard:
    """Post a form; the first of the addresses is signed, the second is called."""
    signed, called = addresses
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": wire.sign(token, wire.strip(signed), form),
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        "User-Agent": "TwilioProxy/1.1",
        "X-Home-Region": "us1",
    }
    tries, reasons = wire.overrides(called)

    def again(heard: Heard) -> bool:
        if heard.status > 0:
            return not heard.taken and bool({"all", f"{heard.status // 100}xx"} & reasons)
        return bool({"all", "rt" if heard.status else "ct"} & reasons)

    return hooks.deliver(Hook(called, wire.encode(form), headers, about), [0.0] * tries, again)


def replies(kind: str, body: bytes) -> list[str] | None:
    """Read from a webhook's answer what Twilio is to send; None when it cannot be read."""
    text = body.decode(errors="replace")
    if not text.strip():
        return []
    if kind == "text/plain":
        return [text]
    if kind not in {"text/xml", "application/xml", "text/html"}:
        return None
    found = re.findall(r"<Message[^>]*>(.*?)</Message>", text, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", message)) for message in found]
