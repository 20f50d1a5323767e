"""Reactions that do something, as Slack tells of them: again, late, and under a channel's new id."""

from __future__ import annotations

import pytest

from chalicelib.model import Status
from chalicelib.outbound.reply import act
from chalicelib.slack.told import Nodded
from infra.local.slack.team import BOB, MIA, SUPPORT, TEAM_ID
from tests.house import House

ANA = "+15551230001"


@pytest.fixture
def ana(house: House) -> House:
    house.twilio.write(ANA, "Hi")
    house.run()
    return house


def nodded(house: House, name: str, user: str = BOB) -> Nodded:
    return Nodded(TEAM_ID, SUPPORT, house.thread()[0]["ts"], user, name, "1700000000.000100", added=True)


def test_a_check_mark_that_slack_tells_of_again_does_not_resolve_what_the_customer_has_opened(ana: House) -> None:
    event = nodded(ana, "white_check_mark")
    act(ana.world, event)
    ana.run()
    ana.twilio.write(ANA, "One more thing")
    ana.run()
    act(ana.world, event)
    ana.run()
    assert ana.conversations()[-1].status is Status.OPEN
    assert ana.texts().count("Bob Brown resolved this.") == 1


def test_eyes_that_slack_tells_of_again_take_nothing_back_that_was_handed_on(ana: House) -> None:
    event = nodded(ana, "eyes")
    act(ana.world, event)
    ana.run()
    assert ana.slack.press(MIA, SUPPORT, ana.threads()[-1], "more") == 200
    assert ana.slack.press_in_view(MIA, "hand_back") == 200
    act(ana.world, event)
    ana.run()
    assert ana.conversations()[-1].owner == ""
    assert ana.slack.state()["ephemerals"] == []


def test_the_list_opens_in_a_channel_that_has_another_id_by_now(ana: House) -> None:
    ts = ana.thread()[0]["ts"]
    ana.slack.move_channel(SUPPORT, "C0NEW")
    ana.run()
    assert ana.slack.shortcut(BOB, "C0NEW", ts) == 200
    view = ana.slack.modal(BOB)
    assert view is not None
    assert "Assign" in str(view["blocks"])
