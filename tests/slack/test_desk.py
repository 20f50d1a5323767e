"""The buttons: each does its work once, for the team alone, whatever is in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib import services
from chalicelib.model import Conversation, Kind, Raw, State, Status
from chalicelib.store import Insert
from infra.local.slack.team import BOB, SUPPORT
from infra.local.slack.wire import Signer, post
from tests.house import SECRETS, House

ANA, MIA = "+15551230001", "U0MIA"
STALE = "01" + "A" * 24


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def card(house: House, number: int = -1) -> dict[str, Any]:
    return next(m for m in house.slack.messages(SUPPORT) if m["ts"] == house.threads()[number])


def buttons(message: dict[str, Any]) -> list[str]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [button["action_id"] for row in rows for button in row]


def press(house: House, verb: str, user: str = BOB, number: int = -1) -> int:
    return house.slack.press(user, SUPPORT, house.threads()[number], verb)


def home(house: House) -> Conversation:
    return house.conversations()[-1]


def knock(house: House, payload: Any, secret: str = SECRETS["SLACK_SIGNING_SECRET"]) -> int:
    """Post an interaction to the door, signed."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    headers = Signer(secret, house.clock.seconds).headers(body)
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return post(f"{house.gateway.url}/slack/interactions", body, headers, 5).status


def pressed(verb: str, value: Any, **about: Any) -> dict[str, Any]:
    user = {"id": BOB, "team_id": "T0THREAD"}
    return {"type": "block_actions", "user": user, "actions": [{"action_id": verb, "value": value}], **about}


# --------------------------------------------------------------------------- verbs


def test_a_claim_shows_the_owner_and_takes_the_button_away(ana: House) -> None:
    assert press(ana, "claim") == 200
    ana.run()
    assert home(ana).owner == BOB
    assert f"<@{BOB}>" in str(card(ana)["blocks"])
    assert buttons(card(ana)) == ["resolve", "snippets", "more"]


def test_resolve_and_reopen_turn_the_card(ana: House) -> None:
    press(ana, "resolve")
    ana.run()
    assert (home(ana).status, buttons(card(ana))) == (Status.RESOLVED, ["reopen", "snippets", "more"])
    press(ana, "reopen")
    ana.run()
    assert (home(ana).status, buttons(card(ana))) == (Status.OPEN, ["claim", "resolve", "snippets", "more"])


def test_a_message_after_resolve_reopens_the_thread_and_calls_its_owner(ana: House) -> None:
    press(ana, "claim")
    ana.run()
    press(ana, "resolve")
    ana.run()
    ana.twilio.write(ANA, "One more thing")
    ana.run()
    assert (len(ana.threads()), home(ana).status) == (1, Status.OPEN)
    assert f"<@{BOB}>" in str(ana.thread()[-1]["blocks"])


def test_two_who_claim_at_once_make_one_owner(ana: House) -> None:
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda turn: press(ana, "claim", (BOB, MIA)[turn % 2]), range(8)))
    ana.run()
    assert home(ana).owner in (BOB, MIA)
    assert f"<@{home(ana).owner}>" in str(card(ana)["blocks"])


def writes(house: House, act: Callable[[], object]) -> int:
    """Count the bells that something rings."""
    before = house.bells.heard
    act()
    return house.bells.heard - before


@pytest.mark.parametrize("verb", ["claim", "resolve"])
def test_ten_clicks_do_the_work_once(ana: House, verb: str) -> None:
    value = home(ana).id
    assert writes(ana, lambda: [knock(ana, pressed(verb, value)) for _ in range(10)]) == 1
    version = home(ana).version
    knock(ana, pressed(verb, value))
    assert home(ana).version == version


def test_ten_clicks_on_send_again_send_once(ana: House) -> None:
    ana.twilio.fail({"error": 30003, "status": 400}, on="POST")
    ana.say("Hello")
    ana.run()
    notice = ana.thread()[-1]["ts"]
    value = next(f"{item.conversation}.{item.id}" for item in ana.items() if item.kind is Kind.REPLY)
    ana.slack.press(BOB, SUPPORT, notice, "send_again")
    for _ in range(9):
        knock(ana, pressed("send_again", value))
    ana.run()
    knock(ana, pressed("send_again", value))
    ana.run()
    assert ana.on_phone(ana.twilio.phone(ANA)) == ["Hello"]


def test_it_arrived_settles_what_nobody_knew(house: House) -> None:
    house.telegram.write("512345678", "Hi", first_name="Ana")
    house.run()
    house.telegram.fail({"drop": "after"})
    house.say("Hello")
    house.run()
    house.later(61)
    notice = house.thread()[-1]
    assert buttons(notice) == ["send_again", "it_arrived"]
    house.slack.press(BOB, SUPPORT, notice["ts"], "it_arrived")
    house.slack.press(BOB, SUPPORT, notice["ts"], "it_arrived")
    house.run()
    assert [item.state for item in house.items()] == [State.POSTED, State.SENT]
    assert buttons(house.thread()[-1]) == []


def test_a_press_is_on_record_even_if_slack_and_the_bell_fail(ana: House) -> None:
    ana.twilio.fail({"error": 30003, "status": 400}, on="POST")
    ana.say("Hello")
    ana.run()
    ana.bells.deaf = True
    ana.slack.fail("chat.update", {"status": 500})
    ana.slack.press(BOB, SUPPORT, ana.thread()[-1]["ts"], "send_again")
    ana.bells.deaf = False
    ana.later(61)
    assert ana.on_phone(ana.twilio.phone(ANA)) == ["Hello"]


# --------------------------------------------------------------------------- who


def test_an_outsider_presses_nothing(ana: House) -> None:
    ana.slack.share(SUPPORT)
    assert press(ana, "claim", "olga") == 200
    assert home(ana).owner == ""


def test_somebody_without_a_team_presses_nothing(ana: House) -> None:
    assert knock(ana, pressed("claim", home(ana).id, user={"id": "U1"})) == 200
    assert home(ana).owner == ""


def test_while_nobody_knows_our_team_nobody_presses_anything(house: House) -> None:
    house.slack.fail("auth.test", {"status": 500})
    assert [knock(house, pressed("claim", STALE)) for _ in range(2)] == [503, 200]


def test_a_forged_press_is_refused(ana: House) -> None:
    assert knock(ana, pressed("claim", home(ana).id), secret="another") == 403
    assert home(ana).owner == ""


# --------------------------------------------------------------------------- what is in them

GARBAGE = ["", "x", STALE, f"{STALE}.{STALE}", f"{STALE}.", ".", "A" * 2000, "é" * 2000, "\ud83d", "../..", "*"]


@pytest.mark.parametrize("verb", ["claim", "resolve", "reopen", "send_again", "it_arrived", "no_such_verb"])
def test_stale_and_senseless_values_change_nothing(ana: House, verb: str) -> None:
    before = (ana.conversations(), ana.items())
    assert {knock(ana, pressed(verb, value)) for value in GARBAGE} == {200}
    assert (ana.conversations(), ana.items()) == before


@pytest.mark.parametrize("verb", ["send_again", "it_arrived"])
def test_a_button_for_another_kind_of_thing_changes_nothing(ana: House, verb: str) -> None:
    item = ana.items()[0]
    assert knock(ana, pressed(verb, f"{item.conversation}.{item.id}")) == 200
    assert knock(ana, pressed(verb, item.conversation)) == 200
    assert ana.items() == [item]


@pytest.mark.parametrize("payload", [None, [], {}, pressed("claim", ["x"]), pressed("claim", "x", actions=3)])
def test_what_is_no_interaction_is_refused_calmly(house: House, payload: Any) -> None:
    assert knock(house, payload) == 400


@pytest.mark.parametrize("kind", ["view_closed", "view_submission", "something_new"])
def test_other_interactions_are_taken_and_do_nothing(house: House, kind: str) -> None:
    assert knock(house, {"type": kind, "user": {"id": BOB, "team_id": "T0THREAD"}}) == 200


# --------------------------------------------------------------------------- races


def test_resolving_while_the_customer_writes_loses_nothing(ana: House) -> None:
    with ThreadPoolExecutor(2) as both:
        both.submit(press, ana, "resolve")
        both.submit(ana.twilio.write, ANA, "Wait!")
    ana.run()
    assert [text for text in ana.texts() if "resolved" not in text] == ["Hi", "Wait!"]


def test_an_old_conversation_can_be_reopened_beside_its_successor(ana: House) -> None:
    press(ana, "resolve")
    ana.run()
    ana.clock.ahead += 73 * 3600
    ana.twilio.write(ANA, "Months later")
    ana.run()
    assert len(ana.threads()) == 2
    press(ana, "reopen", number=0)
    ana.run()
    ana.twilio.write(ANA, "And more")
    ana.run()
    assert ana.texts(1) == ["Months later", "And more"]


def test_a_verb_that_keeps_losing_says_so(ana: House) -> None:
    """Slack shows the person who pressed that it did not work."""
    store = ana.world.store

    class Unlucky:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def write(self, *writes: Any) -> Any:
            return store.write(Insert(home(ana)), *writes)

    unlucky: Any = Unlucky()
    services._made["world"] = replace(ana.world, store=unlucky)
    assert knock(ana, pressed("resolve", home(ana).id)) == 500


def test_an_interaction_that_cannot_be_read_is_kept_and_slack_shows_that_it_failed(ana: House) -> None:
    assert knock(ana, pressed("claim", {"not": "a text"})) == 400
    assert [due.kind for due in ana.store.unread()] == [Raw]
    assert home(ana).owner == ""
