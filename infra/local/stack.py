"""Everything `make run` starts: embedded AWS, the real app behind a gateway, the pump, stand-ins, and the page."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from infra.environment import ROOT, RUNNING
from infra.local.aws import Aws
from infra.local.flow import Lines
from infra.local.gateway import Gateway
from infra.local.journal import Journal
from infra.local.page import Page
from infra.local.pump import Pump
from infra.local.slack import SlackStandIn
from infra.local.telegram import TelegramStandIn
from infra.local.twilio import TwilioStandIn
from infra.local.whatsapp import WhatsAppStandIn

MADE_UP = {
    "SLACK_BOT_TOKEN": "xoxb-local-threadline",
    "SLACK_SIGNING_SECRET": "local-slack-signing-secret",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 31 + "1",
    "TWILIO_AUTH_TOKEN": "local-twilio-auth-token",
    "TWILIO_NUMBER": "+14155550100",
    "WHATSAPP_ACCESS_TOKEN": "local-whatsapp-access-token",
    "WHATSAPP_APP_SECRET": "local-whatsapp-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "local-whatsapp-verify-token",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "102290129340398",
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "TELEGRAM_BOT_TOKEN": "1000001:local-telegram-bot-token",
    "TELEGRAM_WEBHOOK_SECRET": "local_telegram_webhook_secret",
}
"""Secrets the stand-ins share with the app; those of a real provider come from the environment or .env."""

URLS = {
    "slack": "THREADLINE_SLACK_URL",
    "twilio": "THREADLINE_TWILIO_URL",
    "whatsapp": "THREADLINE_GRAPH_URL",
    "telegram": "THREADLINE_TELEGRAM_URL",
}

TELEGRAM_UPDATES = ("message", "edited_message", "message_reaction", "callback_query", "my_chat_member")
"""What docs/connecting.md tells a real bot to ask for."""


class StandIn(Protocol):
    """What the stack needs of any stand-in."""

    @property
    def url(self) -> str: ...

    def state(self) -> dict[str, Any]: ...

    def close(self) -> None: ...


class Stack:
    """One running Threadline. Ports follow each other from `port`; raises PortBusy, OperatorError."""

    def __init__(self, port: int, environment: Mapping[str, str]) -> None:
        self._open: list[Any] = []
        self.port = port
        try:
            self._start(dict(environment))
        except BaseException:
            self.close()
            raise

    def _start(self, given: dict[str, str]) -> None:
        stand_ins = [name for name, variable in URLS.items() if not given.get(variable)]
        for name, secret in MADE_UP.items():
            if name.partition("_")[0].lower() in stand_ins and not given.get(name):
                given[name] = secret
        aws = self._keep(Aws(self.port + 5))
        url = f"http://127.0.0.1:{self.port}"
        given.setdefault("THREADLINE_PUBLIC_URL", url)
        given.setdefault("THREADLINE_LOG_LEVEL", "WARNING")
        os.environ.update({**given, **aws.environment()})
        os.environ.pop("AWS_PROFILE", None)
        self.stand_ins: dict[str, StandIn] = {
            name: self._keep(_MAKERS[name](url, self.port + 1 + number, os.environ))
            for number, name in enumerate(URLS)
            if name in stand_ins
        }
        for name, stand_in in self.stand_ins.items():
            os.environ[URLS[name]] = stand_in.url
        self.settings = put_settings(os.environ)
        import app  # noqa: PLC0415 - it names its queues by the environment that has just been set

        flow = self._keep(Journal())
        self._keep(Lines(flow.add))
        self.gateway = self._keep(Gateway(app.app, self.port, flow.add))
        pump = self._keep(Pump(app.app, aws.client("sqs"), watch=flow.add))
        pump.start()
        urls = {name: stand_in.url for name, stand_in in self.stand_ins.items()}
        self.page = self._keep(Page(self.port + 6, urls, flow, self._about()))
        self.aws = aws

    def _about(self) -> dict[str, Any]:
        """Say what a page cannot find out by itself: which services are real, where the app and its desks are."""
        from chalicelib.services import world  # noqa: PLC0415 - reads the environment that has just been set

        return {
            "desks": [desk.slack_channel for desk in world().settings().desks.values()],
            "app": self.gateway.url,
            "public": _public(os.environ),
            "services": {name: "stand-in" if name in self.stand_ins else "real" for name in URLS},
        }

    def _keep(self, part: Any) -> Any:
        self._open.append(part)
        return part

    def close(self) -> None:
        """End everything, the last started first."""
        while self._open:
            self._open.pop().close()

    def say_where(self) -> None:
        """Leave a note for the other commands."""
        RUNNING.parent.mkdir(exist_ok=True)
        urls = {name: stand_in.url for name, stand_in in self.stand_ins.items()}
        note = {
            "pid": os.getpid(),
            "app": self.gateway.url,
            "page": self.page.url,
            "aws": self.aws.environment(),
            "stand_ins": urls,
        }
        RUNNING.write_text(json.dumps(note, indent=1))


def put_settings(environment: Mapping[str, str]) -> Path:
    """Put the settings file into the table; raises OperatorError. Returns the file that was used."""
    from infra.settings import choose, put  # noqa: PLC0415 - imports the application

    path = choose(ROOT, environment)
    put(path, environment)
    return path


def _slack(url: str, port: int, secrets: Mapping[str, str]) -> SlackStandIn:
    return SlackStandIn(
        f"{url}/slack/events",
        f"{url}/slack/interactions",
        secrets["SLACK_SIGNING_SECRET"],
        secrets["SLACK_BOT_TOKEN"],
        port,
    )


def _twilio(url: str, port: int, secrets: Mapping[str, str]) -> TwilioStandIn:
    return TwilioStandIn(
        f"{url}/webhooks/twilio/main",
        secrets["TWILIO_ACCOUNT_SID"],
        secrets["TWILIO_AUTH_TOKEN"],
        port=port,
        public_webhook_url=f"{_public(secrets)}/webhooks/twilio/main",
    )


def _whatsapp(url: str, port: int, secrets: Mapping[str, str]) -> WhatsAppStandIn:
    return WhatsAppStandIn(
        f"{url}/webhooks/whatsapp/main",
        secrets["WHATSAPP_ACCESS_TOKEN"],
        secrets["WHATSAPP_APP_SECRET"],
        secrets["WHATSAPP_VERIFY_TOKEN"],
        port=port,
    )


def _telegram(url: str, port: int, secrets: Mapping[str, str]) -> TelegramStandIn:
    return TelegramStandIn(
        f"{url}/webhooks/telegram/main",
        secrets["TELEGRAM_BOT_TOKEN"],
        secrets["TELEGRAM_WEBHOOK_SECRET"],
        port=port,
        allowed_updates=TELEGRAM_UPDATES,
        faces=True,
    )


def _public(environment: Mapping[str, str]) -> str:
    return environment["THREADLINE_PUBLIC_URL"].rstrip("/")


_MAKERS: Mapping[str, Callable[[str, int, Mapping[str, str]], StandIn]] = {
    "slack": _slack,
    "twilio": _twilio,
    "whatsapp": _whatsapp,
    "telegram": _telegram,
}


def complain(words: str) -> int:
    """Say what is wrong in the terminal and return the exit status for it."""
    print(words, file=sys.stderr)
    return 1
