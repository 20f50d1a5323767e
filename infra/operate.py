"""`make unread | replay | dismiss | parked | retry | trace`: ask a Threadline that is running or deployed.

On the laptop that is the running `make run`; with STAGE set it is the stage's function `operate` on AWS, which
needs the right to invoke it and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.errors import OperatorError
from infra.environment import ROOT, RUNNING, environment_of

Answer = dict[str, Any]
Ask = Callable[[dict[str, str]], Answer]

LISTS = ("unread", "parked", "done")
"""Under which an answer may have a list, one thing a line."""
NOTHING = {
    "unread": "Everything could be read.",
    "parked": "Nothing was given up.",
    "done": "There was nothing to do.",
}
SECONDS = 60
"""How long an answer may take: a function lives half of it."""


def order_of(arguments: Sequence[str]) -> dict[str, str]:
    """Read `retry id=… after=…`; raises OperatorError. What is empty was not said."""
    verb, *words = arguments or [""]
    order = {"do": verb}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise OperatorError(f"{word!r} is not of the form name=value, such as id=01K….")
        if value:
            order[name] = value
    return order


def carry_out(ask: Ask, order: dict[str, str]) -> Iterator[str]:
    """Ask as often as it takes and tell it line by line; raises OperatorError with what is wrong."""
    lines, after, seen = 0, "", False
    while after or not seen:
        answer = ask({**order, **({"after": after} if after else {})})
        seen = True
        if "error" in answer:
            raise OperatorError(str(answer["error"]))
        if "found" in answer:
            for found in answer["found"]:
                yield from _story(found)
            return
        name = next(name for name in LISTS if name in answer)
        for row in answer[name]:
            lines += 1
            yield _line(row)
        after = answer.get("next", "")
    if not lines:
        yield NOTHING[name]


def _line(row: Mapping[str, Any]) -> str:
    return "  ".join(str(value) for value in row.values() if value)


def _story(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell one message's story as a person reads it."""
    yield f"{found['id']}  {found['is']}, found by {found['found_by']}"
    for name, value in found["where"].items():
        shown = "; ".join(value) if isinstance(value, list) else value
        if shown:
            yield f"  {name:<9} {shown}"
    yield ""
    for step in found["story"]:
        yield f"  {step['at']}  {step['what']:<20} {step['detail']}".rstrip()
    for row in found.get("items", ()):
        yield f"  {_line(row)}"
    yield from (f"  {each}" for each in found.get("about it", ()))
    yield ""
    yield f"  now       {found['stands']}"
    yield f"  next      {found['next']}"
    if found.get("more"):
        yield f"            {found['more']}"
    if "words" in found:
        yield f"\n{found['words']}"
    yield ""


def here(environment: dict[str, str]) -> Ask:
    """Ask the stack that is running on this laptop; raises OperatorError."""
    if not RUNNING.is_file():
        raise OperatorError("Nothing is running here: start `make run`, or name a deployed stage: STAGE=prod.")
    from infra.local.stack import MADE_UP, URLS  # noqa: PLC0415 - brings every stand-in

    note = json.loads(RUNNING.read_text())
    urls = {URLS[name]: url for name, url in note["stand_ins"].items()}
    whole = {**MADE_UP, **environment, "THREADLINE_PUBLIC_URL": note["app"], **urls, **note["aws"]}
    os.environ.update(whole)
    os.environ.pop("AWS_PROFILE", None)
    from chalicelib.operate import operate  # noqa: PLC0415 - reads the environment that has just been set
    from chalicelib.services import make  # noqa: PLC0415

    world = make(whole)
    return lambda order: operate(world, order)


def on_aws(stage: str, client: Any) -> Ask:
    """Ask a deployed stage."""

    def ask(order: dict[str, str]) -> Answer:
        name = f"threadline-{stage}-operate"
        try:
            said = client.invoke(FunctionName=name, Payload=json.dumps(order).encode())
        except Exception as error:
            raise OperatorError(
                f"{name} cannot be called ({type(error).__name__}): are AWS_REGION and credentials set, with "
                "lambda:InvokeFunction on it?"
            ) from error
        answer: Answer = json.loads(said["Payload"].read())
        if said.get("FunctionError"):
            raise OperatorError(f"{name} broke ({answer.get('errorType', '?')}); its log says where.")
        return answer

    return ask


def _client() -> Any:
    import botocore.session  # noqa: PLC0415 - not on the laptop
    from botocore.config import Config  # noqa: PLC0415

    # Never asked twice by itself: an order that got no answer may have been carried out.
    config = Config(read_timeout=SECONDS, retries={"total_max_attempts": 1})
    return botocore.session.get_session().create_client("lambda", config=config)


def main(arguments: Sequence[str]) -> int:
    """Carry out what the arguments say."""
    environment = environment_of(ROOT)
    try:
        order = order_of(arguments)
        stage = environment.get("STAGE", "")
        ask = on_aws(stage, _client()) if stage else here(environment)
        for line in carry_out(ask, order):
            print(line, flush=True)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
