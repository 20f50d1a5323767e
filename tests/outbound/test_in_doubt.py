"""A reply that may have left, or not: what a person says of it, changes of it, what is heard of it later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.model import Claim, Part, Reason, State
from chalicelib.outbound.cut import cut
from chalicelib.store import Replace
from chalicelib.sweep import sweep
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House
from tests.outbound.test_send import (
    TG,
    WA,
    buttons,
    lose_what_whatsapp_may_have_taken,
    notice,
    press,
    reply_of,
    telegram,
    whatsapp,
)

LONG = "👋" * 3000
"""Two parts."""


@pytest.fixture
def tg(house: House) -> House:
    house.telegram.write(TG, "Hi", first_name="Ana")
    house.run()
    return house


@pytest.fixture
def wa(house: House) -> House:
    house.whatsapp.write(WA, "Olá", name="Ana")
    house.run()
    return house


# ------------------------------------------------------------------------------ It arrived


def say_it_arrived_before_the_verdicts_post_is_settled(tg: House, text: str) -> None:
    """Telegram's answer is lost, then Slack's to the post that asks about it, and a person is quick."""
    tg.telegram.fail({"drop": "after"})
    tg.say(text)
    tg.run()
    tg.slack.fail("chat.postMessage", {"drop": "after"})
    tg.slack.hold_events()
    tg.clock.ahead += 61
    sweep(tg.world)
    tg.run_bells()
    before = reply_of(tg)
    assert before.state is State.UNKNOWN
    assert before.claim is not None
    assert tg.slack.press(BOB, SUPPORT, notice(tg)["ts"], "it_arrived") == 200
    tg.run_bells()


def test_the_parts_behind_one_that_arrived_do_not_wait_for_the_verdicts_post(tg: House) -> None:
    say_it_arrived_before_the_verdicts_post_is_settled(tg, LONG)
    assert "".join(telegram(tg)) == LONG
    tg.slack.release_events()
    tg.say("And more")
    tg.run()
    tg.later(70)
    assert telegram(tg)[-1] == "And more"
    assert {item.state for item in tg.items() if item.outbound} == {State.SENT}


def test_what_arrived_is_asked_about_no_longer(tg: House) -> None:
    say_it_arrived_before_the_verdicts_post_is_settled(tg, "Hello")
    tg.slack.release_events()
    tg.run()
    tg.later(70)
    assert reply_of(tg).claim is None
    assert not any(block["type"] == "actions" for post in tg.thread() for block in post.get("blocks", ()))


@pytest.mark.parametrize("hours", [0, 25])
def test_a_claim_that_is_no_attempts_keeps_nothing_waiting(tg: House, hours: int) -> None:
    """A verdict's claim was once left on what is to be sent."""
    tg.say("Hello")
    tg.quiet()
    reply = cut(reply_of(tg), [Part("Hello")])
    tg.world.store.write(Replace(replace(reply, claim=Claim(reply.id, tg.clock.ms()))))
    if hours:
        tg.settings_text = tg.settings_text.replace('"telegram/main" = "support"\n', "")
    tg.later(hours * 3600)
    after = reply_of(tg)
    assert (after.state, after.claim) == (State.FAILED if hours else State.SENT, None)


# ------------------------------------------------------------------------------ changed in Slack


def in_doubt(wa: House) -> None:
    """WhatsApp has taken a reply, and nothing says so."""
    lose_what_whatsapp_may_have_taken(wa, "after")
    assert reply_of(wa).parts[0].reason is Reason.UNCONFIRMED


def asked_again(wa: House) -> None:
    """A person wants to have it sent again, and WhatsApp is busy."""
    in_doubt(wa)
    wa.whatsapp.fail({"status": 429, "error": 130429}, times=50)
    press(wa, "send_again")
    assert reply_of(wa).state is State.RECORDED


@pytest.mark.parametrize("stands", [in_doubt, asked_again])
def test_an_edit_does_not_change_what_may_have_left(wa: House, stands: Callable[[House], None]) -> None:
    stands(wa)
    wa.slack.edit(SUPPORT, reply_of(wa).their_id, "Something else")
    wa.run()
    assert "Changed here only" in wa.texts()[-1]
    assert (reply_of(wa).text, reply_of(wa).parts[0].text) == ("Hello", "Hello")


@pytest.mark.parametrize("stands", [in_doubt, asked_again])
def test_a_deletion_does_not_withdraw_what_may_have_left(wa: House, stands: Callable[[House], None]) -> None:
    stands(wa)
    wa.slack.delete(SUPPORT, reply_of(wa).their_id)
    wa.run()
    assert "Deleted here only" in wa.texts()[-1]
    assert reply_of(wa).state is not State.WITHDRAWN


def test_what_was_certainly_not_sent_can_be_changed_before_it_is_tried_again(wa: House) -> None:
    wa.whatsapp.fail({"status": 400, "error": 131026})
    wa.say("Hello")
    wa.run()
    assert reply_of(wa).state is State.FAILED
    wa.slack.edit(SUPPORT, reply_of(wa).their_id, "Something else")
    wa.run()
    assert reply_of(wa).text == "Something else"


# ------------------------------------------------------------------------------ heard later


def test_a_late_failure_knows_better_than_silence(wa: House) -> None:
    in_doubt(wa)
    wa.whatsapp.receipt(wa.whatsapp.phone(WA)[-1]["id"], "failed", 131026)
    wa.run()
    assert reply_of(wa).parts[0].reason is Reason.UNREACHABLE
    assert "phone cannot be reached" in notice(wa)["text"]
    assert sum(post["text"].startswith("⚠") for post in wa.thread()) == 1


def test_a_wish_not_to_be_written_to_counts_also_if_it_comes_late(wa: House) -> None:
    in_doubt(wa)
    wa.whatsapp.receipt(wa.whatsapp.phone(WA)[-1]["id"], "failed", 131050)
    wa.run()
    assert buttons(wa) == []
    wa.say("Are you there?")
    wa.run()
    assert whatsapp(wa) == ["Hello"]
