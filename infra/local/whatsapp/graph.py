"""The part of the Graph API that a WhatsApp number has: messages, media, the number itself, subscriptions."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.blobs import Kept
from infra.local.faults import read_json
from infra.local.server import Answer, Call, answer_json
from infra.local.whatsapp import templates, wire
from infra.local.whatsapp.media import Media
from infra.local.whatsapp.people import People, Person

WINDOW = 24 * 3600
UNFETCHED = 131053
"""A link that leads to nothing, or to nothing that fits, is told by a status: the call itself is accepted."""
OURS = frozenset({"who", "text", "name", "bsuid", "username", "content", "reply_to"})
"""What is said of a customer's message here, and is no field of it."""
PATH = re.compile(r"/v\d{1,2}\.0/(?P<node>\w+)(?:/(?P<edge>\w+))?")


@dataclass(slots=True)
class Sent:
    """A message taken for sending."""

    wamid: str
    person: Person
    opaque: str = ""
    state: str = "accepted"


@dataclass(eq=False)
class Graph:
    """What Meta keeps for one number: (phone number id, WABA id, shown number)."""

    token: str
    home: tuple[str, str, str]
    media: Media
    lock: threading.RLock
    now: Callable[[], float]
    accepted: Callable[[Sent, Mapping[str, Any], int | None], None]
    marked: Callable[[str], None]
    people: People = field(default_factory=People)
    sent: dict[str, Sent] = field(default_factory=dict)
    written: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What customers wrote, by its id."""
    subscribed: bool = False
    templates: list[dict[str, Any]] = field(default_factory=templates.usual)

    def answer(self, call: Call, late: int | None) -> Answer:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return wire.refuse(190)
        if call.path.startswith("/media/"):
            return self.media.download(call)
        # Whoever is slow to hand out a file keeps nobody else from calling.
        fetched = self._fetched(call)
        with self.lock:
            return self._answered(call, late, fetched)

    def _fetched(self, call: Call) -> Kept | None:
        """Get the file of a message that has a link to it."""
        body = read_json(call.body) if call.path.endswith("/messages") else {}
        kind = str(body.get("type", ""))
        linked = kind in wire.MEDIA and wire.dig(body, f"{kind}.link")
        return self.media.fetch(kind, body[kind]) if linked and not wire.objection(body) else None

    def _answered(self, call: Call, late: int | None, fetched: Kept | None) -> Answer:
        found = PATH.fullmatch(call.path)
        number, waba, _ = self.home
        doors: dict[tuple[str, str, str | None], Callable[[], Answer]] = {
            ("POST", number, "messages"): lambda: self._messages(call, late, fetched),
            ("POST", number, "media"): lambda: self.media.upload(call),
            ("GET", number, None): self._number,
            ("POST", waba, "subscribed_apps"): lambda: self._subscribe(wanted=True),
            ("DELETE", waba, "subscribed_apps"): lambda: self._subscribe(wanted=False),
            ("GET", waba, "subscribed_apps"): self._apps,
            ("GET", waba, "message_templates"): lambda: templates.listed(self.templates, call.query, call.path),
        }
        door = doors.get((call.method, found["node"], found["edge"])) if found else None
        if door:
            return door()
        if found and call.method == "GET" and found["node"] in self.media.kept and not found["edge"]:
            return self.media.describe(call, found["node"])
        return wire.refuse(100 if found else 2500, "Object does not exist, or the method is not supported.")

    def _messages(self, call: Call, late: int | None, fetched: Kept | None) -> Answer:
        try:
            body = call.json()
        except ValueError:
            return wire.refuse(100, "The body is not JSON.")
        if isinstance(body, dict) and body.get("status") == "read":
            return self._mark(body)
        wrong = wire.objection(body)
        if wrong:
            return wire.refuse(*wrong)
        kind = body.get("type", "text")
        content = body[kind]
        if kind == "template":
            return self._template(body, content, late)
        if kind == "reaction" and content["message_id"] not in {*self.written, *self.sent}:
            return wire.refuse(131009, "The message_id is not one of this conversation.")
        if kind not in wire.MEDIA or "link" not in content:
            if kind in wire.MEDIA and str(content["id"]) not in self.media.kept:
                return wire.refuse(131009, f"The media {content['id']} does not exist.")
            return self._take(body, late)
        if fetched is None:
            return self._take(body, late or UNFETCHED)
        return self._take({**body, kind: {**content, "id": self.media.store(fetched)}}, late)

    def _template(self, body: Mapping[str, Any], content: Mapping[str, Any], late: int | None) -> Answer:
        wrong = templates.objection(self.templates, content)
        if wrong:
            return wire.refuse(*wrong)
        said = {**content, "body": templates.rendered(self.templates, content)}
        return self._take({**body, "template": said}, late)

    def _take(self, body: Mapping[str, Any], late: int | None) -> Answer:
        to = str(body.get("to") or "")
        wamid = wire.wamid()
        # A BSUID in `to` is answered like a success, and then nothing is ever sent or reported.
        lost = bool(wire.BSUID.fullmatch(to))
        contact: dict[str, Any] = {"input": to, "wa_id": to}
        if not lost:
            person = self.people.find(to or str(body["recipient"]))
            contact = {"input": to or body["recipient"], "wa_id": person.phone, "user_id": person.bsuid}
            self.sent[wamid] = Sent(wamid, person, str(body.get("biz_opaque_callback_data") or ""))
            self.accepted(self.sent[wamid], body, late or self._fate(person, body))
        messages = [{"id": wamid, "message_status": "accepted"}]
        return answer_json({"messaging_product": "whatsapp", "contacts": [contact], "messages": messages})

    def _fate(self, person: Person, body: Mapping[str, Any]) -> int | None:
        """Say why an accepted message will not arrive, if it will not."""
        if person.blocked:
            return 131026
        closed = self.now() - person.wrote > WINDOW
        return 131047 if closed and body.get("type") != "template" else None

    def receive(self, person: Person, part: Mapping[str, Any]) -> dict[str, Any]:
        """Take what a customer writes, and give the message that the app is told of."""
        kind = part.get("type", "text")
        content = {"body": part.get("text", "")} if kind == "text" else dict(part.get("content", {}))
        if {"data", "size"} & content.keys():
            content = self.media.keep(content, kind)
        message = {
            **person.sender(),
            "id": wire.wamid(),
            "timestamp": str(int(self.now())),
            "type": kind,
            **({kind: content} if content else {}),
            **self._context(part.get("reply_to")),
            **{name: value for name, value in part.items() if name not in OURS},
        }
        person.wrote = self.now()
        self.written[message["id"]] = message
        return message

    def _context(self, message_id: str | None) -> dict[str, Any]:
        """Name the message that a customer answers, as theirs does."""
        if not message_id:
            return {}
        theirs = self.written.get(message_id, {})
        return {"context": {"from": theirs.get("from", self.home[2]), "id": message_id}}

    def _mark(self, body: Mapping[str, Any]) -> Answer:
        if body.get("message_id") not in self.written:
            return wire.refuse(131009, "The message_id is not one that was received.")
        self.marked(str(body["message_id"]))
        return answer_json({"success": True})

    def _number(self) -> Answer:
        number, _, shown = self.home
        return answer_json(
            {
                "id": number,
                "display_phone_number": shown,
                "verified_name": "Stand-in",
                "quality_rating": "GREEN",
                "code_verification_status": "VERIFIED",
                "platform_type": "CLOUD_API",
            }
        )

    def _subscribe(self, *, wanted: bool) -> Answer:
        self.subscribed = wanted
        return answer_json({"success": True})

    def _apps(self) -> Answer:
        app = {"whatsapp_business_api_data": {"id": "1", "name": "stand-in", "link": "https://example.com"}}
        return answer_json({"data": [app] if self.subscribed else []})
