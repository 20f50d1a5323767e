"""What the flows need from the world, made once and only when used; the only reader of the environment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib import logs
from chalicelib.bucket import Bucket
from chalicelib.channels import CHANNELS, MEDIA, Channel
from chalicelib.errors import NotHere, OperatorError, SecretMissing
from chalicelib.model import Account, Capabilities, Route, Saved, Side
from chalicelib.queues import Queues, Rounds, Shift
from chalicelib.settings import Settings, read
from chalicelib.slack.pace import Pace
from chalicelib.slack.threads import Threads
from chalicelib.store import Store
from chalicelib.web import Http, NoTime, Reply, call

SETTINGS_SECONDS = 60
SECRETS_SECONDS = 300
MAIN = "main"
STAGE = os.environ.get("STAGE", "dev")
LOG_LEVEL = os.environ.get("THREADLINE_LOG_LEVEL", "INFO").upper()


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside of the flows, as plain values and functions a test can replace."""

    store: Store
    queues: Queues
    bucket: Bucket
    slack: Threads
    call: Http
    settings: Callable[[], Settings]
    secret: Callable[[str], str]
    environment: Mapping[str, str]
    now: Callable[[], int]
    pause: Callable[[float], None]
    shift: Shift
    pace: Pace = field(default_factory=Pace)
    rounds: Rounds = field(default_factory=Rounds)

    def http(self, method: str, url: str, **how: Any) -> Reply:
        """Call a provider once, if there is time for it; raises CallFailed. Slack's `Threads` do the same."""
        if not self.shift.has_time(int(how.get("seconds", 0) * 1000)):
            raise NoTime
        return self.call(method, url, **how)

    def is_time(self, until: int) -> bool:
        """Tell whether a turn that lasts until then, and the worker that takes it, may begin another call."""
        return self.now() <= until and self.shift.has_time()

    def line(self, channel: str, account: str) -> tuple[Channel, Account]:
        """Find a channel and one of our accounts on it; raises NotHere, SecretMissing."""
        module = CHANNELS.get(channel)
        if module is None or f"{channel}/{account}" not in self.settings().accounts:
            raise NotHere("there is no such line here")
        suffix = "" if account == MAIN else f"_{account.upper()}"
        secrets = {name: self.secret(name + suffix) for name in (*module.SECRETS, *module.OPTIONAL)}
        missing = [name + suffix for name in module.SECRETS if not secrets[name]]
        if missing:
            raise SecretMissing(f"{channel}/{account} needs {' and '.join(missing)}; see .env.example.")
        variable, base = module.API_URL
        return module, Account(
            channel,
            account,
            secrets,
            (self.environment.get(variable) or base).rstrip("/"),
            f"{self.public_url}/webhooks/{channel}/{account}",
        )

    @property
    def public_url(self) -> str:
        """Where we are reached from outside."""
        return self.environment.get("THREADLINE_PUBLIC_URL", "").rstrip("/")

    def picture_at(self, token: str) -> str:
        """Tell the address of a customer's picture; none where there is no picture, or nobody could fetch it."""
        return f"{self.public_url}/files/{token}" if token and self.public_url else ""

    def capabilities(self, route: Route) -> Capabilities:
        """Tell what the medium of a route can do."""
        return CHANNELS[route.channel].CAPABILITIES[route.medium]

    @property
    def partial_failures(self) -> bool:
        """Whether Lambda hears which messages of a batch failed; without it, naming them would lose them."""
        return bool(self.environment.get("PARTIAL_FAILURES"))

    def slack_secrets(self) -> tuple[str, ...]:
        """Every signing secret that is good at the moment; raises SecretMissing."""
        values = (value.strip() for value in self.secret("SLACK_SIGNING_SECRET").split(","))
        secrets = tuple(value for value in values if value)
        if not secrets:
            raise SecretMissing("Slack's requests cannot be checked: SLACK_SIGNING_SECRET is not set.")
        return secrets


_made: dict[str, World] = {}


def world() -> World:
    """Return the one world of this process."""
    if "world" not in _made:
        _made["world"] = make(os.environ)
    return _made["world"]


def make(environment: Mapping[str, str]) -> World:
    """Put a world together from an environment; nothing is connected before it is used."""
    store = Store(_needed(environment, "TABLE"))
    secret = _secrets(environment)
    shift = Shift(_now)
    return World(
        store=store,
        queues=Queues(
            {
                Side.SLACK: _needed(environment, "INBOUND_QUEUE_URL"),
                Side.CUSTOMER: _needed(environment, "OUTBOUND_QUEUE_URL"),
                Side.MEDIA: _needed(environment, "MEDIA_QUEUE_URL"),
            }
        ),
        bucket=Bucket(_needed(environment, "BUCKET")),
        slack=Threads(
            lambda: secret("SLACK_BOT_TOKEN"),
            slack_base(environment.get("THREADLINE_SLACK_URL", "")),
            store,
            shift.has_time,
        ),
        call=call,
        settings=_settings(store),
        secret=secret,
        environment=environment,
        now=_now,
        pause=time.sleep,
        shift=shift,
    )


def _now() -> int:
    return time.time_ns() // 1_000_000


def slack_base(url: str) -> str:
    """Make the base of Slack's Web API from a setting: with or without /api, with or without a slash."""
    url = url.rstrip("/")
    if not url:
        return "https://slack.com/api/"
    return f"{url}/" if url.endswith("/api") else f"{url}/api/"


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise OperatorError(f"{name} is not set: start with `make run`, or deploy with the template in infra/.")
    return value


def _settings(store: Store) -> Callable[[], Settings]:
    """Read the settings from the table, and again when they are a minute old."""
    held: tuple[float, Settings] | None = None

    def settings() -> Settings:
        nonlocal held
        if held is None or time.monotonic() - held[0] > SETTINGS_SECONDS:
            saved = store.find(Saved, "settings")
            if saved is None:
                raise OperatorError("There are no settings in the table yet; run `make settings`.")
            held = (time.monotonic(), read(saved.value, CHANNELS, MEDIA))
        return held[1]

    return settings


def _secrets(environment: Mapping[str, str]) -> Callable[[str], str]:
    """Read secrets from the environment or, where THREADLINE_SECRETS names a path, from Parameter Store."""
    path = environment.get("THREADLINE_SECRETS", "")
    held: tuple[float, Mapping[str, str]] | None = None

    def secret(name: str) -> str:
        nonlocal held
        if environment.get(name) or not path:
            return environment.get(name, "")
        if held is None or time.monotonic() - held[0] > SECRETS_SECONDS:
            try:
                held = (time.monotonic(), _parameters(path))
            except Exception as error:
                if held is None:
                    raise
                # What was good five minutes ago is better than shut doors; it is asked again in a minute.
                logs.alarm("secrets.not_read", error)
                held = (time.monotonic() - SECRETS_SECONDS + 60, held[1])
        return held[1].get(name, "")

    return secret


def _parameters(path: str) -> dict[str, str]:
    import botocore.session  # noqa: PLC0415 - only where secrets are kept there
    from botocore.config import Config  # noqa: PLC0415

    config = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2})
    client = botocore.session.get_session().create_client("ssm", config=config)
    pages = client.get_paginator("get_parameters_by_path").paginate(Path=path, WithDecryption=True)
    found: list[dict[str, Any]] = [each for page in pages for each in page["Parameters"]]
    return {each["Name"].rpartition("/")[2]: each["Value"] for each in found}
