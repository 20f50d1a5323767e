"""The door for Slack: which words go to whom, once and in order."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.model import Kind, Raw, Side, State
from chalicelib.outbound.attempt import write
from chalicelib.queues import Bell
from infra.local.slack.team import BOB, SALES, SUPPORT
from infra.local.slack.wire import Signer, post
from tests.house import SECRETS, House, meanwhile

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    """The house with one thread: Ana wrote an SMS."""
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def sms(house: House, who: str = ANA) -> list[str]:
    return house.on_phone(house.twilio.phone(who))


def knock(house: House, event: dict[str, Any], **headers: str) -> int:
    """Post one event to the door as Slack would."""
    team = "T0THREAD"
    sealed = {"type": "event_callback", "team_id": team, "api_app_id": "A1", "event": event}
    body = json.dumps(sealed).encode()
    proof = Signer(SECRETS["SLACK_SIGNING_SECRET"], house.clock.seconds).headers(body)
    return post(f"{house.gateway.url}/slack/events", body, {**proof, **headers}, 5).status


def typed(house: House, ts: str, text: str = "Hello", **about: Any) -> dict[str, Any]:
    root = house.threads()[-1]
    where = {"channel": SUPPORT, "thread_ts": root, "ts": ts, "team": "T0THREAD"}
    return {"type": "message", "user": BOB, "text": text, **where, **about}


# --------------------------------------------------------------------------- to whom


def two_lines(house: House) -> None:
    """Make Ana one person who writes by SMS and by WhatsApp."""
    house.twilio.write(ANA, "By SMS")
    house.run()
    house.twilio.write(ANA, "By WhatsApp", medium="whatsapp", name="Ana")
    house.run()


def test_a_reply_goes_where_the_last_customers_post_above_it_came_from(house: House) -> None:
    two_lines(house)
    house.say("Hello")
    house.run()
    assert [m["medium"] for m in house.twilio.phone(ANA) if m["direction"] == "to_customer"] == ["whatsapp"]


def test_a_post_that_lands_below_a_reply_does_not_draw_it_away(house: House) -> None:
    house.twilio.write(ANA, "By SMS")
    house.run()
    house.slack.hold_events()
    house.say("Hello")
    house.twilio.write(ANA, "By WhatsApp", medium="whatsapp", name="Ana")
    house.run_bells()
    house.slack.release_events()
    house.run()
    assert [m["medium"] for m in house.twilio.phone(ANA) if m["direction"] == "to_customer"] == ["sms"]


def test_a_reply_right_under_the_card_goes_to_the_address_on_the_card(house: House) -> None:
    two_lines(house)
    card = house.threads()[-1]
    assert knock(house, typed(house, f"{card[:-6]}{int(card[-6:]) + 1:06}")) == 200
    house.run()
    assert [m["medium"] for m in house.twilio.phone(ANA) if m["direction"] == "to_customer"] == ["sms"]


def test_each_customer_gets_the_replies_of_their_own_thread(house: House) -> None:
    house.twilio.write(ANA, "I am Ana")
    house.twilio.write("+15551230002", "I am Ben")
    house.run()
    house.say("Hello Ana", 0)
    house.say("Hello Ben", 1)
    house.run()
    assert (sms(house), sms(house, "+15551230002")) == (["Hello Ana"], ["Hello Ben"])


# --------------------------------------------------------------------------- once, in order


def test_an_event_that_comes_again_is_sent_once(ana: House) -> None:
    ana.slack.repeat_events(3)
    ana.say("Once")
    ana.run()
    assert sms(ana) == ["Once"]


def test_slacks_retry_of_an_event_we_never_saw_is_taken(ana: House) -> None:
    ts = "9000000000.000100"
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert knock(ana, typed(ana, ts), **retry) == 200
    assert knock(ana, typed(ana, ts), **{**retry, "X-Slack-Retry-Num": "2"}) == 200
    ana.run()
    assert sms(ana) == ["Hello"]


def test_an_event_that_comes_many_times_at_once_is_sent_once(ana: House) -> None:
    event = typed(ana, "9000000000.000100")
    with ThreadPoolExecutor(8) as slack:
        assert set(slack.map(lambda _: knock(ana, event), range(16))) == {200}
    ana.run()
    assert sms(ana) == ["Hello"]


def test_workers_that_answer_one_bell_at_the_same_time_send_once(ana: House) -> None:
    for word in ("One", "Two", "Three"):
        ana.say(word)
    ana.quiet()
    home = ana.conversations()[0].id
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: ana.answer(Side.CUSTOMER, Bell(home, home)), range(8)))
    ana.run()
    assert sms(ana) == ["One", "Two", "Three"]


def test_replies_whose_events_overtook_each_other_go_out_as_they_were_typed(ana: House) -> None:
    ana.slack.hold_events()
    for word in ("One", "Two", "Three", "Four"):
        ana.say(word)
    ana.slack.release_events(reverse=True)
    ana.run()
    assert sms(ana) == ["One", "Two", "Three", "Four"]


def test_a_reply_is_on_record_even_if_the_bell_is_lost(ana: House) -> None:
    ana.bells.deaf = True
    ana.say("Hello")
    ana.quiet()
    ana.bells.deaf = False
    ana.later(61)
    assert sms(ana) == ["Hello"]


# --------------------------------------------------------------------------- what counts


def test_a_reply_also_sent_to_the_channel_goes_out_once(ana: House) -> None:
    ana.say("For all to see", broadcast=True)
    ana.run()
    assert sms(ana) == ["For all to see"]


def test_a_me_message_is_a_reply(ana: House) -> None:
    ana.say("is looking into it", me=True)
    ana.run()
    assert sms(ana) == ["is looking into it"]


@pytest.mark.parametrize("user", ["otherbot", "olga"])
def test_bots_and_outsiders_are_never_relayed(ana: House, user: str) -> None:
    ana.slack.share(SUPPORT)
    ana.slack.invite(SUPPORT, user)
    ana.say("Buy now", user=user)
    ana.run()
    assert sms(ana) == []
    assert [item.kind for item in ana.items()] == [Kind.MESSAGE]


def test_a_member_of_the_team_is_relayed_from_a_shared_channel(ana: House) -> None:
    ana.slack.share(SUPPORT)
    ana.say("Hello")
    ana.run()
    assert sms(ana) == ["Hello"]


def test_our_own_posts_are_never_relayed(ana: House) -> None:
    ana.slack.repeat_events(2)
    for word in ("one", "two"):
        ana.twilio.write(ANA, word)
    ana.run()
    assert sms(ana) == []


def test_talk_in_the_channel_and_in_other_threads_stays_here(ana: House) -> None:
    top = ana.slack.say(BOB, SUPPORT, "Lunch?")
    ana.slack.say("mia", SUPPORT, "Yes", top)
    ana.slack.say(BOB, "elsewhere", "Nothing of ours")
    ana.run()
    assert sms(ana) == []
    assert [item.kind for item in ana.items()] == [Kind.MESSAGE]


def test_previews_and_edits_that_change_nothing_send_nothing(ana: House) -> None:
    ts = ana.say("See https://example.com/")
    ana.run()
    ana.slack.unfurl(SUPPORT, ts)
    ana.slack.edit(SUPPORT, ts, "See https://example.com/")
    ana.run()
    assert sms(ana) == ["See https://example.com/"]
    assert ana.texts() == ["Hi", "See <https://example.com/>"]


def test_slack_gets_its_challenge_back(house: House) -> None:
    assert house.slack.verify_url()


# --------------------------------------------------------------------------- threads not known yet


def card_without_record(house: House) -> str:
    """Post a card and lose its answer, as a worker would that died right after."""
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)
    house.twilio.write(ANA, "Hi")
    house.run()
    return str(house.threads()[-1])


def test_a_reply_in_a_thread_not_yet_known_is_taken_over_once_it_is(house: House) -> None:
    card_without_record(house)
    house.slack.repeat_events(1)
    house.say("Hello")
    house.run()
    assert sms(house) == []
    house.later(61)
    house.later(61)
    assert (len(house.threads()), sms(house)) == (1, ["Hello"])


def test_a_kept_reply_goes_out_as_it_was_edited_last(house: House) -> None:
    card_without_record(house)
    ts = house.say("Helo")
    house.slack.edit(SUPPORT, ts, "Hello")
    house.run()
    house.later(61)
    house.later(61)
    assert sms(house) == ["Hello"]


def test_a_kept_reply_that_was_deleted_is_gone(house: House) -> None:
    card_without_record(house)
    house.slack.delete(SUPPORT, house.say("Oops"))
    house.run()
    house.later(61)
    house.later(61)
    assert sms(house) == []


def test_a_kept_note_stays_inside(house: House) -> None:
    card_without_record(house)
    house.say("// careful with this one")
    house.run()
    house.later(61)
    house.later(61)
    assert sms(house) == []
    assert [item.kind for item in house.items() if item.their_id and item.author == BOB] == [Kind.NOTE]


def test_a_kept_reply_that_becomes_a_note_much_later_stays_inside(house: House) -> None:
    card_without_record(house)
    ts = house.say("they are upset")
    house.quiet()
    house.clock.ahead += 301
    house.slack.edit(SUPPORT, ts, "// they are upset")
    house.run()
    for _ in range(3):
        house.later(61)
    assert sms(house) == []


def test_a_kept_note_stays_inside_however_often_it_is_edited(house: House) -> None:
    card_without_record(house)
    ts = house.say("// they are upset")
    for text in ("they are upset", "they are very upset"):
        house.quiet()
        house.clock.ahead += 1
        house.slack.edit(SUPPORT, ts, text)
    house.run()
    for _ in range(3):
        house.later(61)
    assert sms(house) == []


def test_what_was_said_in_a_thread_that_is_nobodys_goes_nowhere_and_is_dropped(ana: House) -> None:
    top = ana.slack.say(BOB, SUPPORT, "Lunch?")
    ana.slack.say("mia", SUPPORT, "Yes", top)
    ana.run()
    ana.later(61)
    assert [kept.due is None for kept in ana.world.store.kept(f"{SUPPORT}:{top}")] == [False]
    ana.later(25 * 3600)
    assert [kept.due is None for kept in ana.world.store.kept(f"{SUPPORT}:{top}")] == [True]
    assert sms(ana) == []


# --------------------------------------------------------------------------- edits and deletions


def test_an_edit_before_the_claim_takes_effect(ana: House) -> None:
    ts = ana.say("Helo")
    ana.slack.edit(SUPPORT, ts, "Hello")
    ana.run()
    assert (sms(ana), ana.texts()) == (["Hello"], ["Hi", "Hello"])


def test_a_deletion_before_the_claim_takes_effect(ana: House) -> None:
    ana.slack.delete(SUPPORT, ana.say("Oops"))
    ana.run()
    assert (sms(ana), ana.texts()) == ([], ["Hi"])


def test_a_later_edit_is_told_in_the_thread_once(ana: House) -> None:
    ts = ana.say("Helo")
    ana.run()
    ana.slack.repeat_events(2)
    ana.slack.edit(SUPPORT, ts, "Hello")
    ana.slack.edit(SUPPORT, ts, "Hello!")
    ana.run()
    told = [text for text in ana.texts() if text.startswith("Changed here only")]
    assert (sms(ana), len(told)) == (["Helo"], 1)


def test_a_later_deletion_is_told_in_the_thread_once(ana: House) -> None:
    ts = ana.say("Oops")
    ana.run()
    ana.slack.repeat_events(2)
    ana.slack.delete(SUPPORT, ts)
    ana.run()
    assert [text for text in ana.texts() if text != "Hi"] == [
        f"Deleted here only: it is on its way to {ANA}, or may have arrived."
    ]


def test_a_repeat_of_an_edit_that_was_in_time_is_no_late_edit(ana: House) -> None:
    ts = ana.say("Helo")
    ana.slack.edit(SUPPORT, ts, "Hello")
    ana.run()
    before = typed(ana, ts, "Helo")
    edit = {"user": BOB, "ts": next(i.edited for i in ana.items() if i.kind is Kind.REPLY)}
    event = {"subtype": "message_changed", "message": {**before, "text": "Hello", "edited": edit}}
    knock(ana, {"type": "message", "channel": SUPPORT, "ts": edit["ts"], "previous_message": before, **event})
    ana.run()
    assert ana.texts() == ["Hi", "Hello"]


def test_edits_that_come_out_of_order_leave_the_last_one(ana: House) -> None:
    ana.slack.hold_events()
    ts = ana.say("One")
    ana.slack.edit(SUPPORT, ts, "Two")
    ana.slack.edit(SUPPORT, ts, "Three")
    ana.slack.release_events(reverse=True)
    ana.run()
    assert (sms(ana), ana.texts()) == (["Three"], ["Hi", "Three"])


def test_a_deletion_that_comes_before_its_message_wins_where_the_desk_has_left_the_channel(ana: House) -> None:
    ana.settings_text = ana.settings_text.replace(SUPPORT, SALES)
    ana.slack.hold_events()
    ts = ana.say("Hello")
    ana.slack.delete(SUPPORT, ts)
    ana.slack.release_events(reverse=True)
    ana.run()
    assert sms(ana) == []


def test_a_deletion_that_comes_before_its_message_wins(ana: House) -> None:
    ana.slack.hold_events()
    ana.slack.delete(SUPPORT, ana.say("Oops"))
    ana.slack.release_events(reverse=True)
    ana.run()
    assert sms(ana) == []


def test_an_edit_that_races_its_message_is_an_edit_of_it(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.slack.hold_events()
    ts = ana.say("they are upset")
    ana.slack.edit(SUPPORT, ts, "// they are upset")
    meanwhile(ana, monkeypatch, ts, lambda: knock(ana, typed(ana, ts, "they are upset")))
    ana.slack.release_events(reverse=True)
    ana.run()
    assert sms(ana) == []
    assert [item.state for item in ana.items()] == [State.POSTED, State.WITHDRAWN]


def test_an_old_edit_of_words_we_lack_is_not_sent(ana: House) -> None:
    before = typed(ana, "1500000000.000100", "Old")
    edit = {"user": BOB, "ts": "1500000001.000100"}
    event = {"subtype": "message_changed", "message": {**before, "text": "Older", "edited": edit}}
    knock(ana, {"type": "message", "channel": SUPPORT, "ts": edit["ts"], "previous_message": before, **event})
    ana.run()
    assert sms(ana) == []


def test_while_a_line_is_busy_a_reply_can_still_be_changed_or_taken_back(ana: House) -> None:
    ana.twilio.fail({"status": 429, "retry_after": 60}, on="POST")
    one, two = ana.say("Helo"), ana.say("Oops")
    ana.run()
    ana.slack.edit(SUPPORT, one, "Hello")
    ana.slack.delete(SUPPORT, two)
    ana.run()
    ana.later(120)
    assert (sms(ana), ana.texts()) == (["Hello"], ["Hi", "Hello"])


def test_deleting_a_card_or_a_customers_post_changes_nothing(ana: House) -> None:
    ana.slack.delete(SUPPORT, ana.thread()[0]["ts"])
    ana.slack.delete(SUPPORT, ana.threads()[0])
    ana.run()
    assert [item.state for item in ana.items()] == [State.POSTED]


# --------------------------------------------------------------------------- the table is busy


def test_a_claim_that_is_made_while_an_edit_arrives_loses_to_it(ana: House) -> None:
    ts = ana.say("Helo")
    ana.quiet()
    worker = list(ana.world.store.undone(ana.conversations()[0].id, Side.CUSTOMER, 5))
    ana.slack.edit(SUPPORT, ts, "Hello")
    ana.quiet()
    assert write(ana.world, worker[0], worker[0]) is worker[0]
    ana.run()
    assert sms(ana) == ["Hello"]


# --------------------------------------------------------------------------- what cannot be read


def kept_raw(house: House) -> list[Raw]:
    found = [house.store.find(Raw, *due.ids) for due in house.store.unread()]
    return [raw for raw in found if raw]


def test_an_event_of_slacks_that_cannot_be_read_is_kept_and_answered_200(ana: House) -> None:
    event = typed(ana, "1789000060.000200", user={"id": BOB})
    assert knock(ana, event) == 200
    (raw,) = kept_raw(ana)
    assert (raw.channel, raw.account, raw.reason) == ("slack", "events", "malformed")
    assert raw.unread.startswith("malformed: TypeError at reading.py:")
    assert b"Hello" in base64.b64decode(raw.body)
    assert not [name for name in raw.headers if "signature" in name]


def test_words_of_a_person_in_a_form_nobody_knows_are_kept(ana: House) -> None:
    assert knock(ana, typed(ana, "1789000060.000200", subtype="of_tomorrow")) == 200
    assert [raw.unread for raw in kept_raw(ana)] == ["unknown: of_tomorrow message"]


def test_they_are_kept_in_our_threads_of_a_channel_that_its_desk_has_left(ana: House) -> None:
    ana.settings_text = ana.settings_text.replace(f'slack_channel = "{SUPPORT}"', 'slack_channel = "C0ELSE"')
    knock(ana, typed(ana, "1789000060.000200", subtype="of_tomorrow", thread_ts="1789000000.000100"))
    assert kept_raw(ana) == []
    knock(ana, typed(ana, "1789000060.000200", subtype="of_tomorrow"))
    assert [raw.unread for raw in kept_raw(ana)] == ["unknown: of_tomorrow message"]


def test_in_a_channel_of_no_desk_they_are_nothing_to_us(ana: House) -> None:
    knock(ana, typed(ana, "1789000060.000200", subtype="of_tomorrow", channel="C0ELSE"))
    assert kept_raw(ana) == []
