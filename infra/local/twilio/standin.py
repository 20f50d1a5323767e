"""A strict stand-in for Twilio's messaging: the account's API, signed webhooks, and the customers' phones."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local.faults import checked
from infra.local.outside import About, Heard, Outside
from infra.local.phones import Written
from infra.local.server import Answer, Call
from infra.local.twilio import calls, courier, media, wire
from infra.local.twilio.account import Account
from infra.local.twilio.wire import Message
from infra.local.twilio.words import AUTOMATIC
from infra.local.watched import COMMON, MEDIA, Watched, control
from infra.local.webhooks import reach_from

LATE_ERRORS = 30000
"""Codes from here on come by status callback, after the message was accepted."""
LARGEST = 64 * 1024 * 1024
FINAL = frozenset({"read", "failed", "undelivered"})
VERBS = (*COMMON, "receipts", "receipt", "block", "unblock", "close_window")


@dataclass(eq=False)
class TwilioStandIn:
    """Twilio for one account; `public_webhook_url` is what is signed, `webhook_url` what is called."""

    webhook_url: str
    account_sid: str
    auth_token: str
    numbers: Sequence[str] = ("+14155550100",)
    port: int = 0
    now: Callable[[], float] = time.time
    public_webhook_url: str = ""
    reach: Callable[[str], str] | None = None
    services: Mapping[str, str] = field(default_factory=dict)
    api_keys: Mapping[str, str] = field(default_factory=dict)
    forbidden: Sequence[str] = ()
    advanced_opt_out: bool = False
    media_url: str = ""
    outside: Outside = field(default_factory=Outside)

    def __post_init__(self) -> None:
        self._signed_url = self.public_webhook_url or self.webhook_url
        self._reach = self.reach or reach_from(wire.strip(self._signed_url), wire.strip(self.webhook_url))
        self._lock = threading.RLock()
        self._watched = Watched(self.now, self.outside)
        self._begin()
        self._server = self.outside.listen(self._serve, self.port, LARGEST)
        self.url = self._server.url

    def _begin(self) -> None:
        self._hooks, self._phones = self._watched.hooks, self._watched.phones
        self.alerts: list[dict[str, Any]] = []
        self._auto, self._delay = True, 0.05
        keys = {self.account_sid: self.auth_token, **self.api_keys}
        ours = (self.numbers, self.services, self.forbidden, self.media_url)
        self._account = Account(self.account_sid, keys, *ours, self.now, self.outside, self._lock, self._accept)

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
        """Let a customer write; `about` takes medium, to, name, media, bsuid, reply_to and form fields."""
        medium = about.pop("medium", "sms")
        to = about.pop("to", "") or self._account.sender(medium)
        name, bsuid = about.pop("name", ""), about.pop("bsuid", "")
        reply_to = about.pop("reply_to", "")
        prefix = "" if medium == "sms" else f"{medium}:"
        sender = prefix + wire.bare(who)
        with self._lock:
            message = self._receive(sender, to, text, about.pop("media", ()), reply_to)
            form = wire.inbound(self.account_sid, message)
            if medium == "whatsapp":
                form |= self._introduce(wire.bare(who), name, bsuid)
            self._account.wrote[sender, to] = self.now()
            form |= self._obey(message) | wire.answered(self._account.messages, reply_to)
            self._stand(sender)
        form |= wire.answered(self._account.messages, reply_to) | {
            field: str(value) for field, value in about.items()
        }
        heard = self._post(
            (self._signed_url, self.webhook_url), form, About("message", wire.bare(sender), (message.sid,))
        )
        self._listen(message, heard)
        return Written(heard.status, message.sid, (message.sid,))

    def _receive(
        self, sender: str, to: str, text: str, given: Sequence[Mapping[str, Any]], reply_to: str
    ) -> Message:
        sid = ("MM" if given else "SM") + uuid.uuid4().hex
        files = [media.file(self.account_sid, sid, item) for item in given]
        service = next((name for name, number in self.services.items() if number == wire.bare(to)), "")
        at = self.now()
        message = Message(sid, "inbound", sender, to, text, at, "received", files, "", service, at)
        self._account.messages[sid] = message
        self._show(message, wire.bare(sender), "from_customer", reply_to)
        return message

    def _introduce(self, who: str, name: str, bsuid: str) -> dict[str, str]:
        """Send the profile along, which stays as it is until another name is given."""
        profile = wire.whatsapp(who, name or self._phones.name(who), bsuid)
        self._phones.meet(who, profile["ProfileName"])
        return profile

    def _show(self, message: Message, who: str, direction: str, reply_to: str = "") -> None:
        about: dict[str, Any] = {"medium": message.medium, "media": media.shown(message.media, MEDIA)}
        about |= {"reply_to": reply_to} if reply_to else {}
        text = media.words(message.medium, message.body, [file.kept for file in message.media])
        self._phones.show(who, direction, text, message.sid, **about)

    def _stand(self, *addresses: str) -> None:
        for address in addresses:
            self._phones.stand(wire.bare(address), wire.medium(address), **self._account.standing(address))

    def _obey(self, message: Message) -> dict[str, str]:
        """Answer STOP, START and HELP as Twilio itself does; the word still reaches the webhook."""
        word = self._account.obey(message)
        if word:
            self._reply(message, AUTOMATIC[word])
        return {"OptOutType": word} if word and self.advanced_opt_out else {}

    def _reply(self, message: Message, text: str) -> None:
        sid, at = "SM" + uuid.uuid4().hex, self.now()
        reply = Message(sid, "outbound-reply", message.to, message.sender, text, at, "sent", sent=at)
        self._account.messages[sid] = reply
        self._show(reply, wire.bare(message.sender), "to_customer")

    def _listen(self, message: Message, heard: Heard) -> None:
        """Do what the answer to a webhook says, or note in the debugger that it says nothing."""
        texts = courier.replies(heard.kind, heard.body)
        if heard.taken and texts is not None:
            for text in texts:
                self._reply(message, text)
            return
        code = 12300 if heard.taken else 11200
        self.alerts.append({"code": code, "sid": message.sid, "status": heard.status, "type": heard.kind})

    def phone(self, who: str) -> list[dict[str, Any]]:
        return self._phones.of(wire.bare(who))

    def read(self, who: str) -> list[str]:
        """Let the customer open the chat; of SMS nobody is told."""
        kept = self._account.messages  # not what the app deleted
        unread = self._phones.unread(wire.bare(who))
        unread = [sid for sid in unread if sid in kept and kept[sid].medium != "sms"]
        for sid in unread:
            self.receipt(sid, "read")
        return unread

    def block(self, who: str, medium: str = "sms") -> None:
        """Block us: on the STOP list for SMS, in the app for the others."""
        with self._lock:
            self._stand(self._account.block(wire.bare(who), medium))

    def unblock(self, who: str) -> None:
        with self._lock:
            self._stand(*self._account.unblock(wire.bare(who)))

    def close_window(self, who: str) -> None:
        """Pretend that this customer last wrote 25 hours ago."""
        with self._lock:
            self._stand(*self._account.close_window(wire.bare(who)))

    def receipts(self, *, auto: bool = True, delay: float = 0.05) -> None:
        self._auto, self._delay = auto, delay

    def receipt(self, message_id: str, state: str, error: int | None = None) -> int:
        """Send one status callback now; returns the webhook's status, 0 if no callback was asked for."""
        return self._report(self._account.messages[message_id], state, error)

    def _report(self, message: Message, state: str, error: int | None = None) -> int:
        message.status, message.error, message.updated = state, error, self.now()
        message.sent = message.sent or message.updated
        self._phones.update(message.sid, state=state, **({"error": error} if error else {}))
        if not message.callback:
            return 0
        form = wire.callback(self.account_sid, message, state, error)
        called = self._reach(wire.strip(message.callback))
        return self._post(
            (message.callback, called), form, About("status", wire.bare(message.to), (message.sid,))
        ).status

    def fail(self, how: Mapping[str, Any], times: int = 1, on: str = "") -> None:
        """Spoil the next calls; `on` is a part of "METHOD /path" that a call must contain."""
        how = checked(how)
        late = {"late": True} if how.get("error", 0) >= LATE_ERRORS else {}
        self._watched.faults.plan({**how, **late}, times, on)

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
            return {**self._watched.state(), **self._account.state(), "alerts": list(self.alerts)}

    @property
    def calls(self) -> list[Call]:
        """The last calls of the API, as they came."""
        return list(self._watched.faults.calls)

    def _serve(self, call: Call) -> Answer:
        if call.path.startswith("/control/"):
            return control({verb: getattr(self, verb) for verb in VERBS}, self._account.file, call)
        return self._watched.faults.around(
            call, lambda late: self._account.answer(call, late), calls.spoil, calls.about
        )

    def _accept(self, message: Message, fate: int | None) -> None:
        self._stand(message.to)
        if fate is None:
            self._show(message, wire.bare(message.to), "to_customer")
        if fate is not None or self._auto:
            self._hooks.later(lambda: self._travel(message, fate, self._delay))

    def _travel(self, message: Message, fate: int | None, delay: float) -> None:
        steps: list[tuple[str, int | None]] = [("sent", None), ("delivered", None)]
        for state, error in steps if fate is None else [("failed", fate)]:
            if not self._hooks.pause(delay) or message.status in FINAL or not self._account.has(message):
                return
            self._report(message, state, error)

    def _post(self, addresses: tuple[str, str], form: Mapping[str, str], about: About) -> Heard:
        return courier.post(self._hooks, self.auth_token, addresses, form, about)
