"""The App Home: the queue of one person, and one click into each thread."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from chalicelib.model import Conversation, Route, Side, Status
from chalicelib.queues import LIFE
from chalicelib.slack.desk.home import publish
from chalicelib.slack.queue import MANY, Board, Row, draw_board
from chalicelib.team import home_bell
from infra.local.slack.block_kit import find_problems
from infra.local.slack.team import BOB, MIA, OUTSIDER, SUPPORT
from tests.house import SETTINGS, House

ANA, BEN, CEM = "+15551230001", "+15551230002", "+15551230003"


def write(house: House, who: str, text: str = "Hello") -> None:
    house.twilio.write(who, text)
    house.run()
    house.clock.ahead += 60


def opened(house: House, user: str = BOB) -> dict[str, Any]:
    house.slack.open_home(user)
    house.run()
    view = house.slack.home(user)
    assert view is not None
    return view


def said(view: dict[str, Any]) -> str:
    return json.dumps(view["blocks"], ensure_ascii=False)


def heads(view: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]


def choose(house: House, action: str, choice: str, user: str = BOB) -> dict[str, Any]:
    assert house.slack.press_in_view(user, action, choice, home=True) == 200
    house.run()
    view = house.slack.home(user)
    assert view is not None
    return view


def test_an_empty_desk_says_that_nobody_waits(house: House) -> None:
    view = opened(house)
    assert "Nobody waits" in said(view)
    assert heads(view) == []


def test_it_shows_what_is_mine_and_what_is_nobodys_with_a_button_into_the_thread(house: House) -> None:
    for who in (ANA, BEN):
        write(house, who)
    house.slack.press(BOB, SUPPORT, house.threads()[0], "claim")
    house.run()
    view = opened(house)
    assert heads(view) == ["Yours (1)", "Nobody's yet (1)", "Waiting longest (2)"]
    mine = view["blocks"][view["blocks"].index(next(b for b in view["blocks"] if b["type"] == "header")) + 1]
    assert ANA in mine["text"]["text"]
    assert mine["accessory"]["url"].endswith(f"p{house.threads()[0].replace('.', '')}")
    assert heads(opened(house, MIA)) == ["Nobody's yet (1)", "Waiting longest (2)"]


def test_who_waits_the_longest_comes_first(house: House) -> None:
    for who in (ANA, BEN, CEM):
        write(house, who)
    house.say("Hi", 1)
    house.run()
    view = choose_after_opening(house, "home_show", "longest")
    rows = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    assert [next(who for who in (ANA, BEN, CEM) if who in row) for row in rows] == [ANA, CEM]


def choose_after_opening(house: House, action: str, choice: str) -> dict[str, Any]:
    opened(house)
    return choose(house, action, choice)


def test_what_somebody_chose_to_see_is_remembered(house: House) -> None:
    write(house, ANA)
    assert heads(choose_after_opening(house, "home_show", "nobodys")) == ["Nobody's yet (1)"]
    assert heads(opened(house)) == ["Nobody's yet (1)"]
    assert heads(opened(house, MIA)) == ["Nobody's yet (1)", "Waiting longest (1)"]


def test_a_desk_can_be_looked_at_alone(house: House) -> None:
    house.settings_text = SETTINGS.replace('"telegram/main" = "support"', '"telegram/main" = "sales"') + (
        '[desks.sales]\nslack_channel = "C0SALES"\n'
    )
    write(house, ANA)
    house.telegram.write("5", "Merhaba", first_name="Deniz")
    house.run()
    assert "Deniz" in said(opened(house))
    view = choose(house, "home_desk", "support")
    assert "Deniz" not in said(view)
    assert ANA in said(view)


def test_snoozed_conversations_stand_apart(house: House) -> None:
    write(house, ANA)
    (home,) = house.conversations()
    until = house.clock.ms() + 3_600_000
    house.store.change(home, lambda now: replace(now, status=Status.SNOOZED, snoozed_until=until))
    assert heads(opened(house)) == ["Snoozed (1)"]


def test_what_was_given_up_leads_to_its_thread(house: House) -> None:
    write(house, ANA)
    (item,) = house.items()
    house.store.change(item, lambda now: replace(now, parked="Slack refused it", due=None))
    view = opened(house)
    assert heads(view)[-1] == "Given up (1)"
    assert "Slack refused it" in said(view)


def test_somebody_from_outside_sees_nothing_of_it(house: House) -> None:
    write(house, ANA)
    house.answer(Side.SLACK, home_bell(OUTSIDER))
    published = [args for name, args in house.slack.calls if name == "views.publish"]
    assert ANA not in json.dumps(published)


def test_a_long_queue_fits_into_a_view_and_says_what_it_leaves_out() -> None:
    route = Route("twilio", "main", "sms", "phone:+1", "+1")
    name = "<!channel> *`_~" * 50
    home = Conversation("C", "P", "support", "C0", name, 0, thread_ts="1.1", route=route)
    rows = (Row(home, "https://x.slack.com/", "SMS", why=name),) * 300
    for show in ("all", "nobodys"):
        blocks = draw_board(Board(("support",), rows, rows, show=show), BOB)
        assert len(blocks) <= 100
        assert [find_problems(blocks[:50]), find_problems(blocks[50:])] == [[], []]
        assert "<!" not in json.dumps(blocks)
    assert f"and {300 - MANY} more" in json.dumps(blocks)


def test_an_opened_home_rings_one_bell_and_is_drawn_with_one_call(house: House) -> None:
    write(house, ANA)
    opened(house)
    before = len(house.slack.calls)
    opened(house)
    assert [name for name, _ in house.slack.calls[before:]] == ["views.publish"]


def test_a_worker_without_time_leaves_it_to_the_next(house: House) -> None:
    house.world.shift.begin(house.clock.ms() - LIFE, LIFE)
    publish(house.world, BOB)
    house.world.shift.end()
    assert [(side, bell.about) for side, bell in house.bells.rung] == [(Side.SLACK, f"home:{BOB}")]
    house.run()
    assert "Nobody waits" in said(house.slack.home(BOB) or {})


def test_all_of_a_section_is_one_press_away(house: House) -> None:
    for number in range(7):
        house.twilio.write(f"+1555123000{number}", "Hello")
    house.run()
    opened(house)
    view = choose(house, "home_show", "nobodys")
    assert heads(view) == ["Nobody's yet (7)"]
    assert len([block for block in view["blocks"] if block["type"] == "section"]) == 7
