"""One Twilio account: its messages, who may be written to, and the API that serves both."""

from __future__ import annotations

import base64
import re
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from infra.local.blobs import Kept
from infra.local.outside import Outside
from infra.local.server import Answer, Call, answer_json
from infra.local.twilio import contents, forms, listing, media, wire
from infra.local.twilio.media import VERSION, Media
from infra.local.twilio.wire import Message

WINDOW = 24 * 3600
HOME = re.compile(
    rf"/{VERSION}/Accounts/(?P<account>\w+)"
    r"(?P<list>/Messages(?:/(?P<sid>(?:SM|MM)\w+)(?P<files>/Media(?:/(?P<media>ME\w+))?)?)?)?(?:\.json)?"
)


@dataclass(eq=False)
class Account:
    """What Twilio knows of a customer of its own; `accepted` hears of every message taken for sending."""

    sid: str
    keys: Mapping[str, str]
    numbers: Sequence[str]
    services: Mapping[str, str]
    forbidden: Sequence[str]
    media_url: str
    now: Callable[[], float]
    outside: Outside
    lock: threading.RLock
    accepted: Callable[[Message, int | None], None]
    messages: dict[str, Message] = field(default_factory=dict)
    stopped: set[tuple[str, str]] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    wrote: dict[tuple[str, str], float] = field(default_factory=dict)
    contents: list[dict[str, Any]] = field(default_factory=contents.usual)

    def has(self, message: Message) -> bool:
        """Tell whether a message is still there: of one that was deleted nothing more is told."""
        return message.sid in self.messages

    def sender(self, medium: str) -> str:
        """Choose the address a customer would write to on this medium."""
        fitting = [number for number in self.numbers if wire.medium(number) in {medium, "sms"}]
        number = next((number for number in fitting if wire.medium(number) == medium), fitting[0])
        return number if medium in {"sms", wire.medium(number)} else f"{medium}:{number}"

    def state(self) -> dict[str, Any]:
        return {"stopped": sorted(self.stopped), "ours": self._ours()}

    def _ours(self) -> dict[str, str]:
        """Name, by medium, the number that customers write to."""
        media = ("sms", "whatsapp", "rcs")
        there = {medium for medium in media for number in self.numbers if wire.medium(number) in {medium, "sms"}}
        return {medium: wire.bare(self.sender(medium)) for medium in media if medium in there}

    def standing(self, address: str) -> dict[str, Any]:
        """Say how a customer stands with us at one of their addresses."""
        wrote = [at for (who, _), at in self.wrote.items() if who == address]
        windowed = wire.medium(address) == "whatsapp" and wrote
        return {
            "stopped": any(who == address for _, who in self.stopped),
            "blocked": address in self.blocked,
            "window_ends": max(wrote) + WINDOW if windowed else None,
        }

    def obey(self, message: Message) -> str:
        """Do what STOP and START ask of Twilio itself, and name the word; "" for a message that is none."""
        word = wire.keyword(message.body) if message.medium == "sms" else ""
        pair = (message.to, message.sender)
        if word == "STOP":
            self.stopped.add(pair)
        elif word == "START":
            self.stopped.discard(pair)
        return word

    def block(self, who: str, medium: str) -> str:
        """Let a customer bar us; returns the address that is barred."""
        if medium == "sms":
            self.stopped |= {(number, who) for number in self.numbers}
            return who
        self.blocked.add(f"{medium}:{who}")
        return f"{medium}:{who}"

    def unblock(self, who: str) -> set[str]:
        """Let a customer be written to again; returns the addresses that were barred."""
        stopped = {pair for pair in self.stopped if pair[1] == who}
        blocked = {address for address in self.blocked if wire.bare(address) == who}
        self.stopped -= stopped
        self.blocked -= blocked
        return blocked | {address for _, address in stopped}

    def close_window(self, who: str) -> set[str]:
        """Move what a customer wrote to before the window; returns the addresses they wrote from."""
        pairs = [pair for pair in self.wrote if wire.bare(pair[0]) == who]
        self.wrote |= dict.fromkeys(pairs, self.now() - WINDOW - 3600)
        return {address for address, _ in pairs}

    def answer(self, call: Call, late: int | None) -> Answer:
        if call.path.startswith("/cdn/"):
            return self._cdn(call)
        if call.path == contents.PATH and call.method == "GET":
            return (
                contents.listed(self.contents, self.sid, call.query) if self._known(call) else wire.refuse(20003)
            )
        found = HOME.fullmatch(call.path)
        if not found:
            return wire.refuse(20404)
        if found["account"] != self.sid or not self._known(call):
            return wire.refuse(20003)
        # Whoever is slow to hand out a file keeps nobody else from calling.
        create = call.method == "POST" and found["list"] and not found["sid"]
        fetched = self._fetched(call) if create else []
        with self.lock:
            return self._create(call, late, fetched) if create else self._answered(call, found)

    def _fetched(self, call: Call) -> list[Kept | None]:
        urls = call.fields().get("MediaUrl", [])
        return [] if forms.wrong_addresses(urls) else media.fetch(self.outside, urls)

    def _answered(self, call: Call, found: re.Match[str]) -> Answer:
        if found["media"]:
            return self._media(call, found["sid"], found["media"])
        if found["files"]:
            return self._files(call, found["sid"])
        if found["sid"]:
            return self._one(call.method, found["sid"])
        if not found["list"]:
            return answer_json({"sid": self.sid, "status": "active", "type": "Full", "friendly_name": "stand-in"})
        return self._list(call)

    def _known(self, call: Call) -> bool:
        pairs = [base64.b64encode(f"{user}:{secret}".encode()).decode() for user, secret in self.keys.items()]
        return call.headers.get("authorization", "") in {f"Basic {pair}" for pair in pairs}

    def _one(self, method: str, sid: str) -> Answer:
        if sid not in self.messages:
            return wire.refuse(20404)
        if method == "DELETE":
            del self.messages[sid]
            return Answer(HTTPStatus.NO_CONTENT)
        return answer_json(wire.resource(self.sid, self.messages[sid]))

    def _list(self, call: Call) -> Answer:
        query = call.query
        wanted = {name: unquote(query[name]) for name in ("To", "From") if query.get(name)}
        rows = [
            wire.resource(self.sid, message)
            for message in self.messages.values()
            if listing.within(message, query)
        ]
        rows = [row for row in rows if all(row[name.lower()] == value for name, value in wanted.items())]
        return answer_json(listing.page(call.path, query, rows[::-1]))

    def _files(self, call: Call, sid: str) -> Answer:
        if call.method != "GET" or sid not in self.messages:
            return wire.refuse(20404)
        rows = [listing.media_resource(self.sid, sid, each) for each in self.messages[sid].media]
        return answer_json(listing.page(call.path, call.query, rows, "media_list"))

    def _create(self, call: Call, late: int | None, fetched: Sequence[Kept | None]) -> Answer:
        form = {name: values[-1] for name, values in call.fields().items()}
        urls = call.fields().get("MediaUrl", [])
        service = form.get("MessagingServiceSid", "")
        to = form.get("To", "").replace(" ", "")
        sender = form.get("From") or self._from_service(service, to)
        refused = forms.objection(form, urls, sender) or self._refusal(sender, to)
        refused = refused or contents.objection(self.contents, form)
        if refused:
            return wire.refuse(refused)
        body = form.get("Body") or contents.rendered(self.contents, form)
        sid = ("MM" if urls else "SM") + uuid.uuid4().hex
        files = [Media(media.place(self.sid, sid), kept) for kept in fetched if kept]
        callback = form.get("StatusCallback", "")
        message = Message(sid, "outbound-api", sender, to, body, self.now(), "queued", files, callback, service)
        self.messages[sid] = message
        answer = {
            **wire.resource(self.sid, message),
            **({"status": "accepted", "from": None} if service else {}),
        }
        fate = self._fate(message, contents.is_approved(self.contents, form.get("ContentSid", "")))
        self.accepted(message, late or fate or media.fate(message.medium, to, fetched))
        return answer_json(answer, HTTPStatus.CREATED)

    def _from_service(self, service: str, to: str) -> str:
        number = self.services.get(service, "")
        prefix = "" if wire.medium(to) == "sms" or wire.medium(number) != "sms" else f"{wire.medium(to)}:"
        return prefix + number if number else ""

    def _refusal(self, sender: str, to: str) -> int:
        """Say why this sender may not write to this address at once, as Twilio's code."""
        medium, number = wire.medium(to), wire.bare(to)
        hidden = medium == "whatsapp" and bool(wire.BSUID.fullmatch(number))
        ours = sender in self.numbers or wire.bare(sender) in self.numbers or sender in self.services.values()
        checks = (
            (not (wire.NUMBER.fullmatch(number) or hidden), 21211),
            (not ours, 21606 if wire.medium(sender) == "sms" else 63007),
            (wire.medium(sender) != medium, 21910),
            (sender == to, 21266),
            (number.startswith(tuple(self.forbidden)), 21408),
            ((sender, to) in self.stopped, 21610),
        )
        return next((code for wrong, code in checks if wrong), 0)

    def _fate(self, message: Message, template: bool) -> int | None:  # noqa: FBT001 - read once, right above
        """Say why an accepted message will not arrive, if it will not."""
        if message.to in self.blocked:
            return 63014
        last = self.wrote.get((message.to, message.sender), float("-inf"))
        if message.medium == "whatsapp" and not template and self.now() - last > WINDOW:
            return 63016
        return None

    def _media(self, call: Call, sid: str, name: str) -> Answer:
        """Point to where the bytes are: as at Twilio, another host, which takes no credentials."""
        found = self.file(name) if sid in self.messages else None
        if found is None:
            return wire.refuse(20404)
        elsewhere = self.media_url or f"http://localhost:{call.headers['host'].rpartition(':')[2]}"
        return Answer(HTTPStatus.TEMPORARY_REDIRECT, b"", {"Location": f"{elsewhere}/cdn/{name}"})

    def file(self, name: str) -> Kept | None:
        files = [file for message in self.messages.values() for file in message.media]
        return next((file.kept for file in files if file.name == name), None)

    def _cdn(self, call: Call) -> Answer:
        found = self.file(call.path.removeprefix("/cdn/"))
        if found is None:
            return Answer(HTTPStatus.NOT_FOUND)
        if "authorization" in call.headers:
            return Answer(HTTPStatus.BAD_REQUEST, b"<Error><Code>InvalidArgument</Code></Error>")
        return found.answer({})
