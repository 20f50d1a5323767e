"""The whole of Threadline in one process: the real app between the stand-ins, with bells a test can hold.

Webhooks arrive over HTTP through the local gateway, with real signatures; Slack and the providers are called
through their real SDKs. Only the queues are ours: `run()` answers every bell that was rung, in order.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

import app
from chalicelib import services
from chalicelib.bucket import Bucket
from chalicelib.channels import CHANNELS, MEDIA
from chalicelib.model import Conversation, Item, Ref, Side
from chalicelib.queues import Bell, Shift
from chalicelib.services import World
from chalicelib.settings import Settings, read
from chalicelib.slack.threads import Threads
from chalicelib.sweep import sweep
from chalicelib.web import call
from infra.local.aws import Aws
from infra.local.gateway import Gateway
from infra.local.slack import SlackStandIn
from infra.local.slack.team import BOB, SUPPORT
from infra.local.telegram import TelegramStandIn
from infra.local.twilio import TwilioStandIn
from infra.local.whatsapp import WhatsAppStandIn
from tests.embedded import ask, embedded, empty

SETTINGS = f"""
admin_channel = "C0SALES"
[desks.support]
slack_channel = "{SUPPORT}"
names = "never"
[accounts]
"twilio/main" = "support"
"whatsapp/main" = "support"
"telegram/main" = "support"
"""

MANIFEST = yaml.safe_load((Path(__file__).parents[1] / "infra" / "slack-manifest.yaml").read_text())
"""The app as it is installed: everything here runs with the scopes and events it asks for and no others."""

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-test",
    "SLACK_SIGNING_SECRET": "slack-signing",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "twilio-token",
    "WHATSAPP_ACCESS_TOKEN": "whatsapp-token",
    "WHATSAPP_APP_SECRET": "whatsapp-secret",
    "WHATSAPP_VERIFY_TOKEN": "whatsapp-verify",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "102290129340398",
    "TELEGRAM_BOT_TOKEN": "123456:telegram-token",
    "TELEGRAM_WEBHOOK_SECRET": "telegram_secret",
}


DOORS = {Side.SLACK: app.deliver, Side.CUSTOMER: app.send, Side.MEDIA: app.carry}

ONE_AT_A_TIME = threading.Lock()


def in_turn(action: str, body: bytes) -> tuple[int, bytes]:
    """Ask the table, which was not made for several doors at once."""
    with ONE_AT_A_TIME:
        return ask(action, body)


@dataclass
class Clock:
    """The real time, and as much more as a test lets pass."""

    ahead: float = 0

    def seconds(self) -> float:
        return time.time() + self.ahead

    def ms(self) -> int:
        return int(self.seconds() * 1000)


@dataclass
class HeldBells:
    """Stands in for the queues: remembers every ring until it is answered. `deaf` loses them, `lost` some."""

    rung: deque[tuple[Side, Bell]] = field(default_factory=deque)
    deaf: bool = False
    lost: set[Side] = field(default_factory=set)
    heard: int = 0

    def ring(self, side: Side, bells: Iterable[Bell]) -> bool:
        if self.deaf or side in self.lost:
            return False
        for bell in bells:
            self.heard += 1
            self.rung.append((side, bell))
        return True


class House:
    """Everything, once per test session; `begin()` makes it new for a test."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.clock = Clock()
        self.bells = HeldBells()
        self.pauses: list[float] = []
        self.settings_text = SETTINGS
        self.store = embedded().store
        self.bucket = Bucket(aws.bucket)
        self.gateway = Gateway(app.app)
        url = self.gateway.url
        now = self.clock.seconds
        hooks = f"{url}/webhooks"
        self.slack = SlackStandIn(
            f"{url}/slack/events",
            f"{url}/slack/interactions",
            SECRETS["SLACK_SIGNING_SECRET"],
            SECRETS["SLACK_BOT_TOKEN"],
            now=now,
            rate_limits=False,
        )
        self.twilio = TwilioStandIn(
            f"{hooks}/twilio/main", SECRETS["TWILIO_ACCOUNT_SID"], SECRETS["TWILIO_AUTH_TOKEN"], now=now
        )
        self.whatsapp = WhatsAppStandIn(
            f"{hooks}/whatsapp/main",
            SECRETS["WHATSAPP_ACCESS_TOKEN"],
            SECRETS["WHATSAPP_APP_SECRET"],
            SECRETS["WHATSAPP_VERIFY_TOKEN"],
            now=now,
        )
        self.telegram = TelegramStandIn(
            f"{hooks}/telegram/main", SECRETS["TELEGRAM_BOT_TOKEN"], SECRETS["TELEGRAM_WEBHOOK_SECRET"], now=now
        )
        self.stand_ins = (self.slack, self.twilio, self.whatsapp, self.telegram)

    def begin(self) -> None:
        """Forget everything."""
        self._empty_table()
        for each in self.stand_ins:
            each.reset()
        self.slack.scopes.intersection_update(MANIFEST["oauth_config"]["scopes"]["bot"])
        self.slack.subscribed.intersection_update(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
        self.twilio.receipts(auto=True, delay=0)
        self.whatsapp.receipts(auto=True, delay=0)
        self.bells.rung.clear()
        self.bells.deaf, self.bells.heard = False, 0
        self.bells.lost.clear()
        self.clock.ahead = 0
        self.pauses.clear()
        self.settings_text = SETTINGS
        services._made["world"] = self.world = self._world()

    def _empty_table(self) -> None:
        empty()
        embedded().answer, embedded().pause = in_turn, self.pauses.append

    def close(self) -> None:
        for each in (*self.stand_ins, self.gateway):
            each.close()

    def _world(self) -> World:
        store = self.store
        queues: Any = self.bells
        shift = Shift(self.clock.ms)
        return World(
            store=store,
            queues=queues,
            bucket=self.bucket,
            slack=Threads(
                lambda: SECRETS["SLACK_BOT_TOKEN"], services.slack_base(self.slack.url), store, shift.has_time
            ),
            call=call,
            settings=self._settings,
            secret=lambda name: SECRETS.get(name, ""),
            environment={
                "THREADLINE_TWILIO_URL": self.twilio.url,
                "THREADLINE_GRAPH_URL": self.whatsapp.url,
                "THREADLINE_TELEGRAM_URL": self.telegram.url,
                "THREADLINE_PUBLIC_URL": self.gateway.url,
                "PARTIAL_FAILURES": "1",
            },
            now=self.clock.ms,
            pause=self._pause,
            shift=shift,
        )

    def _pause(self, seconds: float) -> None:
        """Let a worker wait: nobody sleeps, but the time is gone."""
        self.pauses.append(seconds)
        self.clock.ahead += seconds

    def _settings(self) -> Settings:
        return read(self.settings_text, CHANNELS, MEDIA)

    # ------------------------------------------------------------------ letting things happen

    def quiet(self) -> None:
        """Wait until nothing is under way at any stand-in."""
        for each in self.stand_ins:
            each.quiet()

    def run(self, most: int = 500) -> None:
        """Answer bells until none is left and nothing is under way."""
        self.quiet()
        for _ in range(most):
            if not self.bells.rung:
                self.quiet()
                if not self.bells.rung:
                    return
            self.answer(*self.bells.rung.popleft())
        raise AssertionError("the bells never stop")

    def run_bells(self) -> None:
        """Answer bells while Slack's events are held."""
        while self.bells.rung:
            self.answer(*self.bells.rung.popleft())

    def answer(self, side: Side, bell: Bell) -> Any:
        """Answer one bell as Lambda would."""
        return self.answer_all(side, [bell])

    def answer_all(self, side: Side, bells: Iterable[Bell]) -> Any:
        """Answer several bells in one invocation."""
        door = DOORS[side]
        records = [
            {
                "messageId": f"m{number}",
                "body": bell.about,
                "attributes": {"MessageGroupId": bell.group, "SentTimestamp": str(bell.rang)},
                "receiptHandle": "r",
            }
            for number, bell in enumerate(bells)
        ]
        return door({"Records": records}, None)

    def later(self, seconds: float) -> None:
        """Let time pass, sweep, and answer what that rings."""
        self.clock.ahead += seconds
        sweep(self.world)
        self.run()

    # ------------------------------------------------------------------ looking

    def threads(self, channel: str = SUPPORT) -> list[str]:
        """The heads of all threads in a Slack channel, oldest first."""
        return [
            message["ts"]
            for message in self.slack.messages(channel)
            if message.get("thread_ts", message["ts"]) == message["ts"] and message.get("bot_id")
        ]

    def thread(self, number: int = -1, channel: str = SUPPORT) -> list[dict[str, Any]]:
        """A thread's posts without its head."""
        return self.slack.thread(channel, self.threads(channel)[number])[1:]

    def texts(self, number: int = -1, channel: str = SUPPORT) -> list[str]:
        return [message["text"] for message in self.thread(number, channel)]

    def messages(self, number: int = -1, channel: str = SUPPORT) -> list[str]:
        """A thread message by message: a post may hold several, each on a line of its own."""
        return [text for post in self.texts(number, channel) for text in post.split("\n")]

    def say(self, text: str, number: int = -1, user: str = BOB, **more: Any) -> str:
        """A team member replies in a thread."""
        return self.slack.say(user, SUPPORT, text, self.threads()[number], **more)

    def items(self) -> list[Item]:
        """Every item of every conversation, oldest first."""
        found: list[Item] = []
        for conversation in self.conversations():
            found += self.world.store.items(conversation.id)
        return sorted(found, key=lambda item: item.id)

    def conversations(self) -> list[Conversation]:
        rows = self.world.store._row.scan(self.world.store._row.sk == "CONVERSATION")
        homes = [self.world.store.find(Conversation, row.pk.partition("#")[2]) for row in rows]
        return sorted((home for home in homes if home), key=lambda home: home.id)

    def on_phone(self, phone: Sequence[dict[str, Any]]) -> list[str]:
        """What a customer's phone shows of us."""
        return [message["text"] for message in phone if message["direction"] == "to_customer"]


class Over:
    """Something of the world, with other functions in the place of some of its own."""

    def __init__(self, real: Any, **instead: Any) -> None:
        self._real, self._instead = real, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead.get(name) or getattr(self._real, name)


def meanwhile(house: House, monkeypatch: pytest.MonkeyPatch, ref: str, happens: Callable[[], Any]) -> None:
    """Let something happen between the first look for a ref and what is made of the answer."""
    find, coming = house.store.find, [happens]

    def find_and_wait(kind: Any, *ids: str) -> Any:
        found = find(kind, *ids)
        if kind is Ref and ids[-1].endswith(ref) and coming:
            coming.pop()()
        return found

    monkeypatch.setattr(house.store, "find", find_and_wait)


def reactions(message: dict[str, Any]) -> list[str]:
    return [reaction["name"] for reaction in message.get("reactions", ())]
