"""One person, one thread, every channel: who is taken for whom, how it is undone, and where replies go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.contacts import person, persons
from chalicelib.errors import Lost
from chalicelib.inbound import joining
from chalicelib.inbound.joining import join, part
from chalicelib.inbound.receive import take
from chalicelib.merging import NOT_SAME, pair_of
from chalicelib.model import (
    Address,
    Contact,
    ContactChanged,
    Current,
    Kind,
    Known,
    Merge,
    MessageReceived,
    Pair,
    Route,
    Status,
    new_id,
)
from chalicelib.store import Insert, Put, Replace, Store
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House, Over
from tests.test_contacts import BSUID, PHONE

SMS, WHATSAPP = f"phone:+{PHONE}", f"whatsapp:{BSUID}"


@pytest.fixture
def two(house: House) -> House:
    """Somebody who wrote by SMS, and somebody who wrote by WhatsApp and hides their number."""
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.run()
    house.whatsapp.write(BSUID, "by WhatsApp", name="Ana")
    house.run()
    return house


def known(house: House, address: str) -> str:
    found = house.store.find(Known, address)
    assert found is not None
    return found.contact


def who(house: House, address: str) -> Contact:
    found = person(house.store, known(house, address))
    assert found is not None
    return found


def lines(house: House, number: int) -> list[dict[str, Any]]:
    """What stands in a thread with something to press under it."""
    return [post for post in house.thread(number) if any(b["type"] == "actions" for b in post.get("blocks", ()))]


def pressed(house: House, number: int, verb: str, user: str = BOB) -> None:
    assert house.slack.press(user, SUPPORT, lines(house, number)[-1]["ts"], verb) == 200
    house.run()


def proved(house: House, text: str = "shown") -> None:
    """A message that names both addresses."""
    house.clock.ahead += 1
    house.whatsapp.write(PHONE, text, bsuid=BSUID, name="Ana")
    house.run()


def hidden(house: House, text: str) -> None:
    """A message by WhatsApp that does not name the number."""
    route = Route("whatsapp", "main", "whatsapp", WHATSAPP, BSUID, "15550001111")
    found = (Address("whatsapp", BSUID),)
    message = MessageReceived(new_id(house.clock.ms()), route, found, house.clock.ms(), "Ana", text)
    take(house.world, house.world.line("whatsapp", "main")[1], [message])
    house.run()


def whispers(house: House) -> str:
    """What only whoever pressed has been told."""
    return " ".join(each["text"] for each in house.slack.state()["ephemerals"])


def by_hand(house: House, one: str, other: str, user: str = BOB) -> Merge | None:
    order = Merge(new_id(house.clock.ms()), known(house, one), known(house, other), by=user)
    done = join(house.world, order)
    house.run()
    return done


# ------------------------------------------------------------------------- by verified addresses


def test_two_whom_one_message_names_become_one_and_go_on_in_the_thread_of_the_first(two: House) -> None:
    proved(two)
    two.whatsapp.write(BSUID, "hidden again")
    two.twilio.write(f"+{PHONE}", "by SMS again")
    two.run()
    said = [text for text in two.texts(0) if "same person" not in text]
    assert said == ["by SMS", "shown", "hidden again", "by SMS again"]
    assert two.texts(1)[0] == "by WhatsApp"
    assert len(two.threads()) == 2
    assert known(two, SMS) == known(two, WHATSAPP)


def test_both_threads_say_so_with_a_way_to_undo_it(two: House) -> None:
    proved(two)
    here, there = lines(two, 0)[-1], lines(two, 1)[-1]
    assert here["text"] == (
        f"This is the same person as Ana ({BSUID}): their provider named both addresses in one message. From now"
        " on what they write comes into this thread; what was said before stands in another thread."
    )
    assert there["text"] == (
        f"This is the same person as +{PHONE} (+{PHONE}): their provider named both addresses in one message. From"
        " now on what they write comes into another thread. What is typed here still reaches them as it did."
    ).replace(f"+{PHONE} (", "Ana (")
    for post, head in ((here, two.threads()[1]), (there, two.threads()[0])):
        assert f"archives/{SUPPORT}/p{head.replace('.', '')}" in str(post["blocks"])
        assert [e["action_id"] for b in post["blocks"] if b["type"] == "actions" for e in b["elements"]] == [
            "undo_merge"
        ]


def test_what_the_event_brought_stands_above_the_line_about_it(two: House) -> None:
    proved(two)
    assert [text[:20] for text in two.texts(0)] == ["by SMS", "shown", "This is the same per"]


def test_a_merge_that_lost_its_bell_is_carried_out_by_the_clock(two: House) -> None:
    two.bells.deaf = True
    two.whatsapp.write(PHONE, "shown", bsuid=BSUID)
    two.quiet()
    two.bells.deaf = False
    assert known(two, SMS) != known(two, WHATSAPP)
    two.later(120)
    assert known(two, SMS) == known(two, WHATSAPP)


def test_a_bell_of_a_merge_that_comes_again_changes_nothing(two: House) -> None:
    proved(two)
    before, texts = who(two, SMS), (two.texts(0), two.texts(1))
    (order,) = [two.store.find(Merge, row.pk[6:]) for row in two.store._row.scan(two.store._row.kind == "merge")]
    assert order is not None
    for name in (order.id, "01" + "A" * 24):
        joining.merge(two.world, name)
    two.run()
    assert (who(two, SMS), (two.texts(0), two.texts(1))) == (before, texts)


# ------------------------------------------------------------------------- never to a wrong address


def test_a_reply_goes_where_the_message_above_it_came_from_before_and_after_a_merge(two: House) -> None:
    proved(two)
    two.say("to WhatsApp, in the thread of the first", 0)
    two.say("to the hidden number, in the other thread", 1)
    two.run()
    sent = {item.text: item.route.address for item in two.items() if item.kind is Kind.REPLY and item.route}
    assert sent == {
        "to WhatsApp, in the thread of the first": SMS,  # the number, by WhatsApp
        "to the hidden number, in the other thread": WHATSAPP,
    }
    assert len(two.on_phone(two.whatsapp.phone(PHONE))) == 2
    assert two.on_phone(two.twilio.phone(f"+{PHONE}")) == []


@pytest.mark.parametrize("undone", [False, True])
def test_a_reply_typed_before_a_merge_goes_where_it_was_typed_for(two: House, *, undone: bool) -> None:
    two.say("for WhatsApp", 1)
    done = by_hand(two, SMS, WHATSAPP)
    assert done is not None
    if undone:
        part(two.world, done.id, BOB)
    two.run()
    assert two.on_phone(two.whatsapp.phone(BSUID)) == ["for WhatsApp"]
    assert two.on_phone(two.twilio.phone(f"+{PHONE}")) == []


def test_a_reply_after_an_undo_goes_to_the_one_whose_message_stands_above_it(two: House) -> None:
    done = by_hand(two, SMS, WHATSAPP)
    assert done is not None
    two.whatsapp.write(BSUID, "in the first thread")
    two.run()
    part(two.world, done.id, BOB)
    two.run()
    two.say("to WhatsApp", 0)
    two.run()
    assert two.on_phone(two.whatsapp.phone(BSUID)) == ["to WhatsApp"]


def test_an_undo_says_where_the_replies_of_a_thread_still_go(two: House) -> None:
    done = by_hand(two, SMS, WHATSAPP)
    two.whatsapp.write(BSUID, "in the first thread")
    two.run()
    assert done is not None
    part(two.world, done.id, BOB)
    two.run()
    assert f"The last word above is Ana ({BSUID})'s" in two.texts(0)[-1]
    assert "The last word" not in two.texts(1)[-1]


def test_a_number_that_changed_to_one_on_record_makes_them_one(two: House) -> None:
    line = two.world.line("whatsapp", "main")[1]
    route = Route("whatsapp", "main", "whatsapp", SMS, PHONE, "15550001111")
    found = (Address("phone", f"+{PHONE}"), Address("whatsapp", BSUID))
    take(two.world, line, [ContactChanged("changed", route, found, two.clock.ms(), "Ana changed her number")])
    two.run()
    assert known(two, SMS) == known(two, WHATSAPP)
    assert two.texts(0)[1] == "Ana changed her number"


# ------------------------------------------------------------------------- pointers


def test_a_conversation_that_goes_on_counts_more_than_one_that_is_over(two: House) -> None:
    two.slack.press(BOB, SUPPORT, two.threads()[0], "resolve")
    two.run()
    by_hand(two, SMS, WHATSAPP)
    two.twilio.write(f"+{PHONE}", "by SMS again")
    two.run()
    assert two.texts(1)[-1] == "by SMS again"


def test_a_thread_of_somebody_merged_is_resolved_and_reopened_like_any_other(two: House) -> None:
    by_hand(two, SMS, WHATSAPP)
    for verb, status in (("resolve", Status.RESOLVED), ("reopen", Status.OPEN)):
        two.slack.press(BOB, SUPPORT, two.threads()[1], verb)
        two.run()
        assert two.conversations()[1].status is status
    two.whatsapp.write(BSUID, "where does this go?")
    two.run()
    assert two.texts(0)[-1] == "where does this go?"


def test_a_desk_that_only_one_of_them_wrote_to_is_kept(house: House) -> None:
    now = house.clock.ms()
    one, other = new_id(now), new_id(now + 1)
    house.store.write(
        Insert(Contact(one, "Ana", {"support": Current("A", "C0SUPPORT")})),
        Insert(Contact(other, "Ana", {"sales": Current("B", "C0SALES")})),
    )
    join(house.world, Merge(new_id(now), one, other, by=BOB))
    (found,) = persons(house.store, [one, other])
    assert {desk: each.conversation for desk, each in found.current.items()} == {"support": "A", "sales": "B"}


# ------------------------------------------------------------------------- undone


def test_undone_they_are_two_again_each_in_their_own_thread(two: House) -> None:
    proved(two)
    pressed(two, 1, "undo_merge")
    hidden(two, "mine")
    two.twilio.write(f"+{PHONE}", "mine, too")
    two.run()
    assert (two.texts(0)[-1], two.texts(1)[-1]) == ("mine, too", "mine")
    assert who(two, SMS).addresses == (SMS,)
    assert who(two, WHATSAPP).addresses == (WHATSAPP,)
    assert "took that back" in two.texts(0)[-2]
    assert "took that back" in two.texts(1)[-2]


def test_undone_twice_is_undone_once_and_the_second_is_told(two: House) -> None:
    proved(two)
    for number in (1, 0):
        post = next(post for post in lines(two, number) if "same person" in post["text"])
        two.slack.press(BOB, SUPPORT, post["ts"], "undo_merge")
        two.run()
    assert [text for text in two.texts(0) if "took that back" in text] != []
    assert sum("took that back" in text for text in (*two.texts(0), *two.texts(1))) == 2
    assert "two people already" in whispers(two)


def test_who_was_told_apart_by_a_person_is_not_put_together_by_an_address_again(two: House) -> None:
    proved(two)
    pressed(two, 0, "undo_merge")
    proved(two, "shown again")
    assert known(two, SMS) != known(two, WHATSAPP)
    assert two.texts(0)[-1] == "shown again"


def test_what_was_resolved_while_they_were_one_is_resolved_when_they_are_two(two: House) -> None:
    done = by_hand(two, SMS, WHATSAPP)
    two.slack.press(BOB, SUPPORT, two.threads()[1], "resolve")
    two.run()
    assert done is not None
    part(two.world, done.id, BOB)
    assert who(two, WHATSAPP).current["support"].resolved_at is not None
    assert who(two, SMS).current["support"].resolved_at is None


def test_three_that_became_one_come_apart_in_any_order(two: House) -> None:
    two.telegram.write("7", "by Telegram", first_name="Ana")
    two.run()
    inner = by_hand(two, WHATSAPP, "telegram:7")
    outer = by_hand(two, SMS, WHATSAPP)
    assert inner is not None
    assert outer is not None
    assert known(two, "telegram:7") == known(two, SMS) == known(two, WHATSAPP)
    part(two.world, inner.id, BOB)
    assert who(two, "telegram:7").addresses == ("telegram:7",)
    assert who(two, SMS).addresses == (SMS, WHATSAPP)
    part(two.world, outer.id, BOB)
    assert [who(two, each).addresses for each in (SMS, WHATSAPP)] == [(SMS,), (WHATSAPP,)]
    assert len({known(two, each) for each in (SMS, WHATSAPP, "telegram:7")}) == 3


# ------------------------------------------------------------------------- races


def racing(house: House, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen right before the next write of two contacts."""
    write, coming = house.store.write, [happens]

    def first(*writes: Any) -> list[Any]:
        if coming and sum(isinstance(each.thing, Contact) for each in writes) == 2:
            coming.pop()()
        return write(*writes)

    monkeypatch.setattr(house.store, "write", first)


def test_two_who_merge_at_once_merge_once(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    racing(two, monkeypatch, lambda: by_hand(two, SMS, WHATSAPP))
    assert by_hand(two, WHATSAPP, SMS) is None
    assert sum("same person" in text for number in (0, 1) for text in two.texts(number)) == 2


def test_an_address_and_a_person_who_merge_at_once_merge_once(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    racing(two, monkeypatch, lambda: by_hand(two, WHATSAPP, SMS))
    proved(two)
    assert sum("same person" in text for number in (0, 1) for text in two.texts(number)) == 2
    assert who(two, SMS).id == who(two, WHATSAPP).id


def test_a_conversation_opened_during_a_merge_is_not_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, text in (("+15551230001", "one"), ("+15551230002", "two")):
        house.twilio.write(number, text)
        house.run()
        house.slack.press(BOB, SUPPORT, house.threads()[-1], "resolve")
        house.run()
    house.clock.ahead += 100 * 86_400

    def open_one() -> None:
        house.twilio.write("+15551230002", "meanwhile")
        house.quiet()

    racing(house, monkeypatch, open_one)
    assert by_hand(house, "phone:+15551230001", "phone:+15551230002") is not None
    house.twilio.write("+15551230001", "afterwards")
    house.run()
    assert [text for text in house.texts(2) if "same person" not in text] == ["meanwhile", "afterwards"]
    assert len(house.threads()) == 3


def test_a_first_message_that_races_with_a_merge_goes_to_the_one_person(
    two: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, coming = two.store.write, [lambda: by_hand(two, SMS, WHATSAPP)]

    def first(*writes: Any) -> list[Any]:
        if coming and any(isinstance(each.thing, Known) for each in writes):
            coming.pop()()
        return write(*writes)

    monkeypatch.setattr(two.store, "write", first)
    route = Route("twilio", "main", "sms", "email:a@example.com", "+15559999999")
    found = (Address("whatsapp", BSUID), Address("email", "a@example.com"))
    message = MessageReceived("m", route, found, two.clock.ms(), text="with a new address")
    take(two.world, two.world.line("twilio", "main")[1], [message])
    two.run()
    assert known(two, "email:a@example.com") == who(two, SMS).id
    assert "email:a@example.com" in who(two, SMS).addresses


# ------------------------------------------------------------------------- somebody with many addresses


@pytest.fixture
def many(two: House) -> House:
    """The second of the two has as many addresses as a visitor collects in years."""
    ana = who(two, WHATSAPP)
    visits = tuple(f"visitor:{number}" for number in range(200))
    two.store.write(
        Replace(Contact(ana.id, ana.name, ana.current, (*ana.addresses, *visits), version=ana.version))
    )
    for visit in visits:
        two.store.write(Put(Known(visit, ana.id)))
    return two


def visitors(house: House) -> set[str]:
    return {known(house, f"visitor:{number}") for number in range(200)}


def test_all_addresses_are_moved_and_given_back(many: House) -> None:
    before = who(many, WHATSAPP).id
    done = by_hand(many, SMS, WHATSAPP)
    assert done is not None
    assert visitors(many) == {who(many, SMS).id}
    assert done.due is None
    part(many.world, done.id, BOB)
    assert visitors(many) == {before}
    assert len(who(many, SMS).addresses) == 1


class Died(Exception):
    """The worker, in the middle of it."""


@pytest.mark.parametrize("writes", range(1, 6))
def test_whoever_dies_while_addresses_are_moved_leaves_one_person_whom_the_clock_finishes(
    many: House, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    dying(many, monkeypatch, writes)
    with pytest.raises(Died):
        by_hand(many, SMS, WHATSAPP)
    monkeypatch.undo()
    assert {who(many, each).id for each in (SMS, WHATSAPP, "visitor:199")} == {who(many, SMS).id}
    many.later(120)
    assert visitors(many) == {who(many, SMS).id}


@pytest.mark.parametrize("writes", range(4))
def test_whoever_dies_while_addresses_are_given_back_leaves_one_person_until_it_is_done_anew(
    many: House, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    done = by_hand(many, SMS, WHATSAPP)
    assert done is not None
    dying(many, monkeypatch, writes)
    with pytest.raises(Died):
        part(many.world, done.id, BOB)
    monkeypatch.undo()
    assert {who(many, each).id for each in (SMS, WHATSAPP, "visitor:0", "visitor:199")} == {who(many, SMS).id}
    part(many.world, done.id, BOB)
    assert who(many, "visitor:0").id == who(many, WHATSAPP).id != who(many, SMS).id


def dying(house: House, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    write, left = house.store.write, [None] * writes

    def once(*things: Any) -> list[Any]:
        if not left:
            raise Died
        left.pop()
        return write(*things)

    monkeypatch.setattr(house.store, "write", once)


def test_addresses_are_not_moved_after_an_undoing(many: House) -> None:
    done = by_hand(many, SMS, WHATSAPP)
    assert done is not None
    stale = Merge(done.id, done.kept, done.gone, done.addresses, at=done.at, due=1, version=done.version)
    part(many.world, done.id, BOB)
    joining.move(many.world, stale)
    assert visitors(many) == {who(many, WHATSAPP).id}


def test_who_is_always_slower_says_so(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> list[Any]:
        raise Lost

    monkeypatch.setattr(two, "world", two.world)
    world: Any = Over(two.world, store=Over(two.store, write=lost))
    with pytest.raises(Lost):
        join(world, Merge(new_id(5), known(two, SMS), known(two, WHATSAPP), by=BOB))


# ------------------------------------------------------------------------- what may be, and what is chosen


def claimed(house: House, text: str = "my number") -> None:
    """Somebody by Telegram who gives a number as their own."""
    route = Route("telegram", "main", "telegram", "telegram:7", "7")
    own = (Address("telegram", "7"), Address("phone", f"+{PHONE}", verified=False))
    message = MessageReceived(new_id(house.clock.ms()), route, own, house.clock.ms(), "Bea", text)
    take(house.world, house.world.line("telegram", "main")[1], [message])
    house.run()


def test_an_address_that_is_only_said_asks_the_team_once(two: House) -> None:
    claimed(two)
    claimed(two, "my number again")
    said = two.texts(2)
    assert said[0] == "my number"
    assert said[1] == (
        f"This may be the same person as +{PHONE}: they gave +{PHONE} as their own. Anybody can give any number,"
        " so nothing is put together until somebody says so."
    )
    assert said[2:] == ["my number again"]
    assert known(two, "telegram:7") != known(two, SMS)


@pytest.mark.parametrize(
    ("card", "asks"),
    [
        ({"phone_number": PHONE, "user_id": 7}, True),
        ({"phone_number": f"+{PHONE}", "user_id": 7}, True),
        ({"phone_number": PHONE, "user_id": 8}, False),
        ({"phone_number": PHONE}, False),
        ({"phone_number": "call me", "user_id": 7}, False),
    ],
)
def test_a_card_of_ones_own_in_telegram_is_a_sign_and_anothers_is_none(
    two: House, card: dict[str, Any], *, asks: bool
) -> None:
    two.telegram.write("7", "", first_name="Bea", contact={"first_name": "Bea", **card})
    two.run()
    assert any("may be the same person" in text for text in two.texts(2)) is asks


def test_a_number_that_whatsapp_was_asked_for_is_a_sign(house: House) -> None:
    house.twilio.write(f"+{PHONE}", "by SMS")
    house.run()
    own = {"name": {"formatted_name": "Ana"}, "phones": [{"phone": f"+{PHONE[:2]} {PHONE[2:]}"}]}
    for origin in ("", "contact_request"):
        card = [{**own, "origin": origin}]
        house.whatsapp.write(BSUID, "", type="contacts", contacts=card, name="Ana")
        house.run()
    asked_in = house.texts(1)
    assert ["may be the same person" in text for text in asked_in] == [False, False, True]


def test_the_team_says_that_they_are_one(two: House) -> None:
    claimed(two)
    pressed(two, 2, "same_person")
    two.telegram.write("7", "by Telegram", first_name="Bea")
    two.run()
    assert two.texts(0)[-1] == "by Telegram"
    assert "says that this is the same person as" in two.texts(0)[-2]
    assert "says that this is the same person as" in two.texts(2)[-1]


def test_the_team_says_that_they_are_two_and_is_not_asked_again(two: House) -> None:
    claimed(two)
    pressed(two, 2, "not_same")
    assert "says that these are two people" in two.texts(2)[-1]
    claimed(two, "once more")
    assert two.texts(2)[-1] == "once more"
    pair = two.store.find(Pair, pair_of(known(two, SMS), known(two, "telegram:7")))
    assert (pair and pair.settled, pair and pair.by) == (NOT_SAME, BOB)


def test_whoever_says_that_they_are_two_while_another_says_one_is_told_so(
    two: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed(two)
    post = lines(two, 2)[0]["ts"]
    write, others = Store.write, ["U0MIA"]

    def slowly(store: Store, *writes: Any) -> list[Any]:
        if others and any(isinstance(each.thing, Pair) for each in writes):
            assert two.slack.press(others.pop(), SUPPORT, post, "same_person") == 200
        return write(store, *writes)

    monkeypatch.setattr(Store, "write", slowly)
    two.slack.press(BOB, SUPPORT, post, "not_same")
    two.run()
    assert others == []
    assert "They are taken for one person by now." in whispers(two)
    assert who(two, "telegram:7").id == who(two, SMS).id
    assert not any("says that these are two people" in text for text in two.texts(2))


@pytest.mark.parametrize(
    ("verbs", "answer"),
    [
        (("same_person", "same_person"), "They are one person already."),
        (("same_person", "not_same"), "They are taken for one person by now."),
        (("not_same", "not_same"), "They are two people already."),
    ],
)
def test_a_second_press_is_told_how_it_is(two: House, verbs: tuple[str, str], answer: str) -> None:
    claimed(two)
    post = lines(two, 2)[0]["ts"]
    for verb in verbs:
        two.slack.press(BOB, SUPPORT, post, verb)
        two.run()
    assert answer in whispers(two)


def asked(house: House) -> None:
    """Open the form for the second of the two, from its card."""
    house.slack.press(BOB, SUPPORT, house.threads()[1], "more")
    house.slack.press_in_view(BOB, "same_as")


def test_a_customer_is_chosen_by_hand(two: House) -> None:
    asked(two)
    (choice,) = two.slack.look(BOB, "customer", PHONE[:6])
    two.slack.submit(BOB, {"customer": choice["value"]})
    two.run()
    assert two.slack.modal(BOB) is None
    assert known(two, SMS) == known(two, WHATSAPP)
    assert "Undo" in str(lines(two, 1)[-1]["blocks"])


def test_a_customer_is_not_the_same_as_they_are(two: House) -> None:
    asked(two)
    (choice,) = two.slack.look(BOB, "customer", BSUID[:6])
    two.slack.submit(BOB, {"customer": choice["value"]})
    modal = two.slack.modal(BOB)
    assert modal is not None
    assert modal["errors"] == {"customer": "This is that customer's conversation already."}


def test_a_form_that_is_handed_in_twice_makes_one_person_once(two: House) -> None:
    asked(two)
    (choice,) = two.slack.look(BOB, "customer", PHONE[:6])
    two.slack.submit(BOB, {"customer": choice["value"]})
    assert two.slack.again(BOB) == 200
    two.run()
    assert sum("same person" in text for number in (0, 1) for text in two.texts(number)) == 2


# ------------------------------------------------------------------------- the blocked


def blocked(house: House, address: str) -> None:
    ana = who(house, address)
    house.store.write(Replace(replace(ana, blocked_at=house.clock.ms())))


def test_what_the_blocked_write_is_on_record_and_rings_nobody(two: House) -> None:
    blocked(two, SMS)
    before = two.texts(0)
    two.twilio.write(f"+{PHONE}", "let me in", media=[{"content_type": "image/png", "data": "aGk="}])
    two.quiet()
    assert not two.bells.rung
    two.later(3_600)
    assert two.texts(0) == before
    (item,) = [item for item in two.items() if item.muted]
    assert (item.text, item.conversation) == ("let me in", two.conversations()[0].id)


def test_the_blocked_open_no_conversation_when_theirs_is_over(two: House) -> None:
    two.slack.press(BOB, SUPPORT, two.threads()[0], "resolve")
    two.run()
    blocked(two, SMS)
    two.later(100 * 86_400)
    two.twilio.write(f"+{PHONE}", "let me in")
    two.run()
    assert len(two.conversations()) == 2
    assert two.conversations()[0].status is Status.RESOLVED


def test_a_stop_of_the_blocked_holds(two: House) -> None:
    blocked(two, SMS)
    two.twilio.write(f"+{PHONE}", "STOP")
    two.run()
    found = two.store.find(Known, SMS)
    assert found is not None
    assert set(found.opted_out) == {"sms"}


def test_an_edit_of_what_nobody_saw_is_not_told(house: House) -> None:
    house.telegram.write("7", "Hi", first_name="Ana")
    house.run()
    blocked(house, "telegram:7")
    theirs = house.telegram.write("7", "let me in", first_name="Ana").id
    house.telegram.edit("7", theirs, "x" * 400)
    house.run()
    ana = who(house, "telegram:7")
    house.store.write(Replace(replace(ana, blocked_at=0)))
    house.telegram.edit("7", theirs, "y" * 400)
    house.run()
    assert house.texts() == ["Hi"]
    house.telegram.write("7", "Thank you", first_name="Ana")
    house.run()
    assert house.texts() == ["Hi", "Thank you"]


def test_who_was_blocked_on_one_channel_is_blocked_as_the_one_person(two: House) -> None:
    blocked(two, WHATSAPP)
    done = by_hand(two, SMS, WHATSAPP)
    two.twilio.write(f"+{PHONE}", "hello?")
    two.run()
    assert "hello?" not in two.texts(0)
    assert two.texts(0)[-1].endswith(
        "They are blocked: what they write stays on record, and comes no more into Slack."
    )
    assert done is not None
    part(two.world, done.id, BOB)
    two.twilio.write(f"+{PHONE}", "and now?")
    two.run()
    assert two.texts(0)[-1] == "and now?"
    assert who(two, WHATSAPP).blocked_at
