"""Measure the doors and the teller beside the bare calls they stand on, and print a table of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.bench.desk import report_desk
from infra.bench.meter import Meter, Steps, Times
from infra.bench.place import Place, place
from infra.bench.texts import report_texts
from infra.bench.wire import AwsCall, Bare, counting, from_memory, recording

RUNS, STUBBED_RUNS = 80, 300
TARGET = 1.0
"""Ms of our own per webhook, above the bare calls."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Something to measure: how to make its next event, and how to do it."""

    name: str
    prepare: Callable[[], dict[str, Any]]
    do: Callable[[dict[str, Any]], None]
    slack: bool = False

    def next(self) -> Steps:
        return self.again(self.prepare())

    def again(self, event: dict[str, Any]) -> Steps:
        return [lambda: self.do(event)]


def main() -> None:
    """Measure, and print."""
    began, meter = time.monotonic(), Meter()
    with place() as here, meter.watching_slack():
        bare = Bare()
        for flow in (
            Flow("webhook", here.webhook, here.take),
            Flow("deliver", lambda: _rung(here), here.deliver, slack=True),
            Flow("reply", here.reply, here.take),
        ):
            here.drain()
            _report(flow, here, bare, meter)
        here.drain()
        report_desk(here, bare, meter)
    report_texts()
    print(f"\nmedians, ours and bare in turn; {time.monotonic() - began:.0f} s in all")


def _rung(here: Place) -> dict[str, Any]:
    """Let the customer write, so that there is one new message to deliver."""
    here.take(here.webhook())
    return here.bell()


def _report(flow: Flow, here: Place, bare: Bare, meter: Meter) -> None:
    emitters = here.emitters
    flow.do(flow.prepare())
    event = flow.prepare()
    with recording(emitters) as calls:
        flow.do(event)
    post = [here.bare_post()] if flow.slack else []
    print(f"\n{flow.name}: {' + '.join(call.operation for call in calls)}{' + chat.postMessage' if post else ''}")
    print(f"  {'':32}{'ours':>10}{'bare':>10}{'above':>10}")
    ours, theirs = _trips(flow, here, bare, calls)
    print(f"  {'AWS round trips':32}{ours:>10}{theirs:>10}{ours - theirs:>10}")
    real = meter.by_the_clock(RUNS, flow.next, lambda: [*bare.ready(calls), *post])
    _line("ms on the embedded AWS", real)
    if post:
        _line("  of it in Slack", [Times(each.slack) for each in real])
    with from_memory(emitters, calls), from_memory(bare.emitters, calls):
        runs = RUNS if post else STUBBED_RUNS
        own = meter.of_the_processor(runs, lambda: flow.again(event), lambda: [*bare.ready(calls), *post])
    own = [each.without_slack for each in own]
    _line("ms of processor, no network", own)
    if flow.name == "webhook":
        above = own[0].all - own[1].all
        print(
            f"  own ms per webhook: {above:.2f} (at most {TARGET:.2f}: {'ok' if above <= TARGET else 'TOO MUCH'})"
        )


def _line(what: str, times: list[Times]) -> None:
    ours, bare = times
    print(f"  {what:32}{ours.all:>10.2f}{bare.all:>10.2f}{ours.all - bare.all:>10.2f}")


def _trips(flow: Flow, here: Place, bare: Bare, calls: list[AwsCall]) -> tuple[int, int]:
    event = flow.prepare()
    with counting(here.emitters) as ours:
        flow.do(event)
    with counting(bare.emitters) as theirs:
        for call in bare.ready(calls):
            call()
    return len(ours), len(theirs)


if __name__ == "__main__":
    main()
