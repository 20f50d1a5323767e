"""Every door of Threadline: who can reach us, and where it goes. No logic lives here.

Customers' providers  ->  /webhooks/…            ->  inbound.receive   ->  (inbound.fifo)
Slack                 ->  /slack/events          ->  outbound.reply    ->  (outbound.fifo)
                      ->  /slack/interactions    ->  desk.press
                      ->  /slack/commands        ->  desk.press
Whoever has a link    ->  /files/…               ->  outbound.lead     ->  the file
Our queues            ->  inbound.fifo           ->  inbound.deliver   ->  Slack
                      ->  outbound.fifo          ->  outbound.send     ->  customers' providers
                      ->  media.fifo             ->  carry             ->  bytes, from either side to the other
The clock             ->  every minute           ->  sweep
An operator           ->  /health                ->  health
                      ->  a call with AWS rights ->  operate
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, Rate
from chalice.app import Request as ChaliceRequest
from chalice.app import Response as ChaliceResponse

from chalicelib import inbound, logs, outbound
from chalicelib.carry import carry as carry_files
from chalicelib.carry import picture as bring_picture
from chalicelib.errors import OperatorError, Stranger
from chalicelib.health import health as report
from chalicelib.missed import look
from chalicelib.model import Side
from chalicelib.operate import operate as carry_out
from chalicelib.queues import CARRIERS_LIFE, LIFE, Bell, answer
from chalicelib.services import LOG_LEVEL, STAGE, World, world
from chalicelib.slack import desk
from chalicelib.sweep import sweep as sweep_up
from chalicelib.web import Request, Response, say

ANYTHING = ["*/*"]  # a provider's content type is the channel's business

app = Chalice(app_name="threadline")
logs.set_up(LOG_LEVEL)


@app.route("/webhooks/{channel}/{account}", methods=["GET", "POST"], content_types=ANYTHING)
def receive(channel: str, account: str) -> ChaliceResponse:
    return _at_the_door(lambda request: inbound.receive(world(), channel, account, request))


@app.route("/webhooks/{channel}/{account}/{rest}", methods=["GET", "POST"], content_types=ANYTHING)
def receive_callback(channel: str, account: str, rest: str) -> ChaliceResponse:
    return _at_the_door(lambda request: inbound.receive(world(), channel, account, request), rest)


@app.route("/slack/events", methods=["POST"], content_types=ANYTHING)
def reply() -> ChaliceResponse:
    return _at_the_door(lambda request: outbound.reply(world(), request))


@app.route("/slack/interactions", methods=["POST"], content_types=ANYTHING)
def press() -> ChaliceResponse:
    return _at_the_door(lambda request: desk.press(world(), request))


@app.route("/slack/commands", methods=["POST"], content_types=ANYTHING)
def command() -> ChaliceResponse:
    return _at_the_door(lambda request: desk.press(world(), request))


@app.route("/files/{token}", methods=["GET"], content_types=ANYTHING)
def file(token: str) -> ChaliceResponse:
    return _at_the_door(lambda _: outbound.lead(world(), token))


@app.route("/health", methods=["GET"])
def health() -> ChaliceResponse:
    return _at_the_door(lambda _: Response(200, json.dumps(report(world())), "application/json"))


@app.on_sqs_message(queue=f"threadline-{STAGE}-inbound.fifo", batch_size=10, name="deliver", maximum_concurrency=5)
def deliver(event: Any) -> dict[str, Any]:
    others = {
        "view": desk.fill,
        "home": desk.publish,
        "room": inbound.look_at_room,
        "merge": inbound.merge,
        "raw": inbound.unpack,
        "missed": look,
    }
    return _answer(event, Side.SLACK, inbound.deliver, LIFE, **others)


@app.on_sqs_message(queue=f"threadline-{STAGE}-outbound.fifo", batch_size=10, name="send", maximum_concurrency=5)
def send(event: Any) -> dict[str, Any]:
    return _answer(event, Side.CUSTOMER, outbound.send, kept=outbound.take_over)


# One bell at a time: what one conversation's file takes is nothing that another's should wait for.
@app.on_sqs_message(queue=f"threadline-{STAGE}-media.fifo", batch_size=1, name="carry", maximum_concurrency=5)
def carry(event: Any) -> dict[str, Any]:
    return _answer(event, Side.MEDIA, carry_files, CARRIERS_LIFE, picture=bring_picture)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(_event: Any) -> None:
    sweep_up(world())


@app.lambda_function(name="operate")
def operate(event: Any, _context: Any) -> dict[str, Any]:
    return carry_out(world(), event)


# ---------------------------------------------------------------- the hinges: Chalice's words to ours and back


def _at_the_door(take: Callable[[Request], Response], rest: str = "") -> ChaliceResponse:
    """Hand over the request as it arrived, and answer whatever comes of it in few words."""
    try:
        answer = take(_request(rest))
    except Stranger as error:
        answer = say(error.status, str(error))
    except OperatorError as error:
        logs.alarm("door.not_set_up", why=str(error))
        answer = say(503, "not set up yet, try again later")
    except Exception as error:  # noqa: BLE001 - Chalice would log the message, which may quote a secret
        logs.alarm("door.broke", error)
        answer = say(500, "try again")
    return ChaliceResponse(answer.body, {"Content-Type": answer.content_type, **answer.headers}, answer.status)


def _request(rest: str) -> Request:
    raw: ChaliceRequest = app.current_request  # type: ignore[assignment]  # there is one inside a view
    headers = {name.lower(): value for name, value in raw.headers.items()}
    body = raw.raw_body if isinstance(raw.raw_body, bytes) else raw.raw_body.encode()
    return Request(raw.method, headers, dict(raw.query_params or {}), body, rest)


def _answer(
    event: Any,
    side: Side,
    work: Callable[[World, Bell], None],
    life: int = LIFE,
    **others: Callable[[World, str], None],
) -> dict[str, Any]:
    """Answer the bells of one batch; a bell such as `raw:<id>` is for one of the others."""
    here = world()

    def do(bell: Bell) -> None:
        kind, _, what = bell.about.partition(":")
        if what:
            others[kind](here, what)
        else:
            work(here, bell)

    # A group of the inbound queue is a whole Slack channel: one broken conversation must not hold up the others. A
    # file that broke us comes again with the clock, and not when the long hiding of its queue is over.
    hold = side is Side.CUSTOMER
    again, clock = lambda bell: here.queues.ring(side, [bell]), lambda: here.now() / 1000
    here.shift.begin(here.now(), life)
    failed = answer(event.to_dict()["Records"], do, again, clock, hold=hold)
    here.shift.end()
    if failed and not here.partial_failures:
        raise RuntimeError(f"{len(failed)} bells broke, and only a raised error is heard here")
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}
