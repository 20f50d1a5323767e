"""Modals, shortcuts, commands and the App Home of the local Slack: opened, refused and answered as Slack does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.server import Answer, Call, Server, answer_json
from infra.local.slack import SlackStandIn
from infra.local.slack.team import BOB, MIA, SUPPORT

SECRET, TOKEN = "signing-secret", "xoxb-stand-in"
Json = dict[str, Any]


class App:
    """A receiving end that does what the test tells it to, once, while Slack waits."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.events: list[Json] = []
        self.does: list[Callable[[Json], Any]] = []
        self.server = Server(self.handle)

    def handle(self, call: Call) -> Answer:
        if call.path == "/slack/events":
            self.events.append(call.json()["event"])
            return Answer()
        form = call.form()
        told = json.loads(form["payload"]) if "payload" in form else dict(form)
        self.got.append(told)
        answer = self.does.pop(0)(told) if self.does else None
        return answer if isinstance(answer, Answer) else Answer()


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[App, SlackStandIn]]:
    app = App()
    url = app.server.url
    slack = SlackStandIn(f"{url}/slack/events", f"{url}/slack/interactions", SECRET, TOKEN, now=lambda: CLOCK[0])
    yield app, slack
    slack.close()
    app.server.close()


CLOCK = [1_700_000_000.0]


@pytest.fixture
def slack(line: tuple[App, SlackStandIn]) -> SlackStandIn:
    app, slack = line
    slack.reset()
    slack.quiet()
    app.got.clear()
    app.events.clear()
    app.does.clear()
    return slack


@pytest.fixture
def app(line: tuple[App, SlackStandIn], slack: SlackStandIn) -> App:
    assert slack is line[1]
    return line[0]


@pytest.fixture
def web(slack: SlackStandIn) -> WebClient:
    return WebClient(token=TOKEN, base_url=f"{slack.url}/api/", retry_handlers=[])


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def asked(name: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": text(name),
        "element": {**element, "action_id": name},
        **more,
    }


TYPED = {"type": "plain_text_input", "min_length": 2, "max_length": 5}
SEARCHED = {"type": "external_select", "min_query_length": 1}
CLAIM = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "claim", "text": text("Claim"), "value": "1"}],
}


def view(*blocks: Json, **more: Any) -> Json:
    submit = {"submit": text("Save")} if any(block["type"] == "input" for block in blocks) else {}
    return {"type": "modal", "title": text("A form"), "blocks": list(blocks), **submit, **more}


def opened(slack: SlackStandIn, web: WebClient, app: App, first: Json) -> Json:
    """Let Bob open a modal by the shortcut."""
    app.does.append(lambda told: web.views_open(trigger_id=told["trigger_id"], view=first))
    ts = slack.say(BOB, SUPPORT, "Hello")
    assert slack.shortcut(BOB, SUPPORT, ts) == 200
    found = slack.modal(BOB)
    assert found is not None
    return found


def options(*names: str) -> Answer:
    return answer_json({"options": [{"text": text(name), "value": name.lower()} for name in names]})


def refusal(act: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        act()
    return str(caught.value.response["error"])


def test_a_shortcut_on_a_message_opens_a_modal_before_whoever_chose_it(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    modal = opened(slack, web, app, view(CLAIM, callback_id="verbs", private_metadata="{}"))
    assert (modal["callback_id"], modal["title"]["text"], slack.modal(MIA)) == ("verbs", "A form", None)
    told = app.got[-1]
    assert (told["type"], told["callback_id"], told["message"]["text"]) == (
        "message_action",
        "threadline",
        "Hello",
    )


def test_a_trigger_opens_one_modal_within_three_seconds(slack: SlackStandIn, web: WebClient, app: App) -> None:
    opened(slack, web, app, view(CLAIM))
    trigger = app.got[-1]["trigger_id"]
    assert refusal(lambda: web.views_open(trigger_id=trigger, view=view(CLAIM))) == "exchanged_trigger_id"
    assert refusal(lambda: web.views_open(trigger_id="1.2.3", view=view(CLAIM))) == "invalid_trigger_id"
    slack.shortcut(BOB, name="threadline_write")
    late = app.got[-1]["trigger_id"]
    CLOCK[0] += 3.1
    assert refusal(lambda: web.views_open(trigger_id=late, view=view(CLAIM))) == "expired_trigger_id"


def test_what_is_typed_and_chosen_is_handed_in(slack: SlackStandIn, web: WebClient, app: App) -> None:
    when = {"type": "datetimepicker", "initial_date_time": 1_700_000_000}
    boxes = {"type": "checkboxes", "options": [{"text": text(name), "value": name} for name in "ab"]}
    opened(
        slack,
        web,
        app,
        view(
            asked("words", TYPED),
            asked("who", {"type": "users_select"}),
            asked("when", when),
            asked("which", boxes, optional=True),
            asked("customer", SEARCHED),
        ),
    )
    app.does += [lambda _: options("Ana", "Anton")]
    assert [option["value"] for option in slack.look(BOB, "customer", "an")] == ["ana", "anton"]
    slack.submit(BOB, {"words": "Hi!", "who": MIA, "which": ["b"], "customer": "anton"})
    values = app.got[-1]["view"]["state"]["values"]
    assert values["words"]["words"] == {"type": "plain_text_input", "value": "Hi!"}
    assert values["who"]["who"] == {"type": "users_select", "selected_user": MIA}
    assert values["when"]["when"]["selected_date_time"] == 1_700_000_000
    assert [one["value"] for one in values["which"]["which"]["selected_options"]] == ["b"]
    assert values["customer"]["customer"]["selected_option"]["text"]["text"] == "Anton"
    assert slack.modal(BOB) is None


def test_slacks_own_form_keeps_what_is_missing_or_too_long(slack: SlackStandIn, web: WebClient, app: App) -> None:
    opened(slack, web, app, view(asked("words", TYPED)))
    for words in ("", "x", "much too long"):
        with pytest.raises(ValueError, match="words"):
            slack.submit(BOB, {"words": words})
    opened(slack, web, app, view(asked("customer", SEARCHED)))
    with pytest.raises(LookupError, match="no such choice"):
        slack.submit(BOB, {"customer": "never-offered"})
    assert [told for told in app.got if told["type"] == "view_submission"] == []
