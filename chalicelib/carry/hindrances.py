"""What stands in a file's way: a hiccup that is waited out in place, or something that concerns others as well."""

from __future__ import annotations

from chalicelib.gates import close, close_ours, waited_out
from chalicelib.model import Ambiguous, Busy, Ours, Outcome
from chalicelib.services import World

HICCUP = Busy("try again", wait=2_000)
"""How long to wait before something is tried at once again: its message does not wait much longer for it."""


def over(world: World, hindrance: object) -> bool:
    """Wait until a hiccup is over; False if it is none, or takes longer than anybody should wait in place."""
    if not isinstance(hindrance, Ambiguous | Busy):
        return False
    told = isinstance(hindrance, Busy) and hindrance.wait is not None
    return waited_out(world, hindrance if told else HICCUP)


def concerns_all(hindrance: Outcome) -> bool:
    """Tell whether a hindrance stands in the way of other files as well."""
    return isinstance(hindrance, Ours) or (
        isinstance(hindrance, Busy) and bool(hindrance.wait or hindrance.whole_line)
    )


def shut_for_all(world: World, gate: tuple[str, str], hindrance: Outcome) -> None:
    """Shut a gate, for as long as they say or our own trouble may last."""
    if isinstance(hindrance, Ours):
        close_ours(world, *gate, hindrance.why)
    elif isinstance(hindrance, Busy):
        close(world, *gate, hindrance)
