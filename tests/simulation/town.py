"""All of it in one place: the clock, the wires, the stand-ins, the table, the queues, and the real application."""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random

from chalicelib import services
from chalicelib.channels import CHANNELS, MEDIA
from chalicelib.queues import Shift
from chalicelib.services import World
from chalicelib.settings import read
from chalicelib.slack.threads import Threads
from infra.local.flow import LOGGER
from infra.local.slack import SlackStandIn
from infra.local.slack.team import ADMIN, SALES, SUPPORT
from infra.local.telegram import TelegramStandIn
from infra.local.twilio import TwilioStandIn
from infra.local.whatsapp import WhatsAppStandIn
from tests.house import MANIFEST, SECRETS
from tests.simulation.bucket import S3
from tests.simulation.chance import seeded
from tests.simulation.clock import Clock
from tests.simulation.diary import Diary, Lines
from tests.simulation.network import Network, Wire
from tests.simulation.queues import Sqs
from tests.simulation.slack import courier_on, moody, post_with, readable
from tests.simulation.store import Table
from tests.simulation.weather import Weather
from tests.simulation.workers import Workers

HOME = "http://threadline"
SETTINGS = f"""
admin_channel = "{ADMIN}"
[desks.support]
slack_channel = "{SUPPORT}"
names = "never"
[desks.sales]
slack_channel = "{SALES}"
names = "never"
[accounts]
"twilio/main" = "support"
"whatsapp/main" = "support"
"telegram/main" = "support"
[[rules]]
desk = "sales"
words = ["price"]
"""
"""Two desks: whoever asks for a price first comes to the other one."""
SWEEP_EVERY = 60.0
CARD = "Conversation with "
"""How the text of a thread's head begins; a notice for administrators heads nothing."""
ASKS_EVERY = 10
"""Ticks after which providers and Slack are asked for what was missed."""


class Town:
    """One simulation's whole world; `weather` decides how calls end."""

    def __init__(self, seed: int, weather: Weather | None = None) -> None:
        self.seed = seed
        self.chance = Random(f"town {seed}")  # noqa: S311 - it has to be told beforehand
        self.clock = Clock()
        self.weather = weather or Weather(Random(f"weather {seed}"))  # noqa: S311
        self.clock.ticking = self.weather.tick
        self.diary = Diary(self.clock.seconds, self._who)
        self.network = Network(self.clock, self.diary, self.weather)
        self.table = Table(self.clock, self.diary, self.weather)
        self.workers = Workers(self.clock, self.diary, self.network, self._world)
        self.sqs = Sqs(self.clock, self.diary, self.weather, self.workers.bells)
        self.s3 = S3(self.clock, self.weather)
        self.network.kept = self.s3.kept
        self.settings_text = SETTINGS
        self.ticks = 0
        self._stand_ins()
        self.store = self.table.open()
        self.world = self._world()

    def _who(self) -> str:
        task = self.clock.me()
        return task.name if task else "fate"

    def _stand_ins(self) -> None:
        now, hooks = self.clock.seconds, f"{HOME}/webhooks"
        self.slack = SlackStandIn(
            f"{HOME}/slack/events",
            f"{HOME}/slack/interactions",
            SECRETS["SLACK_SIGNING_SECRET"],
            SECRETS["SLACK_BOT_TOKEN"],
            now=now,
            background=False,
            outside=Wire("slack", self.network),
            post=post_with(self.network),
            carry=courier_on(self.network),
        )
        slack = moody(self.network.hosts["slack"], self.network, self.slack.files)
        self.network.hosts["slack"] = readable(slack, self.network)
        self.slack.scopes.intersection_update(MANIFEST["oauth_config"]["scopes"]["bot"])
        self.slack.subscribed.intersection_update(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
        self.twilio = TwilioStandIn(
            f"{hooks}/twilio/main",
            SECRETS["TWILIO_ACCOUNT_SID"],
            SECRETS["TWILIO_AUTH_TOKEN"],
            now=now,
            media_url="http://twilio:81",
            outside=Wire("twilio", self.network),
        )
        self.whatsapp = WhatsAppStandIn(
            f"{hooks}/whatsapp/main",
            SECRETS["WHATSAPP_ACCESS_TOKEN"],
            SECRETS["WHATSAPP_APP_SECRET"],
            SECRETS["WHATSAPP_VERIFY_TOKEN"],
            now=now,
            pace=1.0,
            outside=Wire("whatsapp", self.network),
        )
        self.telegram = TelegramStandIn(
            f"{hooks}/telegram/main",
            SECRETS["TELEGRAM_BOT_TOKEN"],
            SECRETS["TELEGRAM_WEBHOOK_SECRET"],
            now=now,
            pace=1.0,
            outside=Wire("telegram", self.network),
        )

    def _world(self) -> World:
        token, shift = SECRETS["SLACK_BOT_TOKEN"], Shift(self.clock.ms)
        return World(
            store=self.store,
            queues=self.sqs.open(),
            bucket=self.s3.open(),
            slack=Threads(
                lambda: token, services.slack_base(self.slack.url), self.store, shift.has_time, self.network.http
            ),
            call=self.network.http,
            settings=lambda: read(self.settings_text, CHANNELS, MEDIA),
            secret=lambda name: SECRETS.get(name, ""),
            environment={
                "THREADLINE_TWILIO_URL": self.twilio.url,
                "THREADLINE_GRAPH_URL": self.whatsapp.url,
                "THREADLINE_TELEGRAM_URL": self.telegram.url,
                "THREADLINE_PUBLIC_URL": HOME,
                "PARTIAL_FAILURES": "1",
            },
            now=self.clock.ms,
            pause=self.clock.sleep,
            shift=shift,
        )

    def sweep_every_minute(self) -> None:
        """Let the application's own clock tick."""

        def tick() -> None:
            # Where nothing is due and nobody is to be asked, a sweep finds nothing; a night of them would be most
            # of a seed's time.
            self.ticks += 1
            needed = self.table.next_due() <= self.clock.now or self.ticks % ASKS_EVERY == 1
            if needed and not self.weather.happens("sweep"):
                self.workers.sweep()
            self.clock.at(self.clock.now + SWEEP_EVERY, tick)

        self.clock.at(self.clock.now, tick)

    def threads(self, channel: str = SUPPORT) -> list[str]:
        """The heads of all threads in a Slack channel, oldest first."""
        return [
            each["ts"]
            for each in self.slack.messages(channel)
            if each.get("bot_id") and each["text"].startswith(CARD)
        ]


@contextmanager
def town(seed: int, weather: Weather | None = None) -> Iterator[Town]:
    """Build a town for one simulation, and put everything back afterwards."""
    opener, made = urllib.request._opener, dict(services._made)  # type: ignore[attr-defined]
    with ExitStack() as after:
        # Whatever is under way ends before the seed's chance is taken away.
        clocks: list[Clock] = []
        after.enter_context(seeded(seed, lambda: clocks[0].me() if clocks else None))
        here = Town(seed, weather)
        clocks.append(here.clock)
        after.callback(here.clock.close)
        after.callback(urllib.request.install_opener, opener)
        after.callback(services._made.update, made)
        after.callback(services._made.clear)
        urllib.request.install_opener(here.network.opener())
        lines, logger = Lines(here.diary), logging.getLogger(LOGGER)
        level, others = logger.level, logger.handlers[:]
        logger.handlers[:] = [lines]
        logger.setLevel(logging.INFO)
        after.callback(logger.setLevel, level)
        after.callback(logger.handlers.__setitem__, slice(None), others)
        yield here
