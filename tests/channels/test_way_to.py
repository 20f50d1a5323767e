"""What every channel promises of the way to somebody who has never written."""

from __future__ import annotations

import pytest

from chalicelib.channels import CHANNELS
from chalicelib.model import Route
from tests.captures import ACCOUNTS, capture

PHONE = "+5511987654321"
MEDIA = [(name, medium) for name, channel in CHANNELS.items() for medium in channel.CAPABILITIES]


@pytest.mark.parametrize(("channel", "medium"), MEDIA)
def test_a_way_leads_to_the_very_address_that_an_answer_will_come_from(channel: str, medium: str) -> None:
    way = CHANNELS[channel].way_to(ACCOUNTS[channel], medium, PHONE, "ours")
    if way is not None:
        assert (way.line, way.medium, way.address, way.sender) == (
            f"{channel}/main",
            medium,
            f"phone:{PHONE}",
            "ours",
        )


def test_a_way_by_whatsapp_is_spelled_as_one_that_came_from_there() -> None:
    (came,) = CHANNELS["whatsapp"].parse(capture("whatsapp", "text"), ACCOUNTS["whatsapp"])
    route = getattr(came, "route", None)
    assert isinstance(route, Route)
    made = CHANNELS["whatsapp"].way_to(ACCOUNTS["whatsapp"], "whatsapp", f"+{route.to}", route.sender)
    assert made == route


def test_media_in_which_nobody_can_be_written_to_first_say_so() -> None:
    none = {f"{c}/{m}" for c, m in MEDIA if CHANNELS[c].way_to(ACCOUNTS[c], m, PHONE, "ours") is None}
    assert none == {"telegram/telegram", "twilio/rcs"}
