"""A strict stand-in for WhatsApp's Cloud API: one number, its signed webhooks, and the customers' phones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from infra.local.phones import Faults, Heard, Hook, Phones, Webhooks, Written, control, knock
from infra.local.server import Answer, Call, Server
from infra.local.whatsapp import wire
from infra.local.whatsapp.graph import WINDOW, Graph, Sent
from infra.local.whatsapp.people import Person

WEEK = 7 * 24 * 3600
CHALLENGE = "1158201444"
FINAL = frozenset({"read", "failed"})
OURS = frozenset({"who", "text", "name", "bsuid", "username", "content"})
VERBS = (
    "write", "batch", "change", "verify", "phone", "read", "receipts", "receipt", "fail", "repeat", "block",
    "unblock", "close_window", "quiet", "reset", "state",
)  # fmt: skip


@dataclass(eq=False)
class WhatsAppStandIn:
    """The Cloud API for one number; `pace` is how long a second of Meta's retries takes here."""

    webhook_url: str
    access_token: str
    app_secret: str
    verify_token: str
    phone_number_id: str = "106540352242922"
    waba_id: str = "102290129340398"
    display_phone_number: str = "15550783881"
    port: int = 0
    now: Callable[[], float] = time.time
    pace: float = 0.01
    media_url: str = ""

    def __post_init__(self) -> None:
        self._begin()
        self._server = Server(self._serve, self.port)
        self.url = self._server.url

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._hooks = Webhooks()
        self.calls: list[Call] = []
        self._phones = Phones()
        self._faults = Faults()
        self._auto, self._delay = True, 0.05
        home = (self.phone_number_id, self.waba_id, self.display_phone_number)
        self._graph = Graph(self.access_token, home, self.media_url, self.now, self._accept, self._marked)

    def close(self) -> None:
        self._hooks.stop()
        self._server.close()

    def reset(self) -> None:
        """Forget everything, webhooks under way included."""
        self._hooks.stop(patience=5)
        self._begin()

    def write(self, who: str, text: str = "", **about: Any) -> Written:
        """Let a customer write; `about` takes name, bsuid, username, type, content and message fields."""
        return self.batch([{"who": who, "text": text, **about}])

    def batch(self, parts: Sequence[Mapping[str, Any]]) -> Written:
        """Post several things at once: messages (`who` …) and receipts (`message_id`, `state`)."""
        with self._lock:
            people = {part["who"]: self._graph.people.meet(part) for part in parts if "who" in part}
            messages = [self._message(people[part["who"]], part) for part in parts if "who" in part]
            statuses = [self._status(**part) for part in parts if "who" not in part]
        value: dict[str, Any] = {"contacts": [person.contact() for person in people.values()]} if people else {}
        if messages:
            value["messages"] = messages
        if statuses:
            value["statuses"] = statuses
        ids = tuple(item["id"] for item in messages + statuses)
        return Written(self._post(self._change("messages", value)), ids[0] if ids else "", ids)

    def change(self, field: str, value: Mapping[str, Any]) -> int:
        """Post a change of any other field, such as `user_id_update` or `user_preferences`."""
        return self._post(self._change(field, value))

    def _change(self, field: str, value: Mapping[str, Any]) -> dict[str, Any]:
        metadata = {
            "display_phone_number": self.display_phone_number,
            "phone_number_id": self.phone_number_id,
        }
        return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}

    def _message(self, person: Person, part: Mapping[str, Any]) -> dict[str, Any]:
        kind = part.get("type", "text")
        content = {"body": part.get("text", "")} if kind == "text" else dict(part.get("content", {}))
        if "data" in content:
            content |= self._graph.keep(content.pop("data"), content.get("mime_type", "image/jpeg"))
        message = {
            **person.sender(),
            "id": wire.wamid(),
            "timestamp": str(int(self.now())),
            "type": kind,
            **({kind: content} if content else {}),
            **{name: value for name, value in part.items() if name not in OURS},
        }
        person.wrote = self.now()
        self._graph.received.add(message["id"])
        self._phones.show(person.key, "from_customer", wire.text_of(message), message["id"], type=kind)
        return message

    def verify(self, token: str = "") -> bool:
        """Do the handshake as the dashboard does; True if our answer is the challenge alone."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": token or self.verify_token}
        query = urlencode({**asked, "hub.challenge": CHALLENGE})
        heard = knock(Hook(f"{self.webhook_url}?{query}", b""), "GET")
        return heard.status == HTTPStatus.OK and heard.body == CHALLENGE.encode()

    def phone(self, who: str) -> list[dict[str, Any]]:
        return self._phones.of(self._graph.people.find(who).key)

    def read(self, who: str) -> list[str]:
        """Let the customer open the chat: every message that arrived is reported read."""
        unread = self._phones.unread(self._graph.people.find(who).key)
        for message_id in unread:
            self.receipt(message_id, "read")
        return unread

    def block(self, who: str) -> None:
        self._graph.people.find(who).blocked = True

    def unblock(self, who: str) -> None:
        self._graph.people.find(who).blocked = False

    def close_window(self, who: str) -> None:
        """Pretend that this customer last wrote 25 hours ago."""
        self._graph.people.find(who).wrote = self.now() - WINDOW - 3600

    def receipts(self, *, auto: bool = True, delay: float = 0.05) -> None:
        self._auto, self._delay = auto, delay

    def receipt(self, message_id: str, state: str, error: int | None = None) -> int:
        """Send one status now, also for a message that other software sent; returns the webhook's status."""
        status = self._status(message_id, state, error)
        return self._post(self._change("messages", {"statuses": [status]}))

    def _status(self, message_id: str, state: str, error: int | None = None) -> dict[str, Any]:
        sent = self._graph.sent.get(message_id) or Sent(message_id, self._graph.people.find("15550000000"))
        sent.state = state
        self._phones.update(message_id, state=state, **({"error": error} if error else {}))
        pricing = {
            "billable": False,
            "pricing_model": "PMP",
            "category": "service",
            "type": "free_customer_service",
        }
        return {
            "id": message_id,
            "status": state,
            "timestamp": str(int(self.now())),
            **sent.person.recipient(),
            **({"errors": [wire.failure(error)]} if error else {"pricing": pricing}),
            **({"biz_opaque_callback_data": sent.opaque} if sent.opaque else {}),
        }

    def fail(self, how: Mapping[str, Any], times: int = 1, on: str = "") -> None:
        """Spoil the next calls; with `late` an `error` comes by status; `on` is a part of "METHOD /path"."""
        self._faults.plan(how, times, on)

    def repeat(self, n: int) -> None:
        self._hooks.extra = n

    def quiet(self, timeout: float = 10) -> None:
        self._hooks.quiet(timeout)

    def state(self) -> dict[str, Any]:
        return {
            "phones": self._phones.everyone(),
            "calls": [f"{call.method} {call.path}" for call in self.calls],
            "subscribed": self._graph.subscribed,
            "pending": self._hooks.pending,
        }

    def _serve(self, call: Call) -> Answer:
        if call.path.startswith("/control/"):
            return control({verb: getattr(self, verb) for verb in VERBS}, call)
        self.calls.append(call)
        return self._faults.around(call, lambda late: self._answer(call, late), _spoil)

    def _answer(self, call: Call, late: int | None) -> Answer:
        with self._lock:
            return self._graph.answer(call, late)

    def _marked(self, message_id: str) -> None:
        self._phones.update(message_id, state="read")

    def _accept(self, sent: Sent, body: Mapping[str, Any], fate: int | None) -> None:
        if fate is None:
            kind = body.get("type", "text")
            more = {"type": kind, "content": body.get(kind)}
            self._phones.show(sent.person.key, "to_customer", wire.text_of(body), sent.wamid, **more)
        if fate is not None or self._auto:
            self._hooks.later(lambda: self._travel(sent, fate, self._delay))

    def _travel(self, sent: Sent, fate: int | None, delay: float) -> None:
        steps: list[tuple[str, int | None]] = [("sent", None), ("delivered", None)]
        for state, error in steps if fate is None else [("failed", fate)]:
            if not self._hooks.pause(delay) or sent.state in FINAL:
                return
            self.receipt(sent.wamid, state, error)

    def _post(self, change: Mapping[str, Any]) -> int:
        entry = [{"id": self.waba_id, "changes": [change]}]
        body = wire.encode({"object": "whatsapp_business_account", "entry": entry})
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": wire.sign(self.app_secret, body),
        }
        return self._hooks.deliver(Hook(self.webhook_url, body, headers), self._waits(), _again).status

    def _waits(self) -> Iterator[float]:
        """Ten seconds, doubled each time, for seven days: Meta says no more than "decreasing frequency"."""
        wait, waited = 10, 0
        while waited < WEEK:
            yield wait * self.pace
            wait, waited = wait * 2, waited + wait


def _again(heard: Heard) -> bool:
    return heard.status != HTTPStatus.OK


def _spoil(how: Mapping[str, Any]) -> Answer:
    codes = {429: 130429, 503: 2, 401: 190}
    status = int(how.get("status", 0))
    code = int(how.get("error", codes.get(status, 131000)))
    return wire.refuse(code, how.get("description", ""), status, how.get("retry_after"))
