"""Write first: `/threadline write`, and the shortcut of that name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.channels import CHANNELS
from chalicelib.services import MAIN, World
from chalicelib.slack.asked import Command, HandedIn, Shortcut
from chalicelib.slack.desk.answers import Answer, Show, Wrong
from chalicelib.slack.desk.firsts import desks_for, grounded, number
from chalicelib.slack.desk.menu import CUSTOMER
from chalicelib.slack.desk.replying import first_form
from chalicelib.slack.desk.templating import pick
from chalicelib.slack.views import View, asked_for, chosen, searched, typed

TITLE = "Write to a customer"
PHONE, NAME, DESK, WAY = "phone", "name", "desk", "way"
WHOM = "Choose somebody who is known here, or type a number."
ONE_OF = "Choose somebody, or type a number: not both."
NO_PHONE = "Write the number with its country, such as +90 532 111 22 33."
ELSEWHERE = "What they answer there comes to {desks}. Please choose that."


def ask_whom(world: World, _: Command | Shortcut) -> Answer:
    """Ask to whom somebody wants to write, from which desk and by which medium."""
    desks = [(each.name.replace("_", " ").capitalize(), each.name) for each in world.settings().desks.values()]
    ways = _ways(world)
    blocks = [
        asked_for(CUSTOMER, "Customer", searched("A name, a number, an address", least=2), optional=True),
        asked_for(PHONE, "Or a number", typed(most=40, placeholder="+90 532 111 22 33"), optional=True),
        asked_for(NAME, "What they are called", typed(most=60), "If they are not known here yet.", optional=True),
        asked_for(WAY, "By", chosen(ways[:100], ways[0][1])),
        asked_for(DESK, "From the desk", chosen(desks[:100], desks[0][1])),
    ]
    return Show(View("write", TITLE, blocks, "Next", "Cancel"))


def _ways(world: World) -> list[tuple[str, str]]:
    """Name every medium of every line; the line's own name only where there are several alike."""
    found = []
    for line in world.settings().accounts:
        channel, _, account = line.partition("/")
        for medium, can in CHANNELS[channel].CAPABILITIES.items():
            through = f" ({channel.capitalize()})" if medium != channel else ""
            named = "" if account == MAIN else f", {account}"
            found.append((f"{can.label}{through}{named}", f"{line} {medium}"))
    return found


def take_whom(world: World, asked: HandedIn) -> Answer:
    """Show the form for the words, or the templates where only those may go."""
    given = {name: next(iter(asked.view.values.get(name, ())), "") for name in (CUSTOMER, PHONE, NAME, WAY, DESK)}
    line, _, medium = given[WAY].partition(" ")
    wrong = _wrong(world, given, line, medium)
    if wrong:
        return Wrong(wrong)
    meta = {
        "medium": medium,
        "line": line,
        "desk": given[DESK],
        "contact": given[CUSTOMER],
        "phone": number(given[PHONE]),
        "name": given[NAME][:60],
    }
    here = grounded(world, meta)
    if isinstance(here, str):
        return Wrong({WAY: here})
    if here.reach.over(world.now()):
        shown = pick(world, here)
        return replace(shown, over=False) if isinstance(shown, Show) else shown
    return first_form(world, here)


def _wrong(world: World, given: Mapping[str, str], line: str, medium: str) -> dict[str, str]:
    if line not in world.settings().accounts or given[DESK] not in world.settings().desks:
        return {WAY: "Please choose again."}
    if bool(given[CUSTOMER]) == bool(given[PHONE]):
        return {PHONE: ONE_OF if given[PHONE] else WHOM}
    if given[PHONE] and not number(given[PHONE]):
        return {PHONE: NO_PHONE}
    desks = desks_for(world, line, medium)
    if given[DESK] not in [each.name for each in desks]:
        return {DESK: ELSEWHERE.format(desks=" or ".join(each.name for each in desks))}
    return {}
