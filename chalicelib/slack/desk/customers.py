"""Customers to choose from, while somebody types a name or the beginning of an address."""

from __future__ import annotations

from chalicelib.model import Contact
from chalicelib.search import find_people
from chalicelib.services import World
from chalicelib.slack.asked import Looked
from chalicelib.slack.blocks import NOBODY
from chalicelib.slack.desk.answers import Choices
from chalicelib.slack.words import clean

SHOWN = 25


def customers(world: World, looked: Looked) -> Choices:
    """Tell who may be meant; more letters bring fewer people."""
    found = find_people(world.store, looked.typed, SHOWN)
    return Choices([(called(each), each.id) for each in found])


def called(contact: Contact) -> str:
    """Name a customer with their addresses, so that two of one name can be told apart."""
    at = ", ".join(clean(each.partition(":")[2]) for each in contact.addresses)
    return " · ".join(filter(None, (clean(contact.name), at))) or NOBODY
