"""Behind the outbound bell: every way a call can end, and what then becomes of the reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.model import Item, Kind, Known, Part, Reason, Side, State
from chalicelib.outbound import send
from chalicelib.outbound.attempt import Way
from chalicelib.outbound.cut import cut
from chalicelib.queues import A_CALL, LIFE, Bell
from chalicelib.settling import claimed_part
from chalicelib.store import Replace
from chalicelib.sweep import sweep
from chalicelib.web import call
from infra.local.slack.team import BOB, SUPPORT
from tests.house import SECRETS, House, Over, reactions

ANA, BEN, WA, TG = "+15551230001", "+15551230002", "5511987654321", "512345678"
LONG = " ".join(f"word{number}" for number in range(500))


def sms(house: House, who: str = ANA) -> list[str]:
    return house.on_phone(house.twilio.phone(who))


def whatsapp(house: House) -> list[str]:
    return house.on_phone(house.whatsapp.phone(WA))


def telegram(house: House) -> list[str]:
    return house.on_phone(house.telegram.phone(TG))


@pytest.fixture
def ana(house: House) -> House:
    """Ana wrote an SMS."""
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


@pytest.fixture
def wa(house: House) -> House:
    """Ana wrote by WhatsApp."""
    house.whatsapp.write(WA, "Olá", name="Ana")
    house.run()
    return house


@pytest.fixture
def tg(house: House) -> House:
    """Ana wrote by Telegram."""
    house.telegram.write(TG, "Hi", first_name="Ana")
    house.run()
    return house


CUSTOMERS: dict[str, Callable[[House], Any]] = {
    "twilio": lambda house: house.twilio.write(ANA, "Hi"),
    "whatsapp": lambda house: house.whatsapp.write(WA, "Hi", name="Ana"),
    "telegram": lambda house: house.telegram.write(TG, "Hi", first_name="Ana"),
}
PHONES = {"twilio": sms, "whatsapp": whatsapp, "telegram": telegram}


def each_channel(house: House, channel: str) -> Any:
    CUSTOMERS[channel](house)
    house.run()
    return getattr(house, channel)


def reply_of(house: House) -> Item:
    return next(item for item in reversed(house.items()) if item.kind is Kind.REPLY)


def notice(house: House) -> dict[str, Any]:
    """The last thing Threadline said about a reply."""
    return next(post for post in reversed(house.thread()) if post["text"].startswith(("⚠️", ":warning:", "This")))


def buttons(house: House) -> list[str]:
    rows = [block["elements"] for block in notice(house)["blocks"] if block["type"] == "actions"]
    return [button["action_id"] for row in rows for button in row]


def press(house: House, verb: str) -> None:
    assert house.slack.press(BOB, SUPPORT, notice(house)["ts"], verb) == 200
    house.run()


def state(house: House) -> tuple[State, Reason | None]:
    item = reply_of(house)
    bad = next((part.reason for part in item.parts if part.reason), None)
    return item.state, bad


def died(house: House, after: Callable[[Item], Item]) -> None:
    """Leave the oldest reply as a worker would that died: claimed, and whatever else."""
    (item, *_) = house.world.store.undone(house.conversations()[0].id, Side.CUSTOMER, 1)
    house.world.store.write(Replace(after(cut(item, [Part(item.text)]))))


def claimed(house: House, ago: int = 61_000) -> Callable[[Item], Item]:
    return lambda item: replace(claimed_part(item, 0, house.clock.ms() - ago), awaits=True)


# --------------------------------------------------------------------------- long texts


def test_a_long_sms_goes_in_numbered_parts(ana: House) -> None:
    ana.say(LONG)
    ana.run()
    first, second, third = sms(ana)
    assert (first[-6:], second[-6:], third[-6:]) == (" (1/3)", " (2/3)", " (3/3)")
    assert "".join(part[:-6] + " " for part in (first, second, third)).strip() == LONG
    assert max(map(len, sms(ana))) <= 1600


@pytest.mark.parametrize("channel", ["whatsapp", "telegram"])
def test_the_others_take_4096_units_at_a_time(house: House, channel: str) -> None:
    each_channel(house, channel)
    house.say("👋" * 3000)
    house.run()
    parts = PHONES[channel](house)
    assert [len(part.encode("utf-16-le")) // 2 for part in parts] == [4096, 1904]
    assert reply_of(house).state in (State.SENT, State.DELIVERED)


def test_what_failed_of_a_long_text_is_sent_again_and_the_rest_is_not(ana: House) -> None:
    ana.twilio.fail({"delay": 0}, on="POST")
    ana.twilio.fail({"error": 30003, "status": 400}, on="POST")
    ana.say(LONG)
    ana.run()
    assert (len(sms(ana)), buttons(ana)) == (1, ["send_again"])
    assert "phone cannot be reached" in notice(ana)["text"]
    press(ana, "send_again")
    assert [part[-6:] for part in sms(ana)] == [" (1/3)", " (2/3)", " (3/3)"]
    assert reply_of(ana).state is State.DELIVERED


def test_a_receipt_for_the_first_part_does_not_repeat_the_second(ana: House) -> None:
    ana.twilio.receipts(auto=False)
    ana.twilio.fail({"delay": 0}, on="POST")
    ana.twilio.fail({"drop": "after"}, on="POST")
    ana.say(LONG)
    ana.run()
    ana.twilio.receipt(ana.twilio.phone(ANA)[1]["id"], "delivered")
    ana.run()
    ana.bells.ring(Side.CUSTOMER, [Bell(ana.conversations()[0].id, ana.conversations()[0].id)])
    ana.run()
    assert len(sms(ana)) == 2, "the claim on the second part still stands"
    ana.later(61)
    assert [part[-6:] for part in sms(ana)] == [" (1/3)", " (2/3)", " (3/3)"]


def first_part_failed_and_second_lost(ana: House) -> None:
    ana.twilio.receipts(auto=False)
    ana.twilio.fail({"delay": 0}, on="POST")
    ana.twilio.fail({"drop": "after"}, on="POST")
    ana.say(LONG[:2000])
    ana.run()
    ana.twilio.receipt(ana.twilio.phone(ANA)[1]["id"], "undelivered", 30003)
    ana.run()


def test_sending_a_failed_part_again_does_not_repeat_one_whose_answer_was_lost(ana: House) -> None:
    first_part_failed_and_second_lost(ana)
    for _ in range(3):
        ana.later(61)
    press(ana, "send_again")
    ana.later(61)
    assert [part[-6:] for part in sms(ana)] == [" (1/2)", " (2/2)", " (1/2)"]


def test_a_part_that_is_not_cleared_up_keeps_no_words_of_the_customer_back(ana: House) -> None:
    first_part_failed_and_second_lost(ana)
    ana.twilio.write(ANA, "Are you there?")
    ana.run()
    assert "Are you there?" in ana.texts()


# --------------------------------------------------------------------------- what a customer reads


def test_mentions_become_names_that_are_asked_for_once(ana: House) -> None:
    for _ in range(2):
        ana.say("Ask @mia &lt; or <@U0MIA> in #sales :wave:, see https://x.y/?a=1&b=2")
    ana.run()
    assert sms(ana)[0] == sms(ana)[1]
    assert "<" not in sms(ana)[0].replace("&lt;", "")
    assert "U0" not in sms(ana)[0]
    assert "#sales 👋, see https://x.y/?a=1&b=2" in sms(ana)[0]
    assert sum(method == "users.info" for method, _ in ana.slack.calls) == 1


Called = Callable[..., str | None]


def silent_about(house: House, *users: str) -> list[str]:
    """Let Slack leave us ten seconds without an answer about some people; returns whom it was asked about."""
    called: Called = house.world.slack.called
    asked = list[str]()

    def hangs(mention: str, *, ask: bool) -> str | None:
        user = mention.removeprefix("user:")
        if user not in users or not ask:
            return called(mention, ask=ask)
        asked.append(user)
        house.clock.ahead += 10
        return None

    slack: Any = Over(house.world.slack, called=hangs)
    services._made["world"] = house.world = replace(house.world, slack=slack)
    return asked


def test_a_reply_goes_out_at_once_though_slack_hangs_when_asked_for_names(ana: House) -> None:
    assert ana.world.slack.called("user:U0MIA") == "@Mia Meyer"
    asked = silent_about(ana, "U0JUN", BOB)
    ana.say(f"Ask <@U0JUN> or <@{BOB}> or <@U0MIA>")
    ana.run()
    assert (sms(ana), asked) == (["Ask @somebody or @somebody or @Mia Meyer"], ["U0JUN"])


def test_names_that_there_was_no_time_to_ask_for_are_asked_for_by_the_next_worker(ana: House) -> None:
    called: Called = ana.world.slack.called

    def slow(mention: str, *, ask: bool) -> str | None:
        if called(mention, ask=False) is None and ask:
            ana.clock.ahead += 9
        return called(mention, ask=ask)

    slack: Any = Over(ana.world.slack, called=slow)
    services._made["world"] = ana.world = replace(ana.world, slack=slack)
    ana.say(f"Ask <@U0JUN> or <@{BOB}> or <@U0MIA>")
    ana.run()
    assert sms(ana) == ["Ask @Jun Ito or @Bob Brown or @Mia Meyer"]


def test_a_call_to_colleagues_is_no_reply(ana: House) -> None:
    ana.say("@here")
    ana.say("@here Hello")
    ana.run()
    assert sms(ana) == ["Hello"]


# --------------------------------------------------------------------------- busy


@pytest.mark.parametrize("channel", list(CUSTOMERS))
def test_a_short_wait_is_waited_out(house: House, channel: str) -> None:
    each_channel(house, channel).fail({"status": 429, "retry_after": 2})
    house.say("Hello")
    house.run()
    assert (PHONES[channel](house), house.pauses.count(2.0)) == (["Hello"], 1)


@pytest.mark.parametrize("channel", list(CUSTOMERS))
def test_a_long_wait_shuts_the_line_and_nothing_is_lost(house: House, channel: str) -> None:
    each_channel(house, channel).fail({"status": 429, "retry_after": 90})
    house.say("One")
    house.run()
    assert reply_of(house).state is State.RECORDED
    house.say("Two")
    house.run()
    assert PHONES[channel](house) == []
    house.later(61)
    assert PHONES[channel](house) == []
    house.later(61)
    house.later(121)
    assert PHONES[channel](house) == ["One", "Two"]


def test_one_customer_who_has_to_wait_holds_up_no_other(wa: House) -> None:
    wa.whatsapp.write("5511000000002", "Oi", name="Ben")
    wa.run()
    wa.whatsapp.fail({"error": 131056})
    wa.say("Hello Ana", 0)
    wa.run()
    wa.say("Hello Ben", 1)
    wa.run()
    assert (whatsapp(wa), wa.on_phone(wa.whatsapp.phone("5511000000002"))) == ([], ["Hello Ben"])
    wa.later(61)
    assert whatsapp(wa) == ["Hello Ana"]


@pytest.mark.parametrize("channel", list(CUSTOMERS))
def test_a_provider_that_cannot_be_reached_has_not_got_it(house: House, channel: str) -> None:
    each_channel(house, channel)
    variable = {"twilio": "TWILIO", "whatsapp": "GRAPH", "telegram": "TELEGRAM"}[channel]
    environment = {**house.world.environment, f"THREADLINE_{variable}_URL": "http://127.0.0.1:1"}
    services._made["world"] = replace(house.world, environment=environment)
    house.say("Hello")
    house.run()
    assert (reply_of(house).state, reply_of(house).claim) == (State.RECORDED, None)
    services._made["world"] = house.world
    house.later(61)
    assert PHONES[channel](house) == ["Hello"]


# --------------------------------------------------------------------------- ambiguous


@pytest.mark.parametrize("how", [{"drop": "before"}, {"status": 500}])
def test_twilio_is_asked_and_what_it_has_not_got_is_sent_again(ana: House, how: dict[str, Any]) -> None:
    ana.twilio.fail(how, on="POST")
    ana.say("Hello")
    ana.say("And more")
    ana.run()
    assert (sms(ana), reply_of(ana).state) == ([], State.RECORDED)
    ana.later(61)
    assert sms(ana) == ["Hello", "And more"]


@pytest.mark.parametrize("receipts", [True, False])
def test_twilio_has_got_what_it_did_not_answer_and_it_is_not_sent_twice(ana: House, *, receipts: bool) -> None:
    ana.twilio.receipts(auto=receipts, delay=0)
    ana.twilio.fail({"drop": "after"}, on="POST")
    ana.say("Hello")
    ana.run()
    ana.later(61)
    ana.later(121)
    assert sms(ana) == ["Hello"]
    assert reply_of(ana).state is (State.DELIVERED if receipts else State.SENT)


def test_the_same_words_sent_just_before_are_not_taken_for_those_that_got_lost(ana: House) -> None:
    ana.twilio.fail({"delay": 0}, on="POST")
    ana.twilio.fail({"drop": "before"}, on="POST")
    ana.say("Yes")
    ana.say("Yes")
    ana.run()
    ana.later(61)
    assert sms(ana) == ["Yes", "Yes"]


def test_whatsapp_settles_by_the_receipt_that_brings_our_token(wa: House) -> None:
    wa.whatsapp.fail({"drop": "after"})
    wa.say("Hello")
    wa.say("And more")
    wa.run()
    wa.later(61)
    assert whatsapp(wa) == ["Hello", "And more"]
    assert {item.state for item in wa.items() if item.outbound} == {State.DELIVERED}


def lose_what_whatsapp_may_have_taken(wa: House, drop: str) -> None:
    """Whatsapp says nothing of a reply for longer than it ever takes."""
    wa.whatsapp.receipts(auto=False)
    wa.whatsapp.fail({"drop": drop})
    wa.say("Hello")
    wa.run()
    wa.later(61)
    assert reply_of(wa).state is State.SENDING
    wa.later(360)


def test_what_whatsapp_does_not_confirm_did_not_leave_and_a_person_may_send_it_again(wa: House) -> None:
    lose_what_whatsapp_may_have_taken(wa, "before")
    assert (state(wa), buttons(wa)) == ((State.FAILED, Reason.UNCONFIRMED), ["send_again"])
    press(wa, "send_again")
    assert whatsapp(wa) == ["Hello"]


@pytest.mark.parametrize(("said", "then"), [("sent", State.SENT), ("delivered", State.DELIVERED)])
def test_a_late_status_knows_better_than_silence(wa: House, said: str, then: State) -> None:
    lose_what_whatsapp_may_have_taken(wa, "after")
    wa.whatsapp.receipt(wa.whatsapp.phone(WA)[-1]["id"], said)
    wa.run()
    wa.later(70)
    assert reply_of(wa).state is then
    assert wa.texts()[-1] == "This did reach Ana after all."


def test_while_twilio_cannot_be_asked_nobody_says_that_nobody_knows(ana: House) -> None:
    ana.twilio.receipts(auto=False)
    ana.twilio.fail({"drop": "after"}, on="POST")
    ana.twilio.fail({"status": 500}, times=1_000, on="GET")
    ana.say("Hello")
    ana.run()
    for _ in range(6):
        ana.later(600)
    assert reply_of(ana).state is State.SENDING
    ana.twilio.mend()
    ana.later(600)
    assert (reply_of(ana).state, sms(ana)) == (State.SENT, ["Hello"])


def test_of_the_same_words_sent_twice_the_lost_one_is_told_apart(ana: House) -> None:
    ana.twilio.receipts(auto=False)
    ana.say("Yes")
    ana.run()
    ana.twilio.fail({"drop": "after"}, on="POST")
    ana.say("Yes")
    ana.run()
    ana.later(61)
    assert [item.state for item in ana.items() if item.outbound] == [State.SENT, State.SENT]
    assert sms(ana) == ["Yes", "Yes"]


def test_on_telegram_nobody_can_be_asked(tg: House) -> None:
    tg.telegram.fail({"drop": "after"})
    tg.say("Hello")
    tg.say("And more")
    tg.run()
    assert telegram(tg) == ["Hello"]
    tg.later(61)
    assert (telegram(tg), buttons(tg)) == (["Hello", "And more"], ["send_again", "it_arrived"])
    press(tg, "it_arrived")
    assert telegram(tg) == ["Hello", "And more"]
    assert {item.state for item in tg.items() if item.outbound} == {State.SENT}


def test_a_repeat_that_nobody_confirms_is_called_sent_and_no_more(tg: House) -> None:
    tg.telegram.fail({"drop": "before"})
    tg.say("Hello")
    tg.run()
    tg.later(61)
    press(tg, "send_again")
    assert (telegram(tg), tg.texts()[-1]) == (["Hello"], "This has been sent to Ana again.")


def test_a_receipt_that_settles_a_lost_answer_lets_the_parts_behind_go_out_at_once(wa: House) -> None:
    wa.whatsapp.fail({"drop": "after"})
    wa.say("👋" * 3000)
    wa.run()
    assert "".join(whatsapp(wa)) == "👋" * 3000


def test_it_arrived_lets_the_parts_behind_go_out(tg: House) -> None:
    tg.telegram.fail({"drop": "after"})
    tg.say("👋" * 3000)
    tg.run()
    tg.later(61)
    assert len(telegram(tg)) == 1
    press(tg, "it_arrived")
    assert "".join(telegram(tg)) == "👋" * 3000
    assert reactions(tg.thread()[1]) == ["heavy_check_mark"]


# --------------------------------------------------------------------------- ours


@pytest.mark.parametrize("channel", list(CUSTOMERS))
def test_a_broken_credential_shuts_one_line_and_an_administrator_is_told(house: House, channel: str) -> None:
    each_channel(house, channel).fail({"status": 401})
    other = "telegram" if channel != "telegram" else "twilio"
    each_channel(house, other)
    house.say("Hello", 0)
    house.say("Hello", 1)
    house.run()
    assert (PHONES[channel](house), PHONES[other](house)) == ([], ["Hello"])
    told = [post["text"] for post in house.slack.messages("sales")]
    assert [channel in text for text in told] == [True]
    house.later(200)
    assert PHONES[channel](house) == ["Hello"]


def test_a_secret_that_is_missing_holds_its_line_and_is_named(ana: House) -> None:
    secrets = {**SECRETS, "TWILIO_AUTH_TOKEN": ""}
    services._made["world"] = replace(ana.world, secret=lambda name: secrets.get(name, ""))
    ana.say("Hello")
    ana.run()
    assert "TWILIO_AUTH_TOKEN" in ana.slack.messages("sales")[0]["text"]
    services._made["world"] = ana.world
    ana.later(200)
    assert sms(ana) == ["Hello"]


# --------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("error", "words", "again"),
    [
        (21211, "address does not exist", []),
        (21614, "address does not exist", []),
        (21610, "not to be written to", []),
        (30004, "blocked us", []),
        (30007, "took it for spam", ["send_again"]),
        (21408, "21408", ["send_again"]),
    ],
)
def test_a_refusal_is_told_in_plain_words_and_the_next_goes_on(
    ana: House, error: int, words: str, again: list[str]
) -> None:
    ana.twilio.fail({"error": error, "status": 400}, on="POST")
    ana.say("Hello")
    ana.run()
    assert words in notice(ana)["text"]
    assert [verb for verb in again if verb in str(notice(ana)["blocks"])] == again
    ana.say("Still there?")
    ana.run()
    assert sms(ana) == ([] if error == 21610 else ["Still there?"])


def test_somebody_who_opted_out_at_the_provider_is_never_written_to_again(ana: House) -> None:
    ana.twilio.block(ANA)
    ana.say("Hello")
    ana.run()
    ana.twilio.unblock(ANA)
    calls = len(ana.twilio.calls)
    ana.say("Hello?")
    ana.run()
    assert (sms(ana), len(ana.twilio.calls)) == ([], calls)
    assert [s for s in ana.texts() if "not to be written to" in s] == [ana.texts()[2], ana.texts()[4]]


def test_a_customer_who_blocked_the_bot_is_not_reached_until_they_come_back(tg: House) -> None:
    tg.telegram.block(TG)
    tg.run()
    tg.say("Hello")
    tg.run()
    assert telegram(tg) == []
    assert "not to be written to" in notice(tg)["text"]
    tg.telegram.unblock(TG)
    tg.run()
    tg.say("Hello again")
    tg.run()
    assert telegram(tg) == ["Hello again"]


def test_telegrams_refusal_is_told(tg: House) -> None:
    tg.telegram.fail({"error": 403, "description": "Forbidden: bot was blocked by the user"})
    tg.say("Hello")
    tg.run()
    assert state(tg) == (State.FAILED, Reason.BLOCKED)
    assert "they have blocked us" in notice(tg)["text"]


def test_a_failed_reply_that_was_deleted_is_not_sent_again(ana: House) -> None:
    ana.twilio.fail({"error": 30003, "status": 400}, on="POST")
    ana.slack.fail("chat.postMessage", {"drop": "after"})
    ts = ana.say("Hello")
    ana.quiet()
    ana.slack.drop_events(1)
    ana.run()
    ana.slack.delete(SUPPORT, ts)
    ana.run()
    ana.later(61)
    assert not any("already got it" in text for text in ana.texts())
    press(ana, "send_again")
    ana.later(61)
    assert sms(ana) == []


# --------------------------------------------------------------------------- the window


def test_after_24_hours_a_reply_is_refused_before_it_is_sent(wa: House) -> None:
    wa.clock.ahead = 24 * 3600 + 60
    calls = len(wa.whatsapp.calls)
    wa.say("Hello")
    wa.run()
    assert (whatsapp(wa), len(wa.whatsapp.calls)) == ([], calls)
    assert "more than 24 hours" in notice(wa)["text"]
    wa.whatsapp.write(WA, "Still here")
    wa.run()
    press(wa, "send_again")
    assert whatsapp(wa) == ["Hello"]


def test_send_again_while_the_window_is_still_closed_says_so_again(wa: House) -> None:
    wa.clock.ahead = 24 * 3600 + 60
    wa.say("Hello")
    wa.run()
    for _ in range(3):
        press(wa, "send_again")
    assert (whatsapp(wa), buttons(wa)) == ([], ["template", "send_again"])
    assert len([text for text in wa.texts() if "24 hours" in text]) == 1


def test_the_window_is_that_of_the_line_the_customer_wrote_to(house: House) -> None:
    house.whatsapp.write(WA, "To Meta", name="Ana")
    house.run()
    house.clock.ahead = 23 * 3600
    house.twilio.write(f"+{WA}", "To Twilio", medium="whatsapp", name="Ana")
    house.run()
    house.clock.ahead = 25 * 3600
    house.say("Hello")
    house.run()
    assert (sms(house, f"+{WA}"), whatsapp(house)) == (["Hello"], [])


def test_a_window_only_the_provider_knew_to_be_closed_is_told(wa: House) -> None:
    wa.whatsapp.close_window(WA)
    wa.say("Hello")
    wa.run()
    assert (state(wa), whatsapp(wa)) == ((State.FAILED, Reason.WINDOW), [])
    assert "more than 24 hours" in notice(wa)["text"]


def test_twilios_window_is_told_too(house: House) -> None:
    house.twilio.write(ANA, "Hi", medium="whatsapp", name="Ana")
    house.run()
    house.twilio.close_window(ANA)
    house.say("Hello")
    house.run()
    assert (state(house), sms(house)) == ((State.FAILED, Reason.WINDOW), [])


# --------------------------------------------------------------------------- consent


def test_after_stop_nothing_goes_out_until_start(ana: House) -> None:
    ana.twilio.write(ANA, "STOP")
    ana.run()
    before = sms(ana)
    ana.say("Hello")
    ana.run()
    assert sms(ana) == before
    assert "not to be written to" in notice(ana)["text"]
    ana.twilio.write(ANA, "START")
    ana.run()
    before = sms(ana)
    ana.say("Hello")
    ana.run()
    assert sms(ana)[len(before) :] == ["Hello"]


def test_a_stop_by_sms_does_not_silence_whatsapp(ana: House) -> None:
    ana.twilio.write(ANA, "STOP")
    ana.twilio.write(ANA, "Here please", medium="whatsapp", name="Ana")
    ana.run()
    ana.say("Hello")
    ana.run()
    assert [m["text"] for m in ana.twilio.phone(ANA) if m.get("medium") == "whatsapp"][-1] == "Hello"


def test_a_stop_that_comes_while_a_reply_is_tried_again_holds(ana: House) -> None:
    ana.twilio.fail({"drop": "before"}, on="POST")
    ana.say("Hello")
    ana.run()
    ana.twilio.write(ANA, "STOP")
    ana.run()
    ana.twilio.unblock(ANA)
    ana.later(61)
    assert "Hello" not in sms(ana)
    assert state(ana) == (State.FAILED, Reason.OPTED_OUT)


@pytest.mark.parametrize(("channel", "who"), [("twilio", ANA), ("whatsapp", WA)])
def test_a_stop_that_comes_between_two_parts_holds_the_second_back(house: House, channel: str, who: str) -> None:
    phone = each_channel(house, channel)

    def stopped(*args: Any, **how: Any) -> Any:
        answer = house.world.http(*args, **how)
        phone.write(who, "STOP")
        return answer

    services._made["world"] = replace(house.world, call=stopped)
    house.say("👋" * 3000)
    house.run()
    assert [part.tries for part in reply_of(house).parts][:2] == [1, 0]


# --------------------------------------------------------------------------- workers that die


def test_a_worker_that_died_before_its_call_is_made_good(ana: House) -> None:
    ana.say("Hello")
    ana.quiet()
    died(ana, claimed(ana))
    ana.run()
    assert sms(ana) == ["Hello"]


def test_a_worker_that_died_after_its_call_is_found_out(ana: House) -> None:
    ana.say("Hello")
    ana.quiet()
    died(ana, claimed(ana, 1_000))
    item = reply_of(ana)
    channel, account = ana.world.line("twilio", "main")
    assert item.route is not None
    assert item.claim is not None
    mine = Way(ana.world, item.route, channel, account, channel.CAPABILITIES["sms"], None, None)
    channel.send(mine.message(item, 0), account, ana.world.http)
    ana.run()
    ana.later(61)
    assert sms(ana) == ["Hello"]


def test_a_fresh_claim_of_somebody_else_stops_the_conversation(ana: House) -> None:
    ana.say("One")
    ana.say("Two")
    ana.quiet()
    died(ana, claimed(ana, 30_000))
    ana.run()
    assert sms(ana) == []
    ana.later(61)
    assert sms(ana) == ["One", "Two"]


def test_three_attempts_without_a_trace_are_given_up_with_a_sentence(ana: House) -> None:
    ana.twilio.fail({"drop": "before"}, times=3, on="POST")
    ana.say("Hello")
    ana.run()
    for _ in range(4):
        ana.later(241)
    assert (state(ana), sms(ana)) == ((State.FAILED, Reason.GAVE_UP), [])
    assert "three attempts" in notice(ana)["text"]
    press(ana, "send_again")
    assert sms(ana) == ["Hello"]


def test_while_twilio_cannot_be_asked_nothing_is_sent_again(ana: House) -> None:
    ana.twilio.fail({"drop": "after"}, on="POST")
    ana.twilio.receipts(auto=False)
    ana.say("Hello")
    ana.run()
    ana.twilio.fail({"status": 500}, times=3)
    ana.later(61)
    assert (sms(ana), reply_of(ana).state) == (["Hello"], State.SENDING)


# --------------------------------------------------------------------------- too old


def test_a_reply_that_could_not_go_for_a_day_expires(ana: House) -> None:
    ana.bells.deaf = True
    ana.say("Hello <@U0MIA> &amp; all")
    ana.quiet()
    ana.bells.deaf = False
    ana.later(24 * 3600 + 60)
    assert (state(ana), sms(ana)) == ((State.FAILED, Reason.EXPIRED), [])
    assert "whole day" in notice(ana)["text"]


def test_a_reply_by_a_line_that_is_no_more_expires_and_can_be_sent_when_it_is_back(ana: House) -> None:
    settings = ana.settings_text
    ana.settings_text = settings.replace('"twilio/main" = "support"\n', "")
    ana.say("Hello & all")
    ana.run()
    ana.later(24 * 3600 + 60)
    assert (state(ana), "whole day" in notice(ana)["text"]) == ((State.FAILED, Reason.EXPIRED), True)
    ana.settings_text = settings
    ana.later(200)
    press(ana, "send_again")
    assert sms(ana) == ["Hello & all"]


def test_a_claim_on_a_line_that_is_no_more_ends_as_unknown(ana: House) -> None:
    ana.say("Hello")
    ana.quiet()
    died(ana, claimed(ana))
    ana.settings_text = ana.settings_text.replace('"twilio/main" = "support"\n', "")
    ana.run()
    ana.later(24 * 3600 + 60)
    assert state(ana) == (State.UNKNOWN, Reason.LOST_TRACK)


# --------------------------------------------------------------------------- a turn


def test_a_busy_thread_goes_to_the_tail_after_five_replies(ana: House) -> None:
    for number in range(12):
        ana.say(f"Line {number}")
    ana.quiet()
    home = ana.conversations()[0].id
    ana.bells.rung.clear()
    ana.answer(Side.CUSTOMER, Bell(home, home))
    assert len(sms(ana)) == 5
    ana.run()
    assert sms(ana) == [f"Line {number}" for number in range(12)]


def test_a_slow_provider_does_not_outlive_the_worker(ana: House) -> None:
    def slow(*args: Any, **how: Any) -> Any:
        ana.clock.ahead += 6
        return ana.world.http(*args, **how)

    services._made["world"] = replace(ana.world, call=slow)
    ana.say(LONG)
    ana.quiet()
    home = ana.conversations()[0].id
    ana.bells.rung.clear()
    ana.answer(Side.CUSTOMER, Bell(home, home))
    assert len(sms(ana)) == 1
    ana.run()
    assert [part[-6:] for part in sms(ana)] == [" (1/3)", " (2/3)", " (3/3)"]


@pytest.mark.some(1)
@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 5}, {"drop": "before"}, None])
def test_no_call_is_begun_whose_end_its_worker_may_not_see(house: House, fault: dict[str, Any] | None) -> None:
    people = [f"+1555123000{number}" for number in range(5)]
    for who in people:
        house.twilio.write(who, "Hi")
    house.run()
    for number in range(len(people)):
        house.say("Hello", number)
    house.quiet()
    if fault:
        house.twilio.fail(fault, times=3, on="POST")
    begun: list[int] = []

    def slow(*args: Any, **how: Any) -> Any:
        begun.append(house.clock.ms())
        house.clock.ahead += 7
        return call(*args, **how)

    services._made["world"] = house.world = replace(house.world, call=slow)
    for _ in range(4):
        while house.bells.rung:
            # One by one: a receipt of a provider's may ring meanwhile.
            rung = [house.bells.rung.popleft() for _ in range(len(house.bells.rung))]
            bells = [bell for side, bell in rung if side is Side.CUSTOMER][:10]
            others = [bell for side, bell in rung if side is Side.SLACK]
            invoked = house.clock.ms()
            house.answer_all(Side.CUSTOMER, bells)
            assert max(begun[-1:], default=0) - invoked <= LIFE - A_CALL
            house.answer_all(Side.SLACK, others)
        house.clock.ahead += 61
        sweep(house.world)
    assert [sms(house, who) for who in people] == [["Hello"]] * len(people)


def test_a_bell_for_nothing_costs_one_read(ana: House) -> None:
    reads: list[str] = []
    store = ana.world.store

    class Counted:
        def __getattr__(self, name: str) -> Any:
            reads.append(name)
            return getattr(store, name)

    counted: Any = Counted()
    home = ana.conversations()[0].id
    send(replace(ana.world, store=counted), Bell(home, home))
    assert reads == ["undone"]


def test_a_claimed_part_is_cleared_up_before_any_other_is_sent(ana: House) -> None:
    ana.say("Hello")
    ana.quiet()
    parts = (Part("First", tries=1), Part("Second", State.SENDING, tries=1))
    died(ana, lambda item: replace(claimed(ana)(item), parts=parts))
    ana.run()
    assert sms(ana) == ["Second", "First"]


def test_the_address_of_an_opted_out_customer_keeps_its_date(ana: House) -> None:
    ana.twilio.block(ANA)
    ana.say("Hello")
    ana.run()
    known = ana.world.store.find(Known, f"phone:{ANA}")
    assert known is not None
    assert list(known.opted_out) == ["sms"]


# --------------------------------------------------------------------------- long replies


def test_the_longest_reply_that_slack_takes_goes_out(tg: House) -> None:
    tg.say("a" * 40_000)
    tg.run()
    assert "".join(telegram(tg)) == "a" * 40_000


def test_a_reply_that_no_row_could_hold_is_refused_in_the_thread(tg: House) -> None:
    tg.say("字" * 40_000)
    tg.run()
    assert (telegram(tg), tg.texts()[-1]) == (
        [],
        "⚠️ Not delivered to Ana by Telegram: the text is longer than the channel takes.",
    )
