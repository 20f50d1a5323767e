"""How long somebody who asks something of the desk waits for its answer, beside the bare calls it stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.bench.caught import Caught
from infra.bench.meter import Meter
from infra.bench.place import Place
from infra.bench.wire import Bare, counting, recording
from infra.local.slack import SlackStandIn
from infra.local.slack.team import BOB, SUPPORT

RUNS = 40


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody of the team, at the bench's one thread."""

    here: Place
    team: SlackStandIn
    caught: Caught

    def press(self) -> dict[str, Any]:
        """Press the button on the card that resolves the conversation, or opens it again."""
        self.here.drain()
        thread = self.here.home.thread_ts
        card = self.team.thread(SUPPORT, thread)[0]
        self.team.press(BOB, SUPPORT, thread, "reopen" if "'reopen'" in str(card["blocks"]) else "resolve")
        return self._event()

    def shortcut(self) -> dict[str, Any]:
        """Choose *Threadline…* in a message's menu, which opens a modal."""
        self.team.shortcut(BOB, SUPPORT, self.here.home.thread_ts, "threadline")
        return self._event()

    def form(self) -> dict[str, Any]:
        """Open the form for a note, and hand it in."""
        self.here.take(self.shortcut())
        self.team.press_in_view(BOB, "note")
        self.here.take(self._event())
        self.team.submit(BOB, {"note": "They like it blue."})
        return self._event()

    def search(self) -> dict[str, Any]:
        """Type the beginning of a number into a field for customers."""
        modal = self.team.modal(BOB)
        if modal is None or modal["callback_id"] != "find":
            self.here.take(self.command())
        self.team.look(BOB, "customer", "1555")
        return self._event()

    def command(self) -> dict[str, Any]:
        """Type `/threadline`, which opens a modal."""
        self.team.command(BOB, "/threadline", "support")
        return self._event()

    def _event(self) -> dict[str, Any]:
        return self.here.event(self.caught.path, self.caught.headers, self.caught.body)


def report_desk(here: Place, bare: Bare, meter: Meter) -> None:
    """Measure one of each kind, and print a table."""
    desk = Desk(here, here.team, here.caught)
    print(f"\n{'the desk':26}{'to AWS':>8}{'to Slack':>10}{'ours, ms':>11}{'bare':>8}{'above':>8}")
    for name, prepare in (
        ("a button pressed", desk.press),
        ("a shortcut, with modal", desk.shortcut),
        ("a form handed in", desk.form),
        ("a search", desk.search),
        ("a command, with modal", desk.command),
    ):
        _line(name, prepare, desk, bare, meter)


def _line(name: str, prepare: Callable[[], dict[str, Any]], desk: Desk, bare: Bare, meter: Meter) -> None:
    here = desk.here
    here.take(prepare())
    event, before = prepare(), len(desk.team.calls)
    with recording(here.emitters) as calls, counting(here.emitters) as sent:
        here.take(event)
    asked = desk.team.calls[before:]

    def ours() -> Sequence[Callable[[], object]]:
        ready = prepare()
        return [lambda: here.take(ready)]

    def theirs() -> Sequence[Callable[[], object]]:
        return [*bare.ready(calls), *(_opened(desk, args) for method, args in asked if method == "views.open")]

    mine, floor = meter.by_the_clock(RUNS, ours, theirs)
    above = mine.all - floor.all
    print(f"  {name:24}{len(sent):>8}{len(asked):>10}{mine.all:>11.2f}{floor.all:>8.2f}{above:>8.2f}")


def _opened(desk: Desk, args: Mapping[str, Any]) -> Callable[[], object]:
    """Make ready to open a modal with slack_sdk alone, by something that was done just now."""
    desk.team.shortcut(BOB, name="threadline_write")
    trigger = desk.caught.trigger
    return desk.here.bare_call("views.open", {**args, "trigger_id": trigger})
