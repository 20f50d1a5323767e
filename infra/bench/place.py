"""Where it is measured: the real app on the embedded AWS, one known customer, and a Slack that is never busy."""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from infra.bench.caught import Caught
from infra.bench.wire import Emitters
from infra.local.aws import embedded_aws
from infra.local.gateway import proxy_event
from infra.local.invocation import Context
from infra.local.server import Call
from infra.local.slack import SlackStandIn
from infra.local.slack import wire as slack
from infra.local.slack.events import envelope
from infra.local.slack.team import BOB, SUPPORT, TEAM_ID
from infra.local.twilio import wire as twilio

ACCOUNT, TOKEN, SIGNING, BOT = "AC" + "0" * 32, "twilio-token", "slack-signing", "xoxb-bench"
CUSTOMER = "+15551230001"
HOME = "https://line.example.com"
SETTINGS = f'[desks.support]\nslack_channel = "{SUPPORT}"\n[accounts]\n"twilio/main" = "support"\n'
SECRETS = {
    "SLACK_BOT_TOKEN": BOT,
    "SLACK_SIGNING_SECRET": SIGNING,
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "THREADLINE_PUBLIC_URL": HOME,
}


class Place:
    """The app as Lambda would call it, and the events it would be called with."""

    def __init__(self, table: str, team: SlackStandIn, caught: Caught) -> None:
        import app  # noqa: PLC0415 - it reads the environment, which has only now been set
        from chalicelib import services  # noqa: PLC0415
        from chalicelib.model import Saved  # noqa: PLC0415
        from chalicelib.store import Insert, Store  # noqa: PLC0415

        Store(table).write(Insert(Saved("settings", SETTINGS)))
        self.app, self.world = app, services.world()
        self.team, self.caught, self._slack_url = team, caught, services.slack_base(team.url)
        self._numbers = count(1)
        self.take(self.webhook())
        self.home = self._home()
        self.deliver(self.bell())
        self.home = self._home()

    @property
    def emitters(self) -> Emitters:
        """The app's own clients' events."""
        return (self.world.store.events, self.world.queues.events)

    def webhook(self) -> dict[str, Any]:
        """Make the event of a known customer's next message."""
        return written(self.app, CUSTOMER, f"Message {next(self._numbers)}")

    def reply(self) -> dict[str, Any]:
        """Make the event of a team member's next reply in the customer's thread."""
        number, now = next(self._numbers), time.time()
        ts = f"{now:.6f}"
        message = {"type": "message", "user": BOB, "text": f"Reply {number}", "ts": ts, "team": TEAM_ID}
        place = {"channel": SUPPORT, "thread_ts": self.home.thread_ts, "channel_type": "channel", "event_ts": ts}
        body = json.dumps(envelope({**message, **place}, number, now, shared=False)).encode()
        headers = {name.lower(): value for name, value in slack.Signer(SIGNING, time.time).headers(body).items()}
        return _event(self.app, "/slack/events", {}, {"content-type": "application/json", **headers}, body)

    def bell(self) -> dict[str, Any]:
        """Make the event of one bell for the customer's conversation."""
        names = {"messageId": uuid.uuid4().hex, "receiptHandle": "r"}
        return {"Records": [{**names, "body": self.home.id, "attributes": {"MessageGroupId": SUPPORT}}]}

    def take(self, event: dict[str, Any]) -> None:
        """Go through a door; anything but 2xx ends the measuring."""
        answer = self.app.app(event, Context("api_handler"))
        if answer["statusCode"] != 200:  # noqa: PLR2004
            raise RuntimeError(f"the door answered {answer}")

    def deliver(self, event: dict[str, Any]) -> None:
        """Answer a bell; a failure ends the measuring."""
        answer = self.app.deliver(event, Context("deliver"))
        if answer["batchItemFailures"]:
            raise RuntimeError("deliver broke")

    def event(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """Make the event of what Slack told one of our doors."""
        return _event(self.app, path, {}, headers, body)

    def drain(self) -> None:
        """Deliver whatever is left over."""
        from chalicelib.model import Side  # noqa: PLC0415

        while self.world.store.undone(self.home.id, Side.SLACK, 1):
            self.deliver(self.bell())

    def bare_post(self) -> Callable[[], object]:
        """Make ready what was last posted in Slack, to be posted with slack_sdk alone."""
        post = next(asked for method, asked in reversed(self.team.calls) if method == "chat.postMessage")
        return self.bare_call("chat.postMessage", post)

    def bare_call(self, method: str, asked: Mapping[str, Any]) -> Callable[[], object]:
        """Make a call ready, to be made with slack_sdk alone."""
        from slack_sdk import WebClient  # noqa: PLC0415

        client = WebClient(BOT, base_url=self._slack_url, retry_handlers=[])
        return lambda: client.api_call(method, json=dict(asked))

    def _home(self) -> Any:
        from chalicelib.model import Contact, Conversation, Known  # noqa: PLC0415

        store = self.world.store
        known = store.find(Known, f"phone:{CUSTOMER}")
        contact = store.find(Contact, known.contact) if known else None
        if contact is None:
            raise RuntimeError("the first message left nobody behind")
        return store.find(Conversation, contact.current["support"].conversation)


def written(app: Any, customer: str, text: str) -> dict[str, Any]:
    """Make the event of a customer's message by SMS."""
    message = twilio.Message(f"SM{uuid.uuid4().hex}", "inbound", customer, "+14155550100", text, time.time(), "")
    form = twilio.inbound(ACCOUNT, message)
    signature = twilio.sign(TOKEN, f"{HOME}/webhooks/twilio/main", form)
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    return _event(
        app,
        "/webhooks/{channel}/{account}",
        {"channel": "twilio", "account": "main"},
        {"content-type": kind, "x-twilio-signature": signature},
        twilio.encode(form),
    )


def _event(
    app: Any, resource: str, parameters: dict[str, str], headers: dict[str, str], body: bytes
) -> dict[str, Any]:
    path = resource.format(**parameters)
    call = Call("POST", path, {}, {"host": "line.example.com", **headers}, body)
    return proxy_event(call, resource, parameters, app.app.api.binary_types)


@contextmanager
def place() -> Iterator[Place]:
    """Build it, measure in it, take it down."""
    nowhere, caught = "http://127.0.0.1:1", Caught()  # Slack's own events are not what is measured
    with (
        embedded_aws(stage="bench") as aws,
        closing(_slack(nowhere, caught)) as team,
        Path(os.devnull).open("w") as nobody,
    ):
        os.environ.update({**aws.environment(), **SECRETS, "THREADLINE_SLACK_URL": team.url})
        import app  # noqa: F401, PLC0415 - sets up the logs

        for handler in logging.getLogger("threadline.events").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(nobody)  # written and formatted as ever, read by nobody
        yield Place(aws.table, team, caught)


def _slack(nowhere: str, caught: Caught) -> SlackStandIn:
    doors = f"{nowhere}/slack/events", f"{nowhere}/slack/interactions"
    return SlackStandIn(*doors, SIGNING, BOT, background=False, rate_limits=False, post=caught)
