"""A strict stand-in for WhatsApp's Cloud API: one number, its signed webhooks, and the customers' phones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from infra.local.outside import About, Hook, Outside
from infra.local.phones import Written
from infra.local.server import Answer, Call
from infra.local.watched import COMMON, Watched, control
from infra.local.whatsapp import calls, wire
from infra.local.whatsapp.chats import Chats
from infra.local.whatsapp.courier import Courier
from infra.local.whatsapp.graph import WINDOW, Graph, Sent
from infra.local.whatsapp.media import LARGEST, Media
from infra.local.whatsapp.people import Person

CHALLENGE = "1158201444"
FINAL = frozenset({"read", "failed"})
VERBS = (
    *COMMON,
    *(
        "batch",
        "react",
        "edit",
        "delete",
        "change",
        "verify",
        "receipts",
        "receipt",
        "block",
        "unblock",
        "close_window",
    ),
)


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
    outside: Outside = field(default_factory=Outside)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._watched = Watched(self.now, self.outside)
        self._begin()
        self._server = self.outside.listen(self._serve, self.port, LARGEST)
        self.url = self._server.url

    def _begin(self) -> None:
        self._hooks, self._phones = self._watched.hooks, self._watched.phones
        self._auto, self._delay = True, 0.05
        home = (self.phone_number_id, self.waba_id, self.display_phone_number)
        self._courier = Courier(self._hooks, self.app_secret, self.waba_id, self.pace)
        media = Media(self.outside, self.media_url)
        told = (self.now, self._accept, lambda wamid: self._phones.update(wamid, state="read"))
        self._graph = Graph(self.access_token, home, media, self._lock, *told)
        self._chats = Chats(self._phones, media)

    def close(self) -> None:
        self._watched.close()
        self._server.close()

    def reset(self) -> None:
        """Forget everything, webhooks under way included."""
        self._hooks.stop(patience=5)
        with self._lock:
            self._watched.begin()
            self._begin()

    def write(self, who: str, text: str = "", **about: Any) -> Written:
        """Let a customer write; `about` takes name, bsuid, username, type, content, reply_to, and fields."""
        return self.batch([{"who": who, "text": text, **about}])

    def react(self, who: str, message_id: str, emoji: str = "") -> Written:
        """Let a customer react to a message, or take the reaction back."""
        return self.write(who, type="reaction", content={"message_id": message_id, "emoji": emoji})

    def edit(self, who: str, message_id: str, text: str) -> Written:
        """Let a customer change the words of a message."""
        now = self._graph.written[message_id]
        kind = now["type"]
        content = {"body": text} if kind == "text" else {**now[kind], "caption": text}
        edited = {"original_message_id": message_id, "message": {"type": kind, kind: content}}
        return self.write(who, type="edit", content=edited)

    def delete(self, who: str, message_id: str) -> Written:
        """Let a customer take a message back, for everyone."""
        return self.write(who, type="revoke", content={"original_message_id": message_id})

    def batch(self, parts: Sequence[Mapping[str, Any]]) -> Written:
        """Post several things at once: messages (`who` …) and receipts (`message_id`, `state`)."""
        with self._lock:
            people = {part["who"]: self._graph.people.meet(part) for part in parts if "who" in part}
            messages = [self._message(people[part["who"]], part) for part in parts if "who" in part]
            statuses = [self._status(**part) for part in parts if "who" not in part]
            told = {self._sent(part["message_id"]).person.key for part in parts if "who" not in part}
        value: dict[str, Any] = {"contacts": [person.contact() for person in people.values()]} if people else {}
        if messages:
            value["messages"] = messages
        if statuses:
            value["statuses"] = statuses
        ids = tuple(item["id"] for item in messages + statuses)
        concerned = [*told.union(person.key for person in people.values())]
        who = concerned[0] if len(concerned) == 1 else ""
        about = About("message" if messages else "status", who, ids)
        return Written(self._post("messages", value, about), ids[0] if ids else "", ids)

    def change(self, field: str, value: Mapping[str, Any]) -> int:
        """Post a change of any other field, such as `user_id_update` or `user_preferences`."""
        return self._post(field, value, About(field))

    def _post(self, field: str, value: Mapping[str, Any], about: About) -> int:
        metadata = {
            "display_phone_number": self.display_phone_number,
            "phone_number_id": self.phone_number_id,
        }
        value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        return self._courier.post(self.webhook_url, {"field": field, "value": value}, about)

    def _message(self, person: Person, part: Mapping[str, Any]) -> dict[str, Any]:
        message = self._graph.receive(person, part)
        self._phones.meet(person.key, person.name)
        self._chats.show(person, message, message["id"], ours=False)
        self._stand(person)
        return message

    def _stand(self, person: Person) -> None:
        ends = person.wrote + WINDOW if person.wrote > float("-inf") else None
        self._phones.stand(person.key, "whatsapp", blocked=person.blocked, window_ends=ends)

    def verify(self, token: str = "") -> bool:
        """Do the handshake as the dashboard does; True if our answer is the challenge alone."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": token or self.verify_token}
        query = urlencode({**asked, "hub.challenge": CHALLENGE})
        hook = Hook(f"{self.webhook_url}?{query}", b"", about=About("verify"))
        heard = self._hooks.knock(hook, method="GET")
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
        self._alter(who, blocked=True)

    def unblock(self, who: str) -> None:
        self._alter(who, blocked=False)

    def close_window(self, who: str) -> None:
        """Pretend that this customer last wrote 25 hours ago."""
        self._alter(who, wrote=self.now() - WINDOW - 3600)

    def _alter(self, who: str, **news: Any) -> None:
        with self._lock:
            person = self._graph.people.find(who)
            for name, value in news.items():
                setattr(person, name, value)
            self._stand(person)

    def receipts(self, *, auto: bool = True, delay: float = 0.05) -> None:
        self._auto, self._delay = auto, delay

    def receipt(self, message_id: str, state: str, error: int | None = None) -> int:
        """Send one status now, also for a message that other software sent; returns the webhook's status."""
        status = self._status(message_id, state, error)
        about = About("status", self._sent(message_id).person.key, (message_id,))
        return self._post("messages", {"statuses": [status]}, about)

    def _sent(self, message_id: str) -> Sent:
        return self._graph.sent.get(message_id) or Sent(message_id, self._graph.people.find("15550000000"))

    def _status(self, message_id: str, state: str, error: int | None = None) -> dict[str, Any]:
        sent = self._sent(message_id)
        sent.state = state
        self._phones.update(message_id, state=state, **({"error": error} if error else {}))
        return wire.status(message_id, state, self.now(), sent.person.recipient(), error, sent.opaque)

    def fail(self, how: Mapping[str, Any], times: int = 1, on: str = "") -> None:
        """Spoil the next calls; with `late` an `error` comes by status; `on` is a part of "METHOD /path"."""
        self._watched.faults.plan(how, times, on)

    def repeat(self, n: int) -> None:
        self._watched.faults.repeat(n)

    def mend(self, how: Mapping[str, Any] | None = None) -> None:
        self._watched.faults.mend(how)

    def quiet(self, timeout: float = 10) -> None:
        self._hooks.quiet(timeout)

    def changes(self, since: int = 0, wait: float = 0, boot: str = "") -> dict[str, Any]:
        """Tell what happened after `since`, waiting for news if there is none."""
        return self._watched.changes(since, wait, boot)

    def state(self) -> dict[str, Any]:
        with self._lock:
            ours = {"whatsapp": f"+{self.display_phone_number}"}
            return {**self._watched.state(), "subscribed": self._graph.subscribed, "ours": ours}

    @property
    def calls(self) -> list[Call]:
        """The last calls of the API, as they came."""
        return list(self._watched.faults.calls)

    def _serve(self, call: Call) -> Answer:
        if call.path.startswith("/control/"):
            return control({verb: getattr(self, verb) for verb in VERBS}, self._graph.media.kept.get, call)
        about = partial(calls.about, self._graph.people.key)
        return self._watched.faults.around(call, lambda late: self._graph.answer(call, late), calls.spoil, about)

    def _accept(self, sent: Sent, body: Mapping[str, Any], fate: int | None) -> None:
        self._stand(sent.person)
        if fate is None:
            self._chats.show(sent.person, body, sent.wamid, ours=True)
        if fate is not None or self._auto:
            self._hooks.later(lambda: self._travel(sent, fate, self._delay))

    def _travel(self, sent: Sent, fate: int | None, delay: float) -> None:
        steps: list[tuple[str, int | None]] = [("sent", None), ("delivered", None)]
        for state, error in steps if fate is None else [("failed", fate)]:
            if not self._hooks.pause(delay) or sent.state in FINAL:
                return
            self.receipt(sent.wamid, state, error)
