"""What customers know the people of the team by."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import Person
from chalicelib.slack.asked import By, Command, HandedIn, Seen
from chalicelib.slack.desk.answers import Say, Show
from chalicelib.slack.desk.tables import COMMANDS, FORMS
from chalicelib.team import NAME_AT_MOST, person_after, public_name, renamed
from infra.local.slack.team import BOB, TEAM_ID
from tests.house import House

BY = By(TEAM_ID, BOB)


def hand_in(house: House, name: str) -> object:
    values = {"name": (name,) if name else ()}
    return FORMS["name"](house.world, HandedIn(BY, Seen("V1", "h", "name", values=values)))


def test_customers_know_somebody_by_their_name_in_slack_until_they_choose_another(house: House) -> None:
    assert public_name(house.world, BOB) == "Bob Brown"
    assert hand_in(house, "Robert from Support") == Say("Customers know you as Robert from Support now.")
    assert public_name(house.world, BOB) == "Robert from Support"
    assert hand_in(house, "") == Say("Customers know you by your name in Slack now.")
    assert public_name(house.world, BOB) == "Bob Brown"


def test_a_name_can_be_typed_behind_the_command(house: House) -> None:
    COMMANDS["name"](house.world, Command(BY, "name  Anna-Lena "))
    assert public_name(house.world, BOB) == "Anna-Lena"


def test_the_form_shows_the_name_that_is_there(house: House) -> None:
    renamed(house.world, BOB, "Robert")
    shown = COMMANDS["name"](house.world, Command(BY, "name"))
    assert isinstance(shown, Show)
    (field,) = shown.view.blocks
    assert field["element"]["initial_value"] == "Robert"


def test_a_name_is_one_short_line_without_tricks(house: House) -> None:
    assert renamed(house.world, BOB, "An\u202ena\n\tLena").public_name == "Anna Lena"
    assert renamed(house.world, BOB, "\u200b ").public_name == ""
    assert len(renamed(house.world, BOB, "x" * 500).public_name) == NAME_AT_MOST


def test_whom_slack_does_not_know_has_no_name(house: House) -> None:
    assert public_name(house.world, "U0NOBODY") == ""


def test_two_changes_at_once_lose_neither(house: House) -> None:
    tries: list[Person] = []

    def choose(now: Person) -> Person:
        if not tries:
            tries.append(renamed(house.world, BOB, "Robert"))
        return replace(now, home={"desk": "support"})

    after = person_after(house.world, BOB, choose)
    assert (after.public_name, after.home) == ("Robert", {"desk": "support"})
