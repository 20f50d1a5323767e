"""What must be on record: what happened, soon after; a customer in one place; what people wished for last."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.model import Item, Kind, Known, Status
from chalicelib.store.rows import to_thing
from tests.simulation.evidence import Evidence
from tests.simulation.people import Wish
from tests.simulation.weather import End

SOON = 20.0
"""Seconds within which what Slack said is written down, where workers live and the table is well."""
ILL = ("crash", "outage table")
KINDS = {"twilio": "phone", "telegram": "telegram"}
"""As what an address is on record, by channel; here those where people have a word for what they wish."""
WHOLE_SECOND = 1.0


def what_slack_took_is_settled_at_once(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    """It is looked up only where nobody heard the answer."""
    if any(each in seen.storm.extra for each in ILL) or any(name.startswith("table") for name in seen.storm.rates):
        return
    taken = {
        line.about["post"]: line.at
        for line in seen.town.diary.of("call")
        if line.about.get("post") and line.about["end"] == End.DONE
    }
    settled: dict[tuple[str, str], float] = {}
    for commit in seen.town.table.commits:
        item = to_thing(Item, commit.row) if commit.key[1].startswith("ITEM#") and commit.row else None
        if item is not None and item.slack_ts:
            settled.setdefault((item.id, item.post), commit.at)
    for (name, post), there in settled.items():
        late = there - taken.get(post, there)
        if late > SOON:
            yield f"{name} was in the thread for {late:.0f} s before that was written down{seen.story(name)}"


def a_customer_has_one_thread(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    if any(action == "reopen" for _, action, _, _ in seen.ledger.presses):
        return  # a person may have reopened an older one
    if seen.merges:
        return  # each conversation is served to its end
    open_ones = {home.id: home.desk for home in seen.conversations if home.status is Status.OPEN}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for item in seen.items:
        if item.kind is Kind.MESSAGE and item.route is not None and item.conversation in open_ones:
            route = item.route
            found[route.medium, route.address, open_ones[item.conversation]].add(item.conversation)
    for (medium, address, _), homes in found.items():
        if len(homes) > 1:
            yield f"{address} has {len(homes)} open conversations by {medium}{seen.story(*sorted(homes))}"


def whoever_said_stop_last_is_on_record(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    """Where a wish to hear was said and taken before; what comes again of it changes nothing."""
    wishes: dict[tuple[str, str, str], list[Wish]] = defaultdict(list)
    for wish in seen.ledger.wishes:
        wishes[wish.line.channel, wish.line.medium, wish.line.who].append(wish)
    wrote = seen.town.workers.ears.wrote
    for (channel, medium, who), said in wishes.items():
        last = said[-1]
        taken = wrote.get((who, last.id))
        others = [wish for wish in said if not wish.stop]
        before = all(
            wish.at + WHOLE_SECOND <= last.at and wrote.get((who, wish.id), wish.at) < (taken or 0.0)
            for wish in others
        )
        if not last.stop or taken is None or not before:
            continue
        known = seen.town.store.find(Known, f"{KINDS[channel]}:{who}")
        if known is None or medium not in known.opted_out:
            story = seen.story(who, last.id)
            yield f"{who} said STOP by {medium} at {last.at:.3f}, and it is not on record{story}"


CHECKS = (
    what_slack_took_is_settled_at_once,
    a_customer_has_one_thread,
    whoever_said_stop_last_is_on_record,
)
