"""What Slack makes of the app's answers to a form and to a search.

https://docs.slack.dev/surfaces/modals#response_actions and
https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
"""

from __future__ import annotations

import json
from typing import Any

from infra.local.slack.calls import Refused
from infra.local.slack.elements import GROUPS, OPTIONS, options_of
from infra.local.slack.surfaces import Surfaces, Window
from infra.local.slack.wire import Reply

Json = dict[str, Any]

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack says in a modal when the app's answer is none."""


def answered(surfaces: Surfaces, user: str, window: Window, reply: Reply) -> None:
    """Do with the modal what the app's answer says, or show that there was none."""
    try:
        _act(surfaces, user, window, _read(reply))
    except (Refused, ValueError, LookupError, TypeError, AttributeError) as problem:
        window.trouble = TROUBLE
        window.why = json.dumps(problem.body) if isinstance(problem, Refused) else str(problem)
        surfaces.told(window)


def _act(surfaces: Surfaces, user: str, window: Window, answer: Json) -> None:
    match answer["response_action"]:
        case "close":
            surfaces.close(user, surfaces.stacks[user].index(window))
        case "clear":
            surfaces.close(user, 0)
        case "errors":
            window.errors, window.trouble = _errors(window, answer["errors"]), ""
            surfaces.told(window)
        case "update":
            surfaces.check(answer["view"], "modal")
            surfaces.update(window, answer["view"])
        case "push":
            surfaces.check(answer["view"], "modal")
            surfaces.stack_up(user, answer["view"])
        case other:
            raise ValueError(f"there is no response_action {other}")


def _read(reply: Reply) -> Json:
    if reply.problem:
        raise ValueError(reply.problem)
    if not reply.body.strip():
        return {"response_action": "close"}
    if not reply.headers.get("content-type", "").startswith("application/json"):
        raise ValueError("an answer to a form is empty, or JSON and called so")
    answer = json.loads(reply.body)
    if not isinstance(answer, dict):
        raise TypeError("an answer to a form is an object")
    return answer


def _errors(window: Window, errors: Any) -> dict[str, str]:
    known = {block["block_id"] for block in window.view["blocks"] if block["type"] == "input"}
    if not errors or not errors.keys() <= known:
        raise ValueError(f"errors belong to the input blocks {', '.join(sorted(known))}")
    return {name: str(words) for name, words in errors.items()}


def offered(reply: Reply) -> list[Json]:
    """Take the app's choices as they are, if Slack would."""
    answer = _read(reply)
    groups, options = answer.get("option_groups"), answer.get("options")
    problems = [] if options == [] else [*(GROUPS if groups else OPTIONS)(groups or options, "/options")]
    if problems:
        raise ValueError(f"Slack would not show these choices: {problems}")
    return options_of(answer)
