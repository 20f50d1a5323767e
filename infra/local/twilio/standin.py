"""A strict stand-in for Twilio's messaging: the account's API, signed webhooks, and the customers' phones."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local.phones import Faults, Heard, Hook, Phones, Webhooks, Written, control, reach_from
from infra.local.server import Answer, Call, Server
from infra.local.twilio import wire
from infra.local.twilio.account import WINDOW, Account
from infra.local.twilio.wire import Message
from infra.local.twilio.words import AUTOMATIC

LATE_ERRORS = 30000
"""Codes from here on come by status callback, after the message was accepted."""
FINAL = frozenset({"read", "failed", "undelivered"})
VERBS = (
    "write", "phone", "read", "receipts", "receipt", "fail", "repeat", "block", "unblock",
    "close_window", "quiet", "reset", "state",
)  # fmt: skip


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

    def __post_init__(self) -> None:
        self._signed_url = self.public_webhook_url or self.webhook_url
        self._reach = self.reach or reach_from(wire.strip(self._signed_url), wire.strip(self.webhook_url))
        self._begin()
        self._server = Server(self._serve, self.port)
        self.url = self._server.url

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._hooks = Webhooks()
        self.calls: list[Call] = []
        self.alerts: list[dict[str, Any]] = []
        self._phones = Phones()
        self._faults = Faults()
        self._auto, self._delay = True, 0.05
        self._account = Account(
            self.account_sid,
            {self.account_sid: self.auth_token, **self.api_keys},
            self.numbers,
            self.services,
            self.forbidden,
            self.media_url,
            self.now,
            self._accept,
        )

    def close(self) -> None:
        self._hooks.stop()
        self._server.close()

    def reset(self) -> None:
        """Forget everything, webhooks under way included."""
        self._hooks.stop(patience=5)
        self._begin()

    def write(self, who: str, text: str = "", **about: Any) -> Written:
        """Let a customer write; `about` takes medium, to, name, media, bsuid and form fields."""
        medium = about.pop("medium", "sms")
        to = about.pop("to", "") or self._account.sender(medium)
        name, bsuid = about.pop("name", ""), about.pop("bsuid", "")
        prefix = "" if medium == "sms" else f"{medium}:"
        sender = prefix + wire.bare(who)
        message = self._receive(sender, to, text, about.pop("media", ()))
        form = wire.inbound(self.account_sid, message)
        if medium == "whatsapp":
            form |= wire.whatsapp(wire.bare(who), name, bsuid)
        with self._lock:
            self._account.wrote[sender, to] = self.now()
            form |= self._obey(message)
        form |= {field: str(value) for field, value in about.items()}
        heard = self._post(self._signed_url, self.webhook_url, form)
        self._listen(message, heard)
        return Written(heard.status, message.sid, (message.sid,))

    def _receive(self, sender: str, to: str, text: str, media: Sequence[Mapping[str, str]]) -> Message:
        sid = ("MM" if media else "SM") + uuid.uuid4().hex
        files = [wire.file(self.account_sid, sid, item) for item in media]
        service = next((name for name, number in self.services.items() if number == wire.bare(to)), "")
        at = self.now()
        message = Message(sid, "inbound", sender, to, text, at, "received", files, "", service, at)
        self._account.messages[sid] = message
        self._show(message, wire.bare(sender), "from_customer")
        return message

    def _show(self, message: Message, who: str, direction: str) -> None:
        media = [file.url for file in message.media]
        self._phones.show(who, direction, message.body, message.sid, medium=message.medium, media=media)

    def _obey(self, message: Message) -> dict[str, str]:
        """Do what STOP, START and HELP ask of Twilio itself; the word still reaches the webhook."""
        word = wire.keyword(message.body) if message.medium == "sms" else ""
        if not word:
            return {}
        pair = (message.to, message.sender)
        if word == "STOP":
            self._account.stopped.add(pair)
        elif word == "START":
            self._account.stopped.discard(pair)
        self._reply(message, AUTOMATIC[word])
        return {"OptOutType": word} if self.advanced_opt_out else {}

    def _reply(self, message: Message, text: str) -> None:
        sid, at = "SM" + uuid.uuid4().hex, self.now()
        reply = Message(sid, "outbound-reply", message.to, message.sender, text, at, "sent", sent=at)
        self._account.messages[sid] = reply
        self._show(reply, wire.bare(message.sender), "to_customer")

    def _listen(self, message: Message, heard: Heard) -> None:
        """Do what the answer to a webhook says, or note in the debugger that it says nothing."""
        texts = wire.replies(heard.kind, heard.body)
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
        messages = self._account.messages
        unread = [sid for sid in self._phones.unread(wire.bare(who)) if messages[sid].medium != "sms"]
        for sid in unread:
            self.receipt(sid, "read")
        return unread

    def block(self, who: str, medium: str = "sms") -> None:
        """Block us: on the STOP list for SMS, in the app for the others."""
        if medium == "sms":
            self._account.stopped |= {(number, wire.bare(who)) for number in self.numbers}
        else:
            self._account.blocked.add(f"{medium}:{wire.bare(who)}")

    def unblock(self, who: str) -> None:
        account, number = self._account, wire.bare(who)
        account.stopped = {pair for pair in account.stopped if pair[1] != number}
        account.blocked = {address for address in account.blocked if wire.bare(address) != number}

    def close_window(self, who: str) -> None:
        """Pretend that this customer last wrote 25 hours ago."""
        for pair in self._account.wrote:
            if wire.bare(pair[0]) == wire.bare(who):
                self._account.wrote[pair] = self.now() - WINDOW - 3600

    def receipts(self, *, auto: bool = True, delay: float = 0.05) -> None:
        self._auto, self._delay = auto, delay

    def receipt(self, message_id: str, state: str, error: int | None = None) -> int:
        """Send one status callback now; returns the webhook's status, 0 if no callback was asked for."""
        message = self._account.messages[message_id]
        message.status, message.error, message.sent = state, error, message.sent or self.now()
        self._phones.update(message_id, state=state, **({"error": error} if error else {}))
        if not message.callback:
            return 0
        form = wire.callback(self.account_sid, message, state, error)
        return self._post(message.callback, self._reach(wire.strip(message.callback)), form).status

    def fail(self, how: Mapping[str, Any], times: int = 1, on: str = "") -> None:
        """Spoil the next calls; `on` is a part of "METHOD /path" that a call must contain."""
        late = int(how.get("error", 0)) >= LATE_ERRORS
        self._faults.plan({**how, "late": True} if late else how, times, on)

    def repeat(self, n: int) -> None:
        self._hooks.extra = n

    def quiet(self, timeout: float = 10) -> None:
        self._hooks.quiet(timeout)

    def state(self) -> dict[str, Any]:
        return {
            "phones": self._phones.everyone(),
            "calls": [f"{call.method} {call.path}" for call in self.calls],
            "alerts": self.alerts,
            "stopped": sorted(self._account.stopped),
            "pending": self._hooks.pending,
        }

    def _serve(self, call: Call) -> Answer:
        if call.path.startswith("/control/"):
            return control({verb: getattr(self, verb) for verb in VERBS}, call)
        self.calls.append(call)
        return self._faults.around(call, lambda late: self._answer(call, late), _spoil)

    def _answer(self, call: Call, late: int | None) -> Answer:
        with self._lock:
            return self._account.answer(call, late)

    def _accept(self, message: Message, fate: int | None) -> None:
        if fate is None:
            self._show(message, wire.bare(message.to), "to_customer")
        if fate is not None or self._auto:
            self._hooks.later(lambda: self._travel(message, fate, self._delay))

    def _travel(self, message: Message, fate: int | None, delay: float) -> None:
        steps: list[tuple[str, int | None]] = [("sent", None), ("delivered", None)]
        for state, error in steps if fate is None else [("failed", fate)]:
            gone = message.sid not in self._account.messages
            if not self._hooks.pause(delay) or gone or message.status in FINAL:
                return
            self.receipt(message.sid, state, error)

    def _post(self, signed: str, called: str, form: Mapping[str, str]) -> Heard:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": wire.sign(self.auth_token, wire.strip(signed), form),
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "User-Agent": "TwilioProxy/1.1",
            "X-Home-Region": "us1",
        }
        tries, reasons = wire.overrides(called)

        def again(heard: Heard) -> bool:
            if heard.status > 0:
                return not heard.taken and bool({"all", f"{heard.status // 100}xx"} & reasons)
            return bool({"all", "rt" if heard.status else "ct"} & reasons)

        return self._hooks.deliver(Hook(called, wire.encode(form), headers), [0.0] * tries, again)


def _spoil(how: Mapping[str, Any]) -> Answer:
    codes = {429: 20429, 503: 20503, 401: 20003, 404: 20404}
    status = int(how.get("status", 0))
    return wire.refuse(int(how.get("error", codes.get(status, 20500))), status, how.get("retry_after"))
