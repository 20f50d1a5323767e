"""Meta's webhooks: signed over their exact bytes, and tried again for a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from infra.local.outside import About, Heard, Hook
from infra.local.webhooks import Webhooks
from infra.local.whatsapp import wire

WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Courier:
    """Posts the changes of one WABA; `pace` is how long a second of Meta's retries takes here."""

    hooks: Webhooks
    secret: str
    waba: str
    pace: float

    def post(self, url: str, change: Mapping[str, Any], about: About) -> int:
        entry = [{"id": self.waba, "changes": [change]}]
        body = wire.encode({"object": "whatsapp_business_account", "entry": entry})
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": wire.sign(self.secret, body),
        }
        return self.hooks.deliver(Hook(url, body, headers, about), self._waits(), _again).status

    def _waits(self) -> Iterator[float]:
        """Ten seconds, doubled each time, for seven days: Meta says no more than "decreasing frequency"."""
        wait, waited = 10, 0
        while waited < WEEK:
            yield wait * self.pace
            wait, waited = wait * 2, waited + wait


def _again(heard: Heard) -> bool:
    return heard.status != HTTPStatus.OK
