"""A verb is offered in a thread, and somebody presses its button."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.inbound.entries import bell_of, new_item
from chalicelib.model import Kind, Offer, Side
from chalicelib.store import Insert
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House


def press(house: House, verb: str, user: str = BOB, channel: str = SUPPORT) -> None:
    """Let somebody press the button of a verb in the newest conversation's thread."""
    home, now = house.conversations()[-1], house.clock.ms()
    offers = (Offer(verb, verb, home.id),)
    line = replace(new_item(Kind.LINE, now, now, text=f"({verb})", offers=offers), conversation=home.id)
    house.store.write(Insert(line))
    house.world.queues.ring(Side.SLACK, [bell_of(home)])
    house.run()
    house.slack.press(user, channel, house.thread(channel=channel)[-1]["ts"], verb)
