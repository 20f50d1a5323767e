"""A day of shut doors: what Twilio lists comes in afterwards, once each, whatever else comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.channels import LISTS, twilio
from chalicelib.channels.twilio import listing
from chalicelib.errors import Malformed
from chalicelib.inbound.receive import take_in
from chalicelib.missed import lines
from chalicelib.missed.watch import EVERY, bell_of
from chalicelib.model import Busy, Carriage, Item, Kind, Raw, Ref, Side, State, Watch
from chalicelib.operate import operate
from chalicelib.queues import LONG_WORK_BEFORE
from chalicelib.web import call
from tests.house import SECRETS, House

ANA, BEN = "+15551230001", "+15551230002"
LINE = "twilio/main"
MINUTE, HOUR, DAY = 60, 3600, 86_400
PICTURE = [{"content_type": "image/jpeg", "data": "aGk="}]
NOBODY = "http://127.0.0.1:1/webhooks/twilio/main"


@pytest.fixture
def ana(house: House) -> House:
    """A house that has heard of our number, with Ana's thread."""
    house.later(0)
    house.twilio.write(ANA, "Hi")
    house.run()
    rounds(house, 2)
    return house


@contextmanager
def doors_shut(house: House) -> Iterator[None]:
    """Let every webhook of Twilio's meet a door that nobody answers."""
    before = house.twilio.webhook_url, house.twilio._reach
    house.twilio.webhook_url, house.twilio._reach = NOBODY, lambda _: NOBODY
    try:
        yield
    finally:
        house.quiet()
        house.twilio.webhook_url, house.twilio._reach = before


def rounds(house: House, count: int = 1) -> None:
    """Let it be time to ask so many times."""
    for _ in range(count):
        house.later(EVERY / 1000 + 1)


def write_unheard(house: House, text: str, who: str = ANA, **about: Any) -> str:
    with doors_shut(house):
        return house.twilio.write(who, text, **about).id


def redeliver(house: House, their_id: str, text: str) -> None:
    """Let the webhook of a message come by itself."""
    made = house.twilio.write(ANA, text, MessageSid=their_id)
    del house.twilio._account.messages[made.id]


def watch(house: House) -> Watch:
    found = house.world.store.find(Watch, LINE)
    assert found is not None
    return found


def unread(house: House) -> list[str]:
    """Why each of the raw bodies waits that could not be read."""
    found = (house.world.store.find(Raw, *due.ids) for due in house.world.store.unread())
    return [raw.unread for raw in found if raw is not None and raw.unread]


def listings(house: House) -> int:
    return sum(call.method == "GET" and call.path.endswith("Messages.json") for call in house.twilio.calls)


def sms(house: House) -> list[str]:
    return house.on_phone(house.twilio.phone(ANA))


# ------------------------------------------------------------------------------ messages


def test_a_day_of_shut_doors_loses_nothing(ana: House) -> None:
    for hour in range(24):
        ana.clock.ahead += HOUR
        write_unheard(ana, f"It is {hour}")
    ana.clock.ahead += 3 * MINUTE
    rounds(ana)
    assert ana.messages() == ["Hi", *(f"It is {hour}" for hour in range(24))]


def test_what_was_missed_comes_in_once(ana: House) -> None:
    write_unheard(ana, "Hello?")
    rounds(ana, 4)
    assert ana.texts() == ["Hi", "Hello?"]


def test_what_was_missed_is_as_old_as_the_provider_says(ana: House) -> None:
    wrote = ana.clock.ms()
    write_unheard(ana, "Hello?")
    ana.clock.ahead += DAY
    rounds(ana)
    assert abs(ana.items()[-1].at - wrote) < 2_000


def test_what_was_missed_and_overtaken_is_marked_as_late(ana: House) -> None:
    write_unheard(ana, "First")
    ana.clock.ahead += 5 * MINUTE
    ana.twilio.write(ANA, "Second")
    ana.run()
    rounds(ana)
    assert ana.texts() == ["Hi", "Second", "First"]
    assert "written" in str(ana.thread()[-1]["blocks"]).lower()


def test_a_message_of_somebody_new_opens_a_thread(ana: House) -> None:
    write_unheard(ana, "Is anybody there?", BEN)
    rounds(ana)
    assert len(ana.threads()) == 2
    assert ana.texts() == ["Is anybody there?"]


def test_a_webhook_that_comes_meanwhile_is_not_doubled(ana: House) -> None:
    their_id = write_unheard(ana, "Hello?")
    redeliver(ana, their_id, "Hello?")
    rounds(ana)
    redeliver(ana, their_id, "Hello?")
    ana.run()
    assert ana.texts() == ["Hi", "Hello?"]


def test_a_webhook_that_comes_between_look_and_record_is_not_doubled(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    their_id = write_unheard(ana, "Hello?")
    find_all, coming = ana.store.find_all, [their_id]

    def look_and_wait(*wanted: Any) -> Any:
        found = find_all(*wanted)
        if (Ref, ("twilio", "main", their_id)) in wanted and coming:
            redeliver(ana, coming.pop(), "Hello?")
        return found

    monkeypatch.setattr(ana.store, "find_all", look_and_wait)
    rounds(ana)
    assert ana.texts() == ["Hi", "Hello?"]


def test_a_webhook_has_two_minutes_to_come_by_itself(ana: House) -> None:
    ana.clock.ahead += EVERY / 1000 - MINUTE
    write_unheard(ana, "Hello?")
    ana.later(MINUTE + 1)
    assert ana.texts() == ["Hi"]
    rounds(ana)
    assert ana.texts() == ["Hi", "Hello?"]


def test_media_come_along(ana: House) -> None:
    write_unheard(ana, "Look", media=PICTURE)
    rounds(ana)
    (attachment,) = ana.items()[-1].attachments
    assert (attachment.kind, attachment.carriage) == ("picture", Carriage.KEPT)
    assert attachment.reference.startswith("https://api.twilio.com/2010-04-01/Accounts/")
    assert not attachment.reference.endswith(".json")


def test_media_that_were_deleted_meanwhile_do_not_hold_up_their_message(ana: House) -> None:
    write_unheard(ana, "Look", media=PICTURE)
    ana.twilio.fail({"status": 404}, 1, "Media.json")
    rounds(ana)
    assert (ana.items()[-1].text, ana.items()[-1].attachments) == ("Look", ())


def test_media_that_twilio_does_not_list_now_are_asked_for_again(ana: House) -> None:
    write_unheard(ana, "Look", media=PICTURE)
    ana.twilio.fail({"status": 500}, 1, "Media.json")
    rounds(ana)
    assert ana.texts() == ["Hi"]
    rounds(ana)
    (attachment,) = ana.items()[-1].attachments
    assert (attachment.kind, attachment.carriage) == ("picture", Carriage.KEPT)


@pytest.mark.slow
def test_media_that_twilio_never_lists_hold_up_nothing_and_are_a_file_after_an_hour(
    ana: House, caplog: pytest.LogCaptureFixture
) -> None:
    write_unheard(ana, "Look", media=PICTURE)
    ana.twilio.fail({"status": 500}, 1000, "Media.json")
    before = watch(ana).upto
    rounds(ana, 2)
    write_unheard(ana, "Later")
    rounds(ana)
    assert (ana.texts(), watch(ana).upto) == (["Hi", "Later"], before)
    rounds(ana, 8)
    assert ana.texts() == ["Hi", "Later", "Look\n[file: still on its way]"]
    (attachment,) = ana.items()[-1].attachments
    assert (attachment.kind, attachment.reference.rpartition("/")[2]) == ("file", "Media#0")
    assert watch(ana).upto > before
    assert [each.levelname for each in caplog.records if each.message == "missed.not_listed"].count("ERROR") == 1


@pytest.mark.slow
def test_media_that_are_listed_slowly_take_no_others_time(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write_unheard(ana, f"Look {number}", media=PICTURE)
    write_unheard(ana, "Hello?")
    ana.twilio.fail({"status": 500}, 1000, "Media.json")

    def slow(method: str, url: str, **more: Any) -> Any:
        ana.clock.ahead += 11 if "Media.json" in url else 0
        return call(method, url, **more)

    ana.world = replace(ana.world, call=slow)
    monkeypatch.setitem(services._made, "world", ana.world)
    rounds(ana)
    assert ana.texts() == ["Hi", "Hello?"]
    rounds(ana, 9)
    assert sorted(ana.texts()[2:])[:3] == [f"Look {number}\n[file: still on its way]" for number in range(3)]


def test_a_stop_that_was_missed_is_honoured(ana: House) -> None:
    write_unheard(ana, "STOP")
    rounds(ana)
    ana.say("One more thing")
    ana.run()
    assert "One more thing" not in sms(ana)
    assert "wants no more messages" in " ".join(ana.texts())


def test_a_message_by_whatsapp_keeps_its_medium(ana: House) -> None:
    ana.twilio.write(ANA, "By WhatsApp", medium="whatsapp", name="Ana")
    ana.run()
    rounds(ana, 2)
    write_unheard(ana, "Hello?", medium="whatsapp")
    rounds(ana)
    item = ana.items()[-1]
    assert item.route is not None
    assert (item.text, item.route.medium, item.route.to) == ("Hello?", "whatsapp", f"whatsapp:{ANA}")


def test_a_number_is_known_by_whichever_medium_was_heard_first(ana: House) -> None:
    write_unheard(ana, "Never by WhatsApp before", medium="whatsapp", name="Ana")
    rounds(ana)
    assert ana.texts() == ["Hi", "Never by WhatsApp before"]


def test_numbers_of_the_account_that_serve_others_are_none_of_our_business(ana: House) -> None:
    write_unheard(ana, "Not for you", to="+14155550199")
    rounds(ana, 3)
    assert ana.texts() == ["Hi"]


def test_a_number_is_known_whose_webhooks_came_before_anybody_was_asked(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.clock.ahead += DAY
    house.later(0)
    rounds(house)
    house.clock.ahead += HOUR
    write_unheard(house, "Hello?")
    rounds(house)
    assert house.texts() == ["Hi", "Hello?"]


def test_a_number_is_known_by_what_was_sent_from_it(house: House) -> None:
    house.twilio.write(ANA, "Hi")
    house.run()
    house.clock.ahead += 10 * DAY
    house.say("Are you still there?")
    house.run()
    house.later(0)
    rounds(house)
    write_unheard(house, "Yes")
    rounds(house)
    assert "Yes" in house.texts()


def test_what_is_older_than_the_first_asking_is_not_taken_in(house: House) -> None:
    write_unheard(house, "To whoever had the number before")
    house.clock.ahead += HOUR
    house.twilio.write(BEN, "Hi")
    house.run()
    house.later(0)
    rounds(house, 2)
    assert [house.texts(number) for number in range(len(house.threads()))] == [["Hi"]]


def away_for(house: House, days: int) -> None:
    """Take the line out of the settings for so long, while somebody writes to it every day."""
    before = house.settings_text
    house.settings_text = before.replace('"twilio/main" = "support"\n', "")
    assert house.settings_text != before
    for day in range(days):
        house.later(DAY)
        write_unheard(house, f"Day {day}")
    house.later(5 * MINUTE)
    house.settings_text = before


def test_a_line_that_was_not_ours_for_long_begins_anew(ana: House) -> None:
    away_for(ana, 5)
    rounds(ana, 3)
    assert ana.texts() == ["Hi"]
    ana.twilio.write(ANA, "Ours again")
    ana.run()
    rounds(ana, 2)
    write_unheard(ana, "Hello?")
    rounds(ana)
    assert ana.texts() == ["Hi", "Ours again", "Hello?"]


def test_a_line_that_is_soon_back_is_asked_for_what_came_meanwhile(ana: House) -> None:
    away_for(ana, 2)
    rounds(ana, 2)
    assert ana.messages() == ["Hi", "Day 0", "Day 1"]


def test_an_outage_of_our_own_lets_no_line_begin_anew(ana: House) -> None:
    write_unheard(ana, "Hello?")
    ana.clock.ahead += 5 * DAY
    rounds(ana, 2)
    assert ana.texts() == ["Hi", "Hello?"]


@pytest.fixture
def sales(ana: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A second line of the same account; returns where its webhooks go."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.setitem(SECRETS, f"{name}_SALES", SECRETS[name])
    line = '"twilio/main" = "support"'
    ana.settings_text = ana.settings_text.replace(line, f'{line}\n"twilio/sales" = "support"')
    before = ana.twilio.webhook_url, ana.twilio._signed_url
    yield before[0].replace("twilio/main", "twilio/sales")
    ana.twilio.webhook_url, ana.twilio._signed_url = before


def test_a_number_that_moved_to_another_line_of_ours_is_not_doubled(ana: House, sales: str) -> None:
    ana.later(0)
    ana.twilio.webhook_url = ana.twilio._signed_url = sales
    ana.twilio.write(ANA, "To sales")
    ana.run()
    rounds(ana, 9)
    assert ana.texts() == ["Hi", "To sales"]


def test_a_number_belongs_to_the_line_that_heard_it_last(ana: House, sales: str) -> None:
    ana.later(0)
    ana.twilio.webhook_url = ana.twilio._signed_url = sales
    ana.twilio.write(ANA, "To sales")
    ana.run()
    rounds(ana, 2)
    ana.clock.ahead += HOUR
    write_unheard(ana, "Hello?")
    rounds(ana, 8)
    assert ana.texts() == ["Hi", "To sales", "Hello?"]
    route = ana.items()[-1].route
    assert route is not None
    assert route.account == "sales"


def test_what_is_listed_and_cannot_be_read_is_kept_once(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = twilio.parse

    def parse(request: Any, account: Any) -> Any:
        if b"Odd" in request.body:
            raise Malformed("odd")
        return whole(request, account)

    monkeypatch.setattr(twilio, "parse", parse)
    write_unheard(ana, "Odd")
    before = watch(ana).upto
    rounds(ana, 9)
    assert len(unread(ana)) == 1
    assert watch(ana).upto > before
    monkeypatch.undo()
    operate(ana.world, {"do": "replay"})
    ana.run()
    assert ana.texts() == ["Hi", "Odd"]


# ------------------------------------------------------------------------------ receipts


def replied(house: House) -> Item:
    house.say("Yes")
    house.run()
    (item,) = [item for item in house.items() if item.kind is Kind.REPLY]
    return item


def test_receipts_that_were_missed_settle_their_reply(ana: House) -> None:
    ana.twilio.receipts(auto=False)
    item = replied(ana)
    with doors_shut(ana):
        ana.twilio.receipt(item.parts[0].id, "delivered")
    rounds(ana)
    assert ana.items()[-1].state is State.DELIVERED


def test_bad_news_that_was_missed_is_told(ana: House) -> None:
    ana.twilio.receipts(auto=False)
    item = replied(ana)
    with doors_shut(ana):
        ana.twilio.receipt(item.parts[0].id, "undelivered", 30005)
    rounds(ana)
    assert "(30005)" in ana.texts()[-1]


@pytest.mark.slow
def test_bad_news_is_told_also_if_the_reply_left_long_before_the_doors_shut(ana: House) -> None:
    ana.twilio.receipts(auto=False)
    item = replied(ana)
    ana.twilio.receipt(item.parts[0].id, "sent")
    ana.run()
    rounds(ana, 6)
    with doors_shut(ana):
        ana.twilio.receipt(item.parts[0].id, "undelivered", 30005)
    rounds(ana, 7)
    assert "(30005)" in " ".join(ana.texts())


def test_what_other_software_sent_is_not_recorded(ana: House) -> None:
    with doors_shut(ana):
        ana.twilio.write(BEN, "STOP", to="+14155550199")  # Twilio's own answer to it is a message that is not ours
    before = ana.items()
    rounds(ana, 2)
    assert ana.items() == before


# ------------------------------------------------------------------------------ how far we have come


@pytest.mark.parametrize("how", [{"status": 500}, {"status": 429}, {"error": 20003}, {"drop": "after"}])
def test_a_list_that_does_not_come_moves_nothing(ana: House, how: dict[str, Any]) -> None:
    write_unheard(ana, "Hello?")
    before = watch(ana).upto
    ana.twilio.fail(how, 1, "Messages.json")
    rounds(ana)
    assert (ana.texts(), watch(ana).upto) == (["Hi"], before)
    rounds(ana)
    assert ana.texts() == ["Hi", "Hello?"]
    assert watch(ana).upto > before


def test_a_list_that_is_refused_shuts_no_gate(ana: House) -> None:
    ana.twilio.fail({"error": 20003}, 1, "GET ")
    rounds(ana)
    ana.say("Still here")
    ana.run()
    assert sms(ana) == ["Still here"]


def test_a_list_of_several_pages_is_read_to_its_end(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(7):
        write_unheard(ana, str(number))
        ana.clock.ahead += 1
    rounds(ana)
    assert ana.texts() == ["Hi", *map(str, range(7))]


def test_a_list_that_is_too_long_for_a_turn_goes_on_in_the_next(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    monkeypatch.setattr(lines, "PAGES", 1)
    for number in range(7):
        write_unheard(ana, str(number))
        ana.clock.ahead += 1
    rounds(ana)
    assert sorted(ana.texts()[1:]) == list(map(str, range(7)))
    assert (watch(ana).place, watch(ana).goal) == ("", 0)


def test_a_page_goes_on_where_only_some_of_its_messages_are_too_old(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    ana.clock.ahead += HOUR
    rounds(ana)
    write_unheard(ana, "First")
    waited = write_unheard(ana, "Not for you", to="+14155550199")
    ana.twilio._account.messages[waited].sent = ana.clock.seconds() - HOUR  # as if it had waited for an hour
    write_unheard(ana, "Second")
    rounds(ana)
    assert sorted(ana.messages()[1:]) == ["First", "Second"]


def test_a_turn_that_twilio_cut_short_goes_on_where_it_was(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(5):
        write_unheard(ana, str(number))
        ana.clock.ahead += 1
    lists, asked = LISTS["twilio"], list[str]()

    def limited(account: Any, http: Any, since: int, place: str) -> Any:
        asked.append(place)
        return Busy("too many") if len(asked) == 2 else lists(account, http, since, place)

    monkeypatch.setitem(LISTS, "twilio", limited)
    rounds(ana)
    assert sorted(ana.messages()[1:]) == ["3", "4"]
    rounds(ana)
    assert sorted(ana.messages()[1:]) == list(map(str, range(5)))
    assert asked[1] == asked[2] != ""


def test_a_place_in_a_list_that_is_good_no_longer_is_given_up(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    monkeypatch.setattr(lines, "PAGES", 1)
    for number in range(5):
        write_unheard(ana, str(number))
        ana.clock.ahead += 1
    ana.twilio.fail({"status": 400}, 1, "PageToken")
    ana.twilio.fail({"status": 400}, 1, "Messages.json")
    rounds(ana, 3)
    assert sorted(ana.texts()[1:]) == list(map(str, range(5)))


def test_what_a_turn_has_no_time_for_comes_with_the_next(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "TURN_LASTS", -1)
    write_unheard(ana, "Hello?")
    ana.clock.ahead += 1
    write_unheard(ana, "Anybody?")
    before = watch(ana).upto
    ana.clock.ahead += EVERY / 1000 + 1
    ana.answer(Side.SLACK, bell_of(LINE))
    assert watch(ana).upto == before
    assert bell_of(LINE) in [bell for _, bell in ana.bells.rung]
    ana.run()
    assert ana.texts() == ["Hi", "Hello?", "Anybody?"]
    assert watch(ana).upto > before


def test_a_turn_at_a_slow_list_is_over_before_its_worker_is(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 1)
    for number in range(8):
        write_unheard(ana, str(number))
        ana.clock.ahead += 1
    ana.clock.ahead += 20 * MINUTE
    turns: list[float] = []

    def slow(*args: Any, **more: Any) -> Any:
        ana.clock.ahead += 8  # below READ_SECONDS: Twilio is slow today, not down
        return call(*args, **more)

    while not turns or watch(ana).goal:
        began = ana.clock.seconds()
        lines.look_at_line(replace(ana.world, call=slow), watch(ana))
        turns.append(ana.clock.seconds() - began)
        assert len(turns) < 20
    assert max(turns) + LONG_WORK_BEFORE < 30
    ana.run()
    assert sorted(ana.messages()[1:]) == list(map(str, range(8)))


def test_one_message_that_breaks_us_holds_up_no_other(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    write_unheard(ana, "Broken")
    write_unheard(ana, "Whole")
    before = watch(ana).upto

    def break_at(world: Any, module: Any, account: Any, request: Any) -> Any:
        if b"Broken" in request.body:
            raise RuntimeError
        return take_in(world, module, account, request)

    monkeypatch.setattr(lines, "take_in", break_at)
    rounds(ana)
    assert ana.texts() == ["Hi", "Whole"]
    assert watch(ana).upto == before
    monkeypatch.undo()
    rounds(ana)
    assert ana.texts() == ["Hi", "Whole", "Broken"]


@pytest.mark.slow
def test_one_message_that_always_breaks_us_is_kept_after_an_hour_and_holds_up_nothing(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_unheard(ana, "Broken")
    before = watch(ana).upto

    def breaks(*_: Any) -> None:
        raise RuntimeError("Broken, says Ana")

    monkeypatch.setattr(lines, "take_in", breaks)
    rounds(ana, 4)
    assert (watch(ana).upto, unread(ana)) == (before, [])
    rounds(ana, 4)
    monkeypatch.undo()
    rounds(ana, 9)
    assert watch(ana).upto > before
    (why,) = unread(ana)
    assert why.startswith("it broke: RuntimeError at test_lines.py:")
    assert ana.texts() == ["Hi"]
    operate(ana.world, {"do": "replay"})
    ana.run()
    assert ana.texts() == ["Hi", "Broken"]
    assert unread(ana) == []


def test_while_one_message_breaks_us_later_ones_are_found(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    write_unheard(ana, "Broken")

    def break_at(world: Any, module: Any, account: Any, request: Any) -> Any:
        if b"Broken" in request.body:
            raise RuntimeError
        return take_in(world, module, account, request)

    monkeypatch.setattr(lines, "take_in", break_at)
    rounds(ana, 2)
    write_unheard(ana, "Whole")
    rounds(ana)
    assert ana.texts() == ["Hi", "Whole"]
    monkeypatch.undo()
    rounds(ana)
    assert ana.texts() == ["Hi", "Whole", "Broken"]


def test_one_message_that_breaks_us_holds_up_no_page_behind_its_own(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 1)
    monkeypatch.setattr(lines, "PAGES", 1)
    for text in ("Older", "Broken", "Younger"):
        write_unheard(ana, text)
        ana.clock.ahead += 1
    before = watch(ana).upto

    def break_at(world: Any, module: Any, account: Any, request: Any) -> Any:
        if b"Broken" in request.body:
            raise RuntimeError
        return take_in(world, module, account, request)

    monkeypatch.setattr(lines, "take_in", break_at)
    rounds(ana)
    assert (sorted(ana.messages()), watch(ana).upto) == (["Hi", "Older", "Younger"], before)
    monkeypatch.undo()
    rounds(ana)
    assert "Broken" in ana.messages()
    assert watch(ana).upto > before


def test_what_breaks_us_first_after_an_outage_of_hours_is_tried_again(
    ana: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_unheard(ana, "Hello?")
    ana.clock.ahead += 3 * HOUR
    calls: list[Any] = []

    def break_once(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise RuntimeError
        return take_in(*given)

    monkeypatch.setattr(lines, "take_in", break_once)
    rounds(ana, 2)
    assert (unread(ana), ana.texts()) == ([], ["Hi", "Hello?"])


@pytest.mark.slow
def test_a_receipt_that_always_breaks_us_is_kept_once(ana: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.twilio.receipts(auto=False)
    item = replied(ana)
    with doors_shut(ana):
        ana.twilio.receipt(item.parts[0].id, "delivered")

    def breaks(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(lines, "take_in", breaks)
    before = watch(ana).upto
    rounds(ana, 20)
    assert len(unread(ana)) == 1
    assert watch(ana).upto > before


def test_an_idle_line_is_asked_once_in_ten_minutes(ana: House) -> None:
    ana.run()
    before = listings(ana)
    for _ in range(20):
        ana.later(MINUTE)
    assert 1 <= listings(ana) - before <= 2


def test_a_line_whose_secrets_are_missing_breaks_nothing_and_says_so_aloud(
    ana: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(SECRETS, "TWILIO_AUTH_TOKEN", "")
    rounds(ana)
    assert ana.texts() == ["Hi"]
    assert [each.levelname for each in caplog.records if each.message == "missed.not_listed"] == ["ERROR"]


def test_a_line_that_has_to_wait_is_not_asked(ana: House) -> None:
    ana.twilio.fail({"error": 20003}, 1, "POST ")
    ana.say("Yes")
    ana.run()
    before = listings(ana)
    ana.world.store.change(watch(ana), lambda now: now)
    ana.answer(Side.SLACK, bell_of(LINE))
    assert listings(ana) == before


def test_what_was_on_its_way_for_long_says_when_it_was_written(ana: House) -> None:
    write_unheard(ana, "Hello?")
    ana.clock.ahead += HOUR
    rounds(ana)
    assert "arrived late" in str(ana.thread()[-1]["blocks"])


def test_the_fallback_address_is_the_same_door(ana: House) -> None:
    ana.twilio.write(ANA, "Hello?", ErrorCode="11200", ErrorUrl=f"{ana.gateway.url}/webhooks/twilio/main")
    ana.run()
    assert ana.texts() == ["Hi", "Hello?"]
