"""Put a conversation aside until a moment, or until its customer writes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.model import DAY
from chalicelib.services import World
from chalicelib.slack.asked import HandedIn, Press
from chalicelib.slack.desk.answers import Answer, Say, Show, Wrong
from chalicelib.slack.desk.doing import GONE, about, do
from chalicelib.slack.desk.standing import turned
from chalicelib.slack.views import View, asked_for, chosen, moment

HOUR = DAY // 24
NINE = dt.time(9)
AT_MOST = 366 * DAY

PRESETS = (("In an hour", "hour"), ("Tomorrow at 9:00", "tomorrow"), ("Monday at 9:00", "monday"))
PRESET, AT = "preset", "at"

NEITHER = "Please choose when it should come back."
OVER = "That moment is over already."
TOO_FAR = "Please choose a moment within a year."
NO_ZONE = "Slack does not say what time it is where you are. Please choose a moment below."


def snooze(_: World, asked: Press) -> Answer:
    """Ask until when."""
    conversation, _item = about(asked)
    if not conversation:
        return Say(GONE)
    fields = [
        asked_for(PRESET, "Until", chosen(PRESETS, "tomorrow"), optional=True),
        asked_for(
            AT, "Or until this moment", moment(), "It comes back as well when the customer writes.", optional=True
        ),
    ]
    meta = {"conversation": conversation}
    return Show(View("snooze", "Snooze", fields, "Snooze", "Cancel", meta), over=True)


def snoozed(world: World, asked: HandedIn) -> Answer:
    """Put it aside."""
    now, values = world.now(), asked.view.values
    preset, at = (next(iter(values.get(name, ())), "") for name in (PRESET, AT))
    if not preset and not at:
        return Wrong({PRESET: NEITHER})
    until = int(at) * 1000 if at else _moment(world, asked.by.user, preset)
    if until is None:
        return Wrong({PRESET: NO_ZONE})
    if not now < until < now + AT_MOST:
        return Wrong({AT: OVER if until <= now else TOO_FAR})
    return do(world, asked, lambda home, contact: turned(world, home, contact, "snooze", asked.by.user, until))


def _moment(world: World, user: str, preset: str) -> int | None:
    """Tell when a preset is, by the clock on the doer's wall."""
    now = world.now()
    if preset == "hour":
        return now + HOUR
    try:
        return nine_o_clock(now, preset, ZoneInfo(world.slack.zone(user)))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def nine_o_clock(now: int, preset: str, zone: ZoneInfo) -> int:
    """Tell when it is nine the next day, or the next Monday, in a time zone."""
    today = dt.datetime.fromtimestamp(now / 1000, zone).date()
    days = 1 if preset == "tomorrow" else 7 - today.weekday()
    return int(dt.datetime.combine(today + dt.timedelta(days), NINE, zone).timestamp() * 1000)
