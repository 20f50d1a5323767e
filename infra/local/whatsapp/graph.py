"""The part of the Graph API that a WhatsApp number has: messages, media, the number itself, subscriptions."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from infra.local.multipart import multipart
from infra.local.server import Answer, Call, answer_json
from infra.local.whatsapp import wire
from infra.local.whatsapp.people import People, Person

WINDOW = 24 * 3600
PATH = re.compile(r"/v\d{1,2}\.0/(?P<node>\w+)(?:/(?P<edge>\w+))?")


@dataclass(slots=True)
class Sent:
    """A message taken for sending."""

    wamid: str
    person: Person
    opaque: str = ""
    state: str = "accepted"


@dataclass(frozen=True, slots=True)
class File:
    """Media that was uploaded, by either side."""

    data: bytes
    kind: str


@dataclass(eq=False)
class Graph:
    """What Meta keeps for one number: (phone number id, WABA id, shown number)."""

    token: str
    home: tuple[str, str, str]
    media_url: str
    now: Callable[[], float]
    accepted: Callable[[Sent, Mapping[str, Any], int | None], None]
    marked: Callable[[str], None]
    people: People = field(default_factory=People)
    sent: dict[str, Sent] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    files: dict[str, File] = field(default_factory=dict)
    subscribed: bool = False

    def answer(self, call: Call, late: int | None) -> Answer:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return wire.refuse(190)
        if call.path.startswith("/media/"):
            return self._download(call)
        found = PATH.fullmatch(call.path)
        number, waba, _ = self.home
        doors: dict[tuple[str, str, str | None], Callable[[], Answer]] = {
            ("POST", number, "messages"): lambda: self._messages(call, late),
            ("POST", number, "media"): lambda: self._upload(call),
            ("GET", number, None): self._number,
            ("POST", waba, "subscribed_apps"): lambda: self._subscribe(wanted=True),
            ("DELETE", waba, "subscribed_apps"): lambda: self._subscribe(wanted=False),
            ("GET", waba, "subscribed_apps"): self._apps,
        }
        door = doors.get((call.method, found["node"], found["edge"])) if found else None
        if door:
            return door()
        if found and call.method == "GET" and found["node"] in self.files and not found["edge"]:
            return self._media(call, found["node"])
        return wire.refuse(100 if found else 2500, "Object does not exist, or the method is not supported.")

    def _messages(self, call: Call, late: int | None) -> Answer:
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
        if kind in wire.MEDIA and "id" in body[kind] and str(body[kind]["id"]) not in self.files:
            return wire.refuse(131009, f"The media {body[kind]['id']} does not exist.")
        return self._take(body, late)

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

    def _mark(self, body: Mapping[str, Any]) -> Answer:
        if body.get("message_id") not in self.received:
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

    def keep(self, data: str, kind: str) -> dict[str, str]:
        """Keep a customer's file, given in base64, and describe it as a message does."""
        raw = base64.b64decode(data)
        sha256 = base64.b64encode(hashlib.sha256(raw).digest()).decode()
        return {"id": self._store(raw, kind), "mime_type": kind, "sha256": sha256}

    def media(self, kind: str, content: Any, home: str) -> list[dict[str, str]]:
        """Say where a phone fetches the file of a message: kept here, or wherever it is linked."""
        if kind not in wire.MEDIA or not isinstance(content, dict):
            return []
        name = str(content.get("id", ""))
        if name in self.files:
            return [{"kind": self.files[name].kind, "url": home + name}]
        link = str(content.get("link", "")).partition("?")[0]
        return [{"kind": "", "url": link}] if link else []

    def _store(self, raw: bytes, kind: str) -> str:
        media = str(10**14 + secrets.randbelow(9 * 10**14))
        self.files[media] = File(raw, kind)
        return media

    def _upload(self, call: Call) -> Answer:
        form = multipart(call)
        kind, raw = form.get("file", ("", b""))
        kind = form["type"][1].decode() if "type" in form else kind
        largest = wire.UPLOADS.get(kind.partition(";")[0])
        if form.get("messaging_product", ("", b""))[1] != b"whatsapp":
            return wire.refuse(100, "The parameter messaging_product is required.")
        if largest is None or not raw:
            return wire.refuse(
                100, f"Param file must be a file with one of these types: {', '.join(wire.UPLOADS)}"
            )
        if len(raw) > largest:
            return wire.refuse(131053, f"The file is larger than {largest} bytes.")
        return answer_json({"id": self._store(raw, kind)})

    def _media(self, call: Call, media: str) -> Answer:
        file = self.files[media]
        base = self.media_url or f"http://{call.headers['host']}"
        return answer_json(
            {
                "messaging_product": "whatsapp",
                "url": f"{base}/media/{media}",
                "mime_type": file.kind,
                "sha256": hashlib.sha256(file.data).hexdigest(),
                "file_size": len(file.data),
                "id": media,
            }
        )

    def _download(self, call: Call) -> Answer:
        file = self.files.get(call.path.removeprefix("/media/"))
        if file is None:
            return Answer(HTTPStatus.NOT_FOUND)
        return Answer(HTTPStatus.OK, file.data, {"Content-Type": file.kind})
