"""The three providers' stand-ins beside a door of ours and a shelf of files, for tests of what they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from infra.local.server import Answer, Call, Server
from infra.local.telegram import TelegramStandIn
from infra.local.twilio import TwilioStandIn
from infra.local.whatsapp import WhatsAppStandIn

Json = dict[str, Any]

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
AC, TOKEN, BOT = "AC" + "0" * 32, "secret", "123456:token"
ANA, US = "+14155550123", "+14155550100"
ANA_ON_WHATSAPP, ANA_ON_TELEGRAM = "5511987654321", 512345678


@dataclass
class Lines:
    """A clock that stands until a test moves it, what our door heard, and files by their paths."""

    twilio: TwilioStandIn
    whatsapp: WhatsAppStandIn
    telegram: TelegramStandIn
    url: str
    heard: list[Call]
    files: dict[str, Answer]
    clock: list[float]

    def begin(self) -> None:
        for each in (self.twilio, self.whatsapp, self.telegram):
            each.reset()
        self.heard.clear()
        self.files.clear()
        self.twilio.receipts(delay=0)
        self.whatsapp.receipts(delay=0)
        self.twilio.write(ANA, "Hi")
        self.twilio.write(ANA, "Hi", medium="whatsapp")
        self.whatsapp.write(ANA_ON_WHATSAPP, "Hi")
        self.telegram.write(ANA_ON_TELEGRAM, "Hi")

    def shelve(self, path: str, data: bytes, kind: str) -> str:
        """Put a file where anybody can fetch it, and give its address."""
        self.files[path] = Answer(200, data, {"Content-Type": kind})
        return self.url + path

    def forms(self) -> list[dict[str, str]]:
        return [call.form() for call in self.heard if call.path == "/twilio"]

    def messages(self) -> list[Json]:
        """What WhatsApp told us of."""
        values = [
            call.json()["entry"][0]["changes"][0]["value"] for call in self.heard if call.path == "/whatsapp"
        ]
        return [message for value in values for message in value.get("messages", ())]

    def statuses(self) -> list[Json]:
        self.whatsapp.quiet()
        values = [
            call.json()["entry"][0]["changes"][0]["value"] for call in self.heard if call.path == "/whatsapp"
        ]
        return [status for value in values for status in value.get("statuses", ())]

    def updates(self) -> list[Json]:
        return [call.json() for call in self.heard if call.path == "/telegram"]

    def ask_twilio(self, form: Mapping[str, Any]) -> requests.Response:
        url = f"{self.twilio.url}/2010-04-01/Accounts/{AC}/Messages.json"
        return requests.post(url, data={"From": US, "To": ANA, **form}, auth=(AC, TOKEN), timeout=10)

    def ask_whatsapp(self, **body: Any) -> requests.Response:
        url = f"{self.whatsapp.url}/v26.0/{self.whatsapp.phone_number_id}/messages"
        whole = {"messaging_product": "whatsapp", "to": ANA_ON_WHATSAPP, **body}
        return requests.post(url, json=whole, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)

    def ask_telegram(self, method: str, files: Any = None, **given: Any) -> Json:
        url = f"{self.telegram.url}/bot{BOT}/{method}"
        whole = {"chat_id": ANA_ON_TELEGRAM, **given}
        how: Json = {"data": whole, "files": files} if files else {"json": whole}
        answer: Json = requests.post(url, timeout=10, **how).json()
        return answer


@contextmanager
def opened() -> Iterator[Lines]:
    heard: list[Call] = []
    files: dict[str, Answer] = {}
    clock = [1_700_000_000.0]

    def door(call: Call) -> Answer:
        if call.method == "GET":
            return files.get(call.path, Answer(404))
        heard.append(call)
        return Answer()

    server = Server(door)

    def now() -> float:
        return clock[0]

    twilio = TwilioStandIn(f"{server.url}/twilio", AC, TOKEN, (US,), now=now)
    whatsapp = WhatsAppStandIn(f"{server.url}/whatsapp", TOKEN, "s", "v", now=now)
    asked = ("message", "edited_message", "message_reaction")
    telegram = TelegramStandIn(f"{server.url}/telegram", BOT, "secret", allowed_updates=asked, now=now)
    yield Lines(twilio, whatsapp, telegram, server.url, heard, files, clock)
    for each in (twilio, whatsapp, telegram, server):
        each.close()
