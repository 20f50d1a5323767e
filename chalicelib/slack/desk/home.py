"""The App Home of one person, behind its bell: their queue, as they chose to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib import logs
from chalicelib.gates import waited_out
from chalicelib.model import Conversation, Item, Ok, Outcome, Person, Side
from chalicelib.services import World
from chalicelib.slack import views
from chalicelib.slack.asked import Press
from chalicelib.slack.desk.answers import Answer, Nothing
from chalicelib.slack.queue import EVERYTHING, SECTIONS, Board, Row, draw_board
from chalicelib.team import home_bell, person_after

AT_MOST = 100
"""Conversations of a desk that are looked at: those that wait the longest."""
PARKED_AT_MOST = 20
STRANGER = "This is for the team that Threadline works for."


def publish(world: World, user: str) -> None:
    """Draw somebody's App Home."""
    if not world.shift.has_time():
        world.queues.ring(Side.SLACK, [home_bell(user)])
        return
    ours = world.slack.is_ours(user)
    if ours is None:
        return  # Slack does not say now; they can look again
    blocks = draw_board(board_of(world, user), user) if ours else [views.words(STRANGER)]
    outcome = _shown(world, user, blocks)
    if waited_out(world, outcome):
        outcome = _shown(world, user, blocks)
    logs.note("home.drawn", outcome=type(outcome).__name__, user=user)


def _shown(world: World, user: str, blocks: Sequence[views.Block]) -> Outcome:
    outcome: Outcome = world.slack.modals.publish(user, views.home(blocks))
    return outcome if not isinstance(outcome, Ok) else Ok("")


def choose(world: World, asked: Press) -> Answer:
    """Remember what somebody wants to see of their queue, and have it drawn; *Look again* only draws it."""
    about = asked.verb.removeprefix("home_")
    if about in ("show", "desk"):
        person_after(world, asked.by.user, lambda now: replace(now, home={**now.home, about: asked.value}))
    world.queues.ring(Side.SLACK, [home_bell(asked.by.user)])
    return Nothing()


def board_of(world: World, user: str) -> Board:
    """Gather what somebody's App Home shows: the index, then the conversations themselves."""
    settings = world.settings()
    chosen = world.store.find(Person, user) or Person(user)
    desk, show = chosen.home.get("desk", EVERYTHING), chosen.home.get("show", EVERYTHING)
    desk = desk if desk in settings.desks else EVERYTHING
    names = [name for name in settings.desks if desk in (EVERYTHING, name)]
    # What has just moved may stand in the index at both desks.
    ids = dict.fromkeys(each for name in names for each in world.store.board(name, AT_MOST))
    found: list[Any] = world.store.find_all(*((Conversation, (each,)) for each in ids))
    rows = [_row(world, home) for home in found if home is not None and home.waiting_since is not None]
    others = [_row(world, home) for home in found if home is not None and home.waiting_since is None]
    return Board(
        tuple(settings.desks),
        (*sorted(rows, key=lambda row: row.home.waiting_since or 0), *others),
        _parked(world, names),
        desk,
        show if show in SECTIONS else EVERYTHING,
        world.now(),
    )


def _parked(world: World, desks: Sequence[str]) -> tuple[Row, ...]:
    """Name the conversations of which something was given up."""
    dues = [due for due in world.store.parked(limit=PARKED_AT_MOST) if due.kind is Item]
    wanted = [(Item, due.ids) for due in dues] + [(Conversation, (due.ids[0],)) for due in dues]
    found: list[Any] = world.store.find_all(*wanted)
    pairs = zip(found[: len(dues)], found[len(dues) :], strict=True)
    return tuple(
        replace(_row(world, home), why=item.parked)
        for item, home in pairs
        if item is not None and home is not None and item.parked and home.desk in desks
    )


def _row(world: World, home: Conversation) -> Row:
    link = world.slack.link(home.slack_channel, home.thread_ts, home.thread_ts) if home.thread_ts else ""
    return Row(home, link, world.capabilities(home.route).label if home.route else "")
