"""`make run`: the whole of Threadline on a laptop, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from chalicelib.errors import OperatorError
from chalicelib.model import Ours
from infra.environment import PORT, PORTS, ROOT, RUNNING, environment_of, port_of
from infra.local import browser
from infra.local.aws import AwsFailed
from infra.local.server import PortBusy
from infra.local.stack import Stack, complain


def main() -> int:
    """Start, say where everything is, wait, end cleanly."""
    began = time.monotonic()
    environment = environment_of(ROOT)
    try:
        port = port_of(environment)
    except ValueError:
        return complain(
            f"THREADLINE_PORT is {environment['THREADLINE_PORT']!r}; "
            f"it has to be a number from {PORTS[0]} to {PORTS[-1]}, such as {PORT}."
        )
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    try:
        stack = Stack(port, environment)
    except PortBusy as error:
        return complain(f"{error} Threadline uses {port} to {port + 6}; THREADLINE_PORT=9000 moves them all.")
    except (OperatorError, AwsFailed) as error:
        return complain(str(error))
    try:
        stack.say_where()
        _greet(stack, time.monotonic() - began)
        if browser.wanted(environment, terminal=sys.stdin.isatty() and sys.stdout.isatty()):
            browser.show(stack.page.url)
        ended.wait()
    finally:
        RUNNING.unlink(missing_ok=True)
        stack.close()
    print("\nEnded. Nothing was kept: the embedded AWS lives in memory.")
    return 0


def _greet(stack: Stack, seconds: float) -> None:
    lines = [
        f"Threadline is up after {seconds:.1f} s, with {stack.settings.name}.",
        "",
        f"  Open           {stack.page.url}        be the customer and the team",
        "",
        f"  the app        {stack.gateway.url}        webhooks, Slack's events, /health",
        f"  embedded AWS   {stack.aws.endpoint}        DynamoDB, SQS, S3, in memory",
        *(f"  {name:<14} {stand_in.url}        stand-in" for name, stand_in in stack.stand_ins.items()),
        *(f"  {name:<14} {os.environ[variable]}        as set by {variable}" for name, variable in _real(stack)),
        *(f"  ! {trouble}" for trouble in [*_troubles(), *_unknown_channels(stack)]),
        "",
        "  Or, in another terminal:           make demo",
        "  Change the settings:               make settings",
        "  End it:                            Ctrl-C",
    ]
    print("\n".join(lines), flush=True)


def _unknown_channels(stack: Stack) -> list[str]:
    """Name the Slack channels of the settings that the stand-in does not have."""
    slack = stack.stand_ins.get("slack")
    if slack is None:
        return []
    from chalicelib.services import world  # noqa: PLC0415

    there = {channel["id"] for channel in slack.state()["channels"]}
    settings = world().settings()
    named = {*(desk.slack_channel for desk in settings.desks.values()), settings.admin_channel} - {""}
    return [
        f"The stand-in for Slack has no channel {name}; it has {', '.join(sorted(there))}."
        for name in sorted(named - there)
    ]


def _troubles() -> list[str]:
    """Say what will not work yet, and what to do about it; everything else runs."""
    from chalicelib.services import world  # noqa: PLC0415 - reads the environment that the stack has just set

    here, found = world(), []
    for line in here.settings().accounts:
        channel, account = line.split("/")
        try:
            here.line(channel, account)
        except OperatorError as error:
            found.append(str(error))
    try:
        here.slack_secrets()
    except OperatorError as error:
        found.append(str(error))
    team = here.slack.team()
    if isinstance(team, Ours):
        found.append(f"Slack refuses our token ({team.why}): check SLACK_BOT_TOKEN. Until then posts wait.")
    elif not isinstance(team, str):
        found.append(f"Slack does not answer at {os.environ['THREADLINE_SLACK_URL']}: posts wait until it does.")
    return found


def _real(stack: Stack) -> list[tuple[str, str]]:
    from infra.local.stack import URLS  # noqa: PLC0415

    return [(name, variable) for name, variable in URLS.items() if name not in stack.stand_ins]


if __name__ == "__main__":
    sys.exit(main())
