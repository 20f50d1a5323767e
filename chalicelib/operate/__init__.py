"""What a person who runs Threadline asks of it: replay, parked, retry, trace; only somebody with rights gets here.

An order is a flat JSON object such as `{"do": "retry", "id": "all"}`; the answer is JSON, and holds nobody's words
unless it was asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chalicelib import logs
from chalicelib.errors import OperatorError
from chalicelib.operate import parked, replay, trace
from chalicelib.services import World

Answer = dict[str, Any]


class Verb(NamedTuple):
    """Something that can be ordered, and what may be said with it."""

    run: Callable[..., Answer]
    words: frozenset[str]


VERBS: Mapping[str, Verb] = {
    "unread": Verb(replay.unread, frozenset({"channel", "after"})),
    "replay": Verb(replay.replay, frozenset({"id", "channel", "after"})),
    "dismiss": Verb(replay.dismiss, frozenset({"id", "channel", "after"})),
    "parked": Verb(parked.parked, frozenset({"after"})),
    "retry": Verb(parked.retry, frozenset({"id", "after"})),
    "trace": Verb(trace.trace, frozenset({"id", "words"})),
}


def operate(world: World, order: object) -> Answer:
    """Carry out one order; what is wrong with it is said in words."""
    try:
        verb, given = _checked(order)
        logs.note("operate.ordered", do=given["do"], about=given.get("id"))
        return verb.run(world, **{name: value for name, value in given.items() if name != "do"})
    except OperatorError as error:
        return {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - its message may quote what must not be told
        logs.alarm("operate.broke", error)
        return {"error": f"It broke ({type(error).__name__}); the log of this function says where."}


def _checked(order: object) -> tuple[Verb, dict[str, str]]:
    verbs = ", ".join(VERBS)
    if not isinstance(order, dict) or not all(isinstance(value, str) for value in order.values()):
        raise OperatorError(f'An order is a JSON object of texts, such as {{"do": "parked"}}; there are {verbs}.')
    given = {str(name): value.strip() for name, value in order.items() if value.strip()}
    verb = VERBS.get(given.get("do", ""))
    if verb is None:
        raise OperatorError(
            f"There is nothing to do by the name of {given.get('do', '')[:40]!r}; there are {verbs}."
        )
    strange = sorted(given.keys() - verb.words - {"do"})
    if strange:
        raise OperatorError(
            f"{given['do']} knows no {strange[0][:40]!r}; it takes {', '.join(sorted(verb.words))}."
        )
    return verb, given
