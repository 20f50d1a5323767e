"""What goes out of a desk where only marked replies do: the mark is for us, and the customer does not see it.

In doubt a text stays inside: a leak cannot be undone, and a mark can be typed again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from chalicelib.model import Conversation
from chalicelib.outbound.answering import answering
from chalicelib.outbound.notes import is_note
from chalicelib.richtext import Rich, Ruler, escape, found, glyphs, kept, mrkdwn, plain, stripped, words
from chalicelib.services import World
from chalicelib.settings import NOTE_MARK, Desk
from chalicelib.slack.links import without_link
from chalicelib.slack.told import Typed


def desk_at(world: World, home: Conversation, channel: str) -> Desk | None:
    """Find the desk whose ways count in a thread: that of its Slack channel, also once it has moved away."""
    settings = world.settings()
    return settings.desk_in(channel) or settings.desks.get(home.desk)


def stays_inside(world: World, home: Conversation, channel: str, *spellings: str) -> bool:
    """Tell whether a text, in any spelling, is a note where it was typed, or at a desk that is no more."""
    desk = desk_at(world, home, channel)
    return is_noted(desk, spellings) or not all(is_marked(desk, text) for text in spellings)


def is_noted(desk: Desk | None, spellings: Sequence[str]) -> bool:
    """Tell whether a text bears the mark of a note."""
    mark = desk.note_mark if desk else NOTE_MARK
    return any(is_note(text, each) for text in spellings for each in _spelled(mark))


def is_marked(desk: Desk | None, text: str) -> bool:
    """Tell whether a text in Slack's markup may go out: with the mark, where its desk has one for that."""
    marks, words_of_it = marks_of(desk), without_link(text)
    # Who calls the channel speaks to the team, whatever comes then.
    calls = words_of_it.lstrip().startswith("<!")
    return not marks or (not calls and _length(mrkdwn.read(words_of_it), marks) is not None)


def marks_of(desk: Desk | None) -> Collection[str]:
    """Tell with what a reply begins at a desk; nothing where every reply goes out."""
    return _spelled(desk.reply_mark) if desk is not None and desk.relay == "marked" else ()


def as_said(world: World, typed: Typed, home: Conversation) -> tuple[Typed, str]:
    """Take off what is not for the customer: the mark, and the link to what is answered, which is named."""
    marks = marks_of(desk_at(world, home, typed.channel))
    bare = _unmarked(typed, marks)
    said, answered = answering(world, bare, home.id)
    return (said if bare != typed else _unmarked(said, marks)), answered


def _spelled(mark: str) -> set[str]:
    return {mark, glyphs(mark)}


def _unmarked(typed: Typed, marks: Collection[str]) -> Typed:
    rich = found(typed.rich) or mrkdwn.read(typed.text)
    length = _length(rich, marks)
    if length is None:
        return typed
    rest = stripped(Ruler(rich).between(length, len(words(rich))))
    text = escape(plain.write(rest))
    return replace(typed, text=text, rich=kept(rest, text, mrkdwn.read))


def _length(rich: Rich, marks: Collection[str]) -> int | None:
    """Tell how much of a text is its mark, with the blanks before it; None if it has none."""
    said, first = (
        words(rich),
        next((run for block in rich for run in block.runs if run.text.strip() or run.mention), None),
    )
    if first is None or first.mention:
        return None
    begins = len(said) - len(said.lstrip())
    for mark in marks:
        if mark.casefold() == said[begins : begins + len(mark)].casefold():
            return begins + len(mark)
    return None
