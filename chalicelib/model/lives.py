"""The legal lives of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.model.texts import Markup


class State(StrEnum):
    """Where a message stands. Inbound: recorded, posted. Outbound: all the others."""

    RECORDED = "recorded"
    POSTED = "posted"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"


THERE = frozenset({State.SENT, State.DELIVERED, State.READ})
"""Where the customer has it, as far as anybody knows."""


class Reason(StrEnum):
    """Why a reply did not get through, in our words; slack/reasons.py has the sentences."""

    BAD_ADDRESS = "bad address"
    BLOCKED = "blocked"
    OPTED_OUT = "opted out"
    WINDOW = "window closed"
    TOO_LONG = "too long"
    UNREACHABLE = "unreachable"
    FILTERED = "filtered"
    EXPIRED = "expired"
    REFUSED = "refused"
    NO_SENDER = "no sender"
    NO_ROUTE = "no route"
    GAVE_UP = "gave up"
    LOST_TRACK = "lost track"
    UNCONFIRMED = "unconfirmed"
    UNHEARD = "unheard"
    TURNED_UP = "turned up"
    """Its post stands in the thread after all, which had been told that nothing was sent."""
    TOO_LATE = "too late"
    """It can be done for a while only, and that is over."""
    OTHER_PARTS = "other parts"
    """Its new words need other messages than the old ones went out in."""
    NOTE_BETWEEN = "note between"
    """A form of it was a note, after it had gone."""
    FORM_MISSING = "form missing"
    """Slack did not tell of each form it had, and one may have been a note."""
    UNSURE = "unsure"
    """It is not known whether the customer has it."""
    FILE_EMPTY = "file empty"
    FILE_TOO_BIG = "file too big"
    FILE_KIND = "file kind"
    """The medium takes no such file, not even as a link."""
    FILE_GONE = "file gone"
    FILE_SLOW = "file slow"
    FILE_REFUSED = "file refused"
    """Whoever has it will not hand it out, or hands out something else, such as a page to sign in on."""
    FILE_UNSHOWN = "file unshown"
    """Slack will not take it, or not show it in the thread."""


OF_ITS_OWN = frozenset(
    {
        Reason.FILE_EMPTY,
        Reason.FILE_TOO_BIG,
        Reason.FILE_KIND,
        Reason.FILE_GONE,
        Reason.FILE_SLOW,
        Reason.FILE_REFUSED,
        Reason.TOO_LONG,
        Reason.REFUSED,
    }
)
"""Where a file stays behind for one of these, what comes after it goes out all the same."""


MOVES: Mapping[State, frozenset[State]] = {
    # To delivered and read: an earlier attempt arrived after all, while another was already asked for.
    State.RECORDED: frozenset(
        {State.SENDING, State.WITHDRAWN, State.FAILED, State.POSTED, State.DELIVERED, State.READ}
    ),
    State.SENDING: frozenset(
        {State.RECORDED, State.SENT, State.DELIVERED, State.READ, State.FAILED, State.UNKNOWN}
    ),
    # Twilio reports "sent" before "undelivered".
    State.SENT: frozenset({State.DELIVERED, State.READ, State.FAILED}),
    State.DELIVERED: frozenset({State.READ}),
    # Carriers have reported failures that were deliveries; and a person may send again, or take it back.
    State.FAILED: frozenset({State.DELIVERED, State.READ, State.RECORDED, State.WITHDRAWN}),
    State.UNKNOWN: frozenset({State.RECORDED, State.SENT, State.DELIVERED, State.READ, State.FAILED}),
    State.READ: frozenset(),
    State.POSTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""From which state a message may go to which; whatever is not here leaves it as it was."""


def moved(state: State, to: State) -> State:
    """Take a step if it is a legal one, else stay: receipts come late, twice and out of order."""
    return to if to in MOVES[state] else state


_BEST = (State.RECORDED, State.SENDING, State.SENT, State.DELIVERED, State.READ)
_WORST = (State.FAILED, State.UNKNOWN, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Part:
    """One provider's message: what a reply became after splitting. `tries` tells repeated sends apart.

    `may_have_left`: nobody could say what became of an attempt, and it is to be sent again.
    """

    text: str
    state: State = State.RECORDED
    id: str = ""
    reason: Reason | None = None
    detail: str = ""
    tries: int = 0
    file: int | None = None
    """Which of the reply's attachments goes with it, or would if it had come."""
    kind: str = ""
    """As which kind of file it goes: one of those that the medium takes."""
    may_have_left: bool = False
    markup: Markup = Markup.PLAIN
    """In which form `text` is, which is word for word what was sent."""

    @property
    def stayed_behind(self) -> bool:
        """Whether it is a file that failed by itself, and says nothing of what comes after it."""
        return self.state is State.FAILED and self.file is not None and self.reason in OF_ITS_OWN

    @property
    def in_doubt(self) -> bool:
        """Whether it may have reached the customer though nothing says so."""
        return self.may_have_left or self.state is State.UNKNOWN or self.reason is Reason.UNCONFIRMED


def summary(parts: tuple[Part, ...]) -> State:
    """Tell one state of a reply from those of its parts: the worst news first, else the least progress."""
    states = [part.state for part in parts]
    if State.SENDING in states:
        return State.SENDING  # whatever else is known, one part has to be cleared up first
    if State.RECORDED in states:  # bad news of a file alone is told when the rest has gone
        states = [part.state for part in parts if not part.stayed_behind]
    for bad in _WORST:
        if bad in states:
            return bad
    least = min(states, key=_BEST.index)
    started = any(_BEST.index(state) > 0 for state in states)
    return State.SENDING if started and least is State.RECORDED else least
