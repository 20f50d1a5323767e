"""What the App Home of one person looks like: who waits, for whom, since when; and one click into each thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model import Conversation, Status
from chalicelib.richtext import escape
from chalicelib.slack.blocks import NOBODY, Block, context
from chalicelib.slack.views import actions, button, chosen, head, leads, words
from chalicelib.slack.words import clean, others, when

EVERYTHING = "all"
SECTIONS = {
    "mine": "Yours",
    "nobodys": "Nobody's yet",
    "longest": "Waiting longest",
    "snoozed": "Snoozed",
    "parked": "Given up",
}
EMPTY = {
    "mine": "Nothing of yours is open.",
    "nobodys": "Everything is in somebody's hands.",
    "longest": "Nobody waits.",
    "snoozed": "Nothing is snoozed.",
    "parked": "Nothing was given up.",
}
FEW, MANY = 5, 80
"""Rows of a section among others, and of one that is shown alone; Slack takes a hundred blocks."""


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in somebody's queue."""

    home: Conversation
    link: str
    medium: str = ""
    why: str = ""
    """Why something of it was given up."""


@dataclass(frozen=True, slots=True)
class Board:
    """What is open at the desks that somebody looks at, as they chose to see it."""

    desks: tuple[str, ...]
    rows: tuple[Row, ...]
    parked: tuple[Row, ...]
    desk: str = EVERYTHING
    show: str = EVERYTHING
    at: int = 0


def draw_board(board: Board, user: str) -> list[Block]:
    """Draw somebody's queue."""
    found = {name: _rows(board, name, user) for name in SECTIONS}
    shown = [name for name in SECTIONS if board.show in (EVERYTHING, name)]
    blocks = [_choices(board), context(_counts(board, found))]
    for name in shown:
        # What is good news takes no room among other sections.
        if found[name] or len(shown) == 1:
            blocks += _section(name, found[name], MANY if len(shown) == 1 else FEW, board.show)
    return blocks if len(blocks) > 2 else [*blocks, words(":tada: Nobody waits, and nothing is open.")]  # noqa: PLR2004


def _rows(board: Board, name: str, user: str) -> list[Row]:
    is_awake = [row for row in board.rows if row.home.status is Status.OPEN]
    match name:
        case "mine":
            return [row for row in is_awake if row.home.owner == user]
        case "nobodys":
            return [row for row in is_awake if not row.home.owner]
        case "longest":
            waiting = [row for row in is_awake if row.home.waiting_since is not None]
            return sorted(waiting, key=lambda row: row.home.waiting_since or 0)
        case "snoozed":
            asleep = [row for row in board.rows if row.home.status is Status.SNOOZED]
            return sorted(asleep, key=lambda row: row.home.snoozed_until)
    return list(board.parked)


def _choices(board: Board) -> Block:
    desks = [("All desks", EVERYTHING), *((_desk(name), name) for name in board.desks)]
    shows = [("Everything", EVERYTHING), *((label, name) for name, label in SECTIONS.items())]
    return actions(
        [
            {**chosen(shows, board.show), "action_id": "home_show"},
            {**chosen(desks, board.desk if board.desk in board.desks else EVERYTHING), "action_id": "home_desk"},
            button("Look again", "home_again", "now"),
        ]
    )


def _counts(board: Board, found: dict[str, list[Row]]) -> str:
    longest = next((row.home.waiting_since for row in found["longest"]), None)
    is_open = sum(row.home.status is Status.OPEN for row in board.rows)
    parts = (
        f"*{is_open}* open",
        f"*{len(found['mine'])}* yours",
        f"*{len(found['nobodys'])}* nobody's",
        f"the longest waits since {when(longest)}" if longest is not None else "nobody waits",
        f"*{len(found['snoozed'])}* snoozed" if found["snoozed"] else "",
        f":warning: *{len(found['parked'])}* given up" if found["parked"] else "",
        f"as of {when(board.at)}" if board.at else "",
    )
    return "  ·  ".join(filter(None, parts))


def _section(name: str, rows: Sequence[Row], most: int, show: str) -> list[Block]:
    title = f"{SECTIONS[name]} ({len(rows)})" if rows else SECTIONS[name]
    blocks: list[Block] = [head(title), *(_row(row) for row in rows[:most])]
    if not rows:
        blocks.append(context(EMPTY[name]))
    if len(rows) > most and show == EVERYTHING:
        blocks.append(actions([button(f"All {len(rows)}", "home_show", name)]))
    elif len(rows) > most:
        blocks.append(context(f"and {len(rows) - most} more"))
    return blocks


def _row(row: Row) -> Block:
    home = row.home
    name = escape(others(home.name) or NOBODY)
    who = "  ·  ".join(filter(None, (f"*{name}*", row.medium, _desk(home.desk))))
    return words(f"{who}\n{_standing(row)}", leads("Open", row.link) if row.link else None)


def _standing(row: Row) -> str:
    home, parts = row.home, []
    if row.why:
        parts.append(f":warning: {escape(others(row.why, 120))}")
    elif home.status is Status.SNOOZED and home.snoozed_until:
        parts.append(f":zzz: Until {when(home.snoozed_until)}")
    if home.waiting_since is not None:
        parts.append(f":hourglass_flowing_sand: Waiting since {when(home.waiting_since)}")
    elif not parts:
        parts.append(":speech_balloon: Answered")
    parts.append(f"Owner: <@{home.owner}>" if home.owner else "Owner: nobody yet")
    return "  ·  ".join([*parts, *(f"`{escape(clean(tag).replace('`', chr(39)))}`" for tag in home.tags[:5])])


def _desk(name: str) -> str:
    return name.replace("_", " ").capitalize()
