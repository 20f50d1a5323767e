"""Modals of the local Slack: opened, refused, filled in and answered as Slack does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.server import Answer, answer_json
from infra.local.slack import SlackStandIn
from infra.local.slack.answers import TROUBLE
from infra.local.slack.team import BOB, MIA, SUPPORT
from tests.local.slack_app import CLAIM, App, serving, text

Json = dict[str, Any]


@pytest.fixture(scope="module")
def running() -> Iterator[App]:
    with serving() as app:
        yield app


@pytest.fixture
def app(running: App) -> App:
    running.begin()
    return running


@pytest.fixture
def slack(app: App) -> SlackStandIn:
    return app.slack


@pytest.fixture
def web(app: App) -> WebClient:
    return app.web


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
    app.ahead += 3.1
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


def test_a_view_that_slack_would_not_take_is_refused_with_the_place(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    option = {"text": text("One"), "value": "1"}
    bad: list[tuple[Json, str]] = [
        (view(CLAIM, title=text("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (view(*[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            view(CLAIM, private_metadata="x" * 3001),
            "less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (view(asked("a", TYPED)) | {"submit": None}, "unsupported type: None [json-pointer:/view/submit]"),
        ({**view(CLAIM), "blocks": [asked("a", TYPED)]}, "missing required field: submit [json-pointer:/view]"),
        (view(CLAIM, CLAIM | {"block_id": "a"}, CLAIM | {"block_id": "a"}), "`block_id` a already exists"),
        (view({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
        (view(asked("a", {"type": "static_select", "options": [option | {"value": "x" * 151}]})), "than 151 char"),
        (
            view(
                asked(
                    "a", {"type": "static_select", "options": [option], "initial_option": {**option, "value": "2"}}
                )
            ),
            "must be one of the options [json-pointer:/view/blocks/0/element/initial_option]",
        ),
        (
            view(asked("a", {"type": "datetimepicker", "placeholder": text("When")})),
            "additional property: placeholder",
        ),
        (view(asked("a", {"type": "datetimepicker", "initial_date_time": 1_700_000_000_000})), "must be between"),
        ({"type": "home", "blocks": [CLAIM]}, "unsupported type: home"),
    ]
    slack.shortcut(BOB, name="threadline_write")
    trigger = app.got[-1]["trigger_id"]
    for wrong, problem in bad:
        with pytest.raises(SlackApiError) as caught:
            web.views_open(trigger_id=trigger, view=wrong)
        told = caught.value.response
        assert told["error"] == "invalid_arguments"
        assert problem in told["response_metadata"]["messages"][0]
    huge = view(*[{"type": "section", "text": text("x" * 2900)}] * 90)
    assert refusal(lambda: web.views_open(trigger_id=trigger, view=huge)) == "view_too_large"
    assert web.views_open(trigger_id=trigger, view=view(CLAIM))["ok"]


def test_a_press_in_a_modal_brings_what_is_typed_and_a_trigger_for_the_next_view(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    opened(slack, web, app, view(asked("words", TYPED), CLAIM))
    app.does += [
        lambda told: web.views_push(trigger_id=told["trigger_id"], view=view(CLAIM, title=text("Second")))
    ]
    slack.press_in_view(BOB, "claim", values={"words": "Hi!"})
    told = app.got[-1]
    assert told["view"]["state"]["values"]["words"]["words"]["value"] == "Hi!"
    assert (told["actions"][0]["value"], "response_url" in told, "channel" in told) == ("1", False, False)
    second = slack.modal(BOB)
    assert second is not None
    assert (second["title"]["text"], second["previous_view_id"]) == ("Second", second["root_view_id"])
    slack.close_modal(BOB)
    assert (slack.modal(BOB) or {})["state"]["values"]["words"]["words"]["value"] == "Hi!"


def test_a_field_of_a_form_tells_of_itself_only_if_it_was_asked_to(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    chosen = {"type": "users_select"}
    opened(slack, web, app, view(asked("quiet", chosen), asked("loud", chosen, dispatch_action=True)))
    slack.press_in_view(BOB, "loud", MIA)
    assert app.got[-1]["actions"][0]["selected_user"] == MIA
    with pytest.raises(LookupError, match="no dispatch_action"):
        slack.press_in_view(BOB, "quiet", MIA)


def test_three_views_stand_upon_each_other_and_no_more(slack: SlackStandIn, web: WebClient, app: App) -> None:
    opened(slack, web, app, view(CLAIM))
    refused: list[str] = []

    def push(told: Json) -> None:
        try:
            web.views_push(trigger_id=told["trigger_id"], view=view(CLAIM))
        except SlackApiError as error:
            refused.append(str(error.response["error"]))

    app.does += [push] * 3
    for _ in range(3):
        slack.press_in_view(BOB, "claim")
    slack.close_modal(BOB, everything=True)
    app.does += [push]
    slack.shortcut(BOB, name="threadline_write")
    assert (refused, slack.modal(BOB)) == (["push_limit_reached", "not_found"], None)


def test_an_update_keeps_what_stands_in_a_field_of_the_same_name(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    first = opened(slack, web, app, view(asked("words", TYPED), asked("other", TYPED)))
    slack.fill(BOB, {"words": "Hi!", "other": "Ho!"})
    drawn = view(
        asked("words", {**TYPED, "initial_value": "ours"}), asked("new", {**TYPED, "initial_value": "ours"})
    )
    second = web.views_update(view_id=first["id"], hash=first["hash"], view=drawn)["view"]
    values = (slack.modal(BOB) or {})["state"]["values"]
    assert (values["words"]["words"]["value"], values["new"]["new"]["value"], list(values)) == (
        "Hi!",
        "ours",
        ["words", "new"],
    )
    assert (
        refusal(lambda: web.views_update(view_id=first["id"], hash=first["hash"], view=drawn)) == "hash_conflict"
    )
    slack.close_modal(BOB)
    assert refusal(lambda: web.views_update(view_id=second["id"], view=drawn)) == "not_found"


@pytest.mark.parametrize(
    ("answer", "titles", "trouble"),
    [
        (Answer(), ["A form"], ""),
        (answer_json({"response_action": "clear"}), [], ""),
        (
            answer_json({"response_action": "update", "view": view(CLAIM, title=text("Done"))}),
            ["A form", "Done"],
            "",
        ),
        (
            answer_json({"response_action": "push", "view": view(CLAIM, title=text("More"))}),
            ["A form", "Form 2", "More"],
            "",
        ),
        (answer_json({"response_action": "update", "view": {}}), ["A form", "Form 2"], TROUBLE),
        (answer_json({"response_action": "errors", "errors": {"nowhere": "No."}}), ["A form", "Form 2"], TROUBLE),
        (answer_json({"ok": True}), ["A form", "Form 2"], TROUBLE),
        (Answer(body=b'{"response_action": "clear"}'), ["A form", "Form 2"], TROUBLE),
        (Answer(500), ["A form", "Form 2"], TROUBLE),
    ],
)
def test_what_the_app_answers_decides_what_becomes_of_the_form(
    slack: SlackStandIn, web: WebClient, app: App, answer: Answer, titles: list[str], trouble: str
) -> None:
    opened(slack, web, app, view(CLAIM))
    form = view(asked("words", TYPED), title=text("Form 2"))
    app.does += [lambda told: web.views_push(trigger_id=told["trigger_id"], view=form), lambda _: answer]
    slack.press_in_view(BOB, "claim")
    slack.submit(BOB, {"words": "Hi!"})
    stack = slack.state()["modals"].get(BOB, [])
    assert [each["title"]["text"] for each in stack] == titles
    assert not stack or stack[-1]["trouble"] == trouble


def test_errors_stand_under_their_fields_until_these_are_changed(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    opened(slack, web, app, view(asked("words", TYPED)))
    app.does += [lambda _: answer_json({"response_action": "errors", "errors": {"words": "Not these."}})]
    slack.submit(BOB, {"words": "Hi!"})
    assert (slack.modal(BOB) or {})["errors"] == {"words": "Not these."}
    slack.fill(BOB, {"words": "Ho!"})
    assert (slack.modal(BOB) or {})["errors"] == {}


def test_the_app_hears_of_a_closed_modal_only_if_it_asked_to(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    for told in (False, True):
        opened(slack, web, app, view(CLAIM, notify_on_close=told))
        app.got.clear()
        slack.close_modal(BOB)
        assert [(each["type"], each["is_cleared"]) for each in app.got] == [("view_closed", False)] * told


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        answer_json({"options": [{"text": text("x" * 76), "value": "1"}]}),
        answer_json({"options": [{"text": text("x"), "value": "1"}] * 101}),
        Answer(500),
    ],
)
def test_choices_that_slack_would_not_show_are_none(
    slack: SlackStandIn, web: WebClient, app: App, answer: Answer
) -> None:
    opened(slack, web, app, view(asked("customer", SEARCHED)))
    assert slack.look(BOB, "customer", "") == []
    app.does += [lambda _: answer]
    with pytest.raises(ValueError, match=r"Slack would not|an answer|http_error|is not|response"):
        slack.look(BOB, "customer", "x")
