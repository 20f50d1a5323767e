"""What people ask of the desk that cannot be: one calm sentence each, and nothing doubled."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.model import Ask, Conversation, Kind, Status
from chalicelib.slack.desk import replies, tables
from chalicelib.slack.desk.answers import Show
from chalicelib.slack.views import View, words
from infra.local.slack.team import BOB, OUTSIDER, SUPPORT
from tests.house import House
from tests.slack.test_desk import knock, pressed

ANA, MIA = "+15551230001", "U0MIA"
GONE = "01" + "A" * 24


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def home(house: House) -> Conversation:
    return house.conversations()[-1]


def whispered(house: House, user: str = BOB) -> list[str]:
    return [one["text"] for one in house.slack.state()["ephemerals"] if one["to"] == user]


def said(house: House, user: str = BOB) -> str:
    view = house.slack.modal(user)
    return json.dumps(view["blocks"], ensure_ascii=False) if view else ""


def test_a_card_of_a_conversation_that_is_gone_says_so(ana: House) -> None:
    ana.store._row(f"CONVERSATION#{home(ana).id}", "CONVERSATION").delete()
    for verb in ("claim", "resolve", "more"):
        assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], verb) == 200
    assert whispered(ana) == ["This conversation is not on record any more."] * 3


def test_of_two_who_claim_at_once_one_is_told_who_was_faster(ana: House) -> None:
    with ThreadPoolExecutor(2) as people:
        list(people.map(lambda user: ana.slack.press(user, SUPPORT, ana.threads()[-1], "claim"), (BOB, MIA)))
    ana.run()
    owner = home(ana).owner
    (slower,) = {BOB, MIA} - {owner}
    assert f"<@{owner}> has it already." in said(ana, slower)
    assert said(ana, owner) == ""
    assert len([item for item in ana.items() if item.kind is Kind.LINE]) == 1


def test_to_claim_twice_is_answered_and_changes_nothing(ana: House) -> None:
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "claim") == 200
    assert ana.slack.again(BOB) == 200
    ana.run()
    assert whispered(ana) == ["It is yours already."]
    assert ana.texts() == ["Hi", "Bob Brown claimed this."]


def test_a_trigger_that_is_over_is_answered_beside_the_message(ana: House) -> None:
    ana.slack.fail("views.open", {"error": "expired_trigger_id"})
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "more") == 200
    assert whispered(ana) == [replies.TOO_SLOW]
    assert ana.slack.modal(BOB) is None


def test_a_shortcut_whose_trigger_is_over_is_answered_in_the_thread(ana: House) -> None:
    ts = ana.slack.thread(SUPPORT, ana.threads()[-1])[-1]["ts"]
    ana.slack.fail("views.open", {"error": "expired_trigger_id"})
    assert ana.slack.shortcut(BOB, SUPPORT, ts) == 200
    assert whispered(ana) == [replies.TOO_SLOW]
    assert ana.slack.state()["ephemerals"][-1]["thread_ts"] == ana.threads()[-1]
    assert ana.slack.modal(BOB) is None


def test_an_old_card_whose_verb_nobody_knows_says_so(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PRESSES", {})
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "claim") == 200
    assert "earlier version of Threadline" in "".join(whispered(ana))


def test_an_outsider_is_told_whom_it_is_for(ana: House) -> None:
    ana.slack.share(SUPPORT)
    assert ana.slack.press(OUTSIDER, SUPPORT, ana.threads()[-1], "more") == 200
    assert whispered(ana, OUTSIDER) == ["This is for the team that Threadline works for."]


@pytest.mark.parametrize("kind", ["view_submission", "block_suggestion", "message_action", "shortcut"])
def test_an_outsider_gets_nowhere_by_any_door(ana: House, kind: str) -> None:
    view = {"id": "V1", "callback_id": "note", "private_metadata": json.dumps({"conversation": home(ana).id})}
    typed = {"values": {"note": {"note": {"type": "plain_text_input", "value": "I was here"}}}}
    payload = {"type": kind, "user": {"id": "U1", "team_id": "T0OTHER"}, "team": {"id": "T0OTHER"}}
    about = {"action_id": "customer", "value": "ana", "callback_id": "threadline", "trigger_id": "1.2.x"}
    assert knock(ana, {**payload, **about, "view": {**view, "state": typed}}) == 200
    ana.run()
    assert ana.texts() == ["Hi"]


def test_a_form_about_nothing_says_so(ana: House) -> None:
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "more") == 200
    assert ana.slack.press_in_view(BOB, "note") == 200
    ana.store._row(f"CONVERSATION#{home(ana).id}", "CONVERSATION").delete()
    assert ana.slack.submit(BOB, {"note": "careful"}) == 200
    assert "not on record any more" in said(ana)


def test_a_modal_that_cannot_be_filled_says_so(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    light = View("x", "Loading", [words("Loading …")])
    presses = {"claim": lambda *_: Show(light, fill="broken", about={"a": "b"})}
    monkeypatch.setattr(tables, "PRESSES", presses)
    monkeypatch.setattr(tables, "FILLS", {"broken": lambda *_: 1 / 0})
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "claim") == 200
    assert "Loading" in said(ana)
    ana.run()
    assert "could not be loaded" in said(ana)


def test_a_modal_is_opened_at_once_and_filled_after(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    light = View("x", "Loading", [words("Loading …")])
    asks: list[Ask] = []

    def fill(_: object, ask: Ask) -> View:
        asks.append(ask)
        return replace(light, blocks=[words("All there")])

    monkeypatch.setattr(tables, "PRESSES", {"claim": lambda *_: Show(light, fill="x", about={"a": "b"})})
    monkeypatch.setattr(tables, "FILLS", {"x": fill})
    before = len(ana.slack.calls)
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "claim") == 200
    assert [name for name, _ in ana.slack.calls[before:]] == ["views.open"]
    ana.run()
    assert "All there" in said(ana)
    assert [(ask.what, ask.user, ask.about) for ask in asks] == [("x", BOB, {"a": "b"})]


def test_a_modal_is_filled_though_its_bell_was_lost(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    light = View("x", "Loading", [words("Loading …")])
    monkeypatch.setattr(tables, "PRESSES", {"claim": lambda *_: Show(light, fill="x")})
    monkeypatch.setattr(tables, "FILLS", {"x": lambda *_: replace(light, blocks=[words("All there")])})
    ana.bells.deaf = True
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "claim") == 200
    assert "All there" in said(ana)


def test_what_a_form_shows_is_filled_once_slack_surely_shows_it(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    light = View("x", "Loading", [words("Loading …")])
    monkeypatch.setattr(tables, "FORMS", {"note": lambda *_: Show(light, over=True, fill="x")})
    monkeypatch.setattr(tables, "FILLS", {"x": lambda *_: replace(light, blocks=[words("All there")])})
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "more") == 200
    assert ana.slack.press_in_view(BOB, "note") == 200
    assert ana.slack.submit(BOB, {"note": "x"}) == 200
    assert "Loading" in said(ana)
    ana.run()
    assert "All there" in said(ana)
    assert 0 < sum(ana.pauses) <= replies.SETTLES / 1000


def test_many_who_do_the_same_at_once_do_it_once(ana: House) -> None:
    users = [BOB, MIA] * 4
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda user: ana.slack.press(user, SUPPORT, ana.threads()[-1], "resolve"), users))
    ana.run()
    assert home(ana).status is Status.RESOLVED
    assert len([item for item in ana.items() if item.kind is Kind.LINE]) == 1
    assert sum(map(len, (whispered(ana), whispered(ana, MIA)))) == len(users) - 1


def test_what_two_do_at_once_is_both_done_and_told(ana: House) -> None:
    both = [(BOB, "claim"), (MIA, "resolve")]
    with ThreadPoolExecutor(2) as people:
        list(people.map(lambda who: ana.slack.press(who[0], SUPPORT, ana.threads()[-1], who[1]), both))
    ana.run()
    assert (home(ana).owner, home(ana).status) == (BOB, Status.RESOLVED)
    assert sorted(ana.texts()[1:]) == ["Bob Brown claimed this.", "Mia Meyer resolved this."]


def test_a_stranger_cannot_have_us_call_an_address_that_is_not_slacks(ana: House) -> None:
    called: list[str] = []
    ana.world.slack.modals._http = lambda _, url, **__: called.append(url)  # type: ignore[assignment]
    for url in ("https://evil.example/x", "http://hooks.slack.com/x", "http://169.254.169.254/latest"):
        assert knock(ana, pressed("claim", GONE, response_url=url)) == 200
    assert called == []


@pytest.mark.parametrize("verb", sorted(tables.PRESSES))
def test_every_press_takes_whatever_is_in_it(ana: House, verb: str) -> None:
    before = ana.conversations(), ana.items()
    for value in ("", "x", GONE, f"{GONE}.{GONE}", "A" * 2000, "é" * 90, "../.."):
        assert knock(ana, pressed(verb, value)) == 200
    assert (ana.conversations(), ana.items()) == before


@pytest.mark.parametrize("form", sorted(tables.FORMS))
@pytest.mark.parametrize("meta", ["{}", '{"conversation": "x"}', f'{{"conversation": "{GONE}"}}'])
def test_every_form_takes_whatever_is_in_it(ana: House, form: str, meta: str) -> None:
    before = ana.conversations(), ana.items()
    view = {"id": "V1", "callback_id": form, "private_metadata": meta, "state": {"values": {}}}
    user = {"id": BOB, "team_id": "T0THREAD"}
    assert knock(ana, {"type": "view_submission", "user": user, "view": view}) == 200
    ana.run()
    assert (ana.conversations(), ana.items()) == before


def test_what_a_form_shows_says_so_where_nobody_is_left_to_fill_it(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    light = View("x", "Loading", [words("Loading …")])
    monkeypatch.setattr(tables, "FORMS", {"note": lambda *_: Show(light, fill="x")})
    assert ana.slack.press(BOB, SUPPORT, ana.threads()[-1], "more") == 200
    assert ana.slack.press_in_view(BOB, "note") == 200
    ana.bells.deaf = True
    assert ana.slack.submit(BOB, {"note": "x"}) == 200
    assert replies.NOT_LOADED in said(ana)
