"""What must have been true all along: how long things took, how often they were tried, what was known when.

The clocks here are the customers' and the providers' own, and the diary's: not what the application wrote down.
"""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from chalicelib.model import Item, Kind, State
from chalicelib.store.rows import to_thing
from tests.simulation.diary import Line
from tests.simulation.evidence import Evidence, Post

SOON = 20.0
"""Seconds within which everything happens when nothing goes wrong."""
CLOCKED = ("telegram", "whatsapp")
"""Channels whose webhooks say when something was written, in whole seconds."""
TRIES = 3
WORKER = 31.0
"""Seconds that something decided a moment ago may still take."""
UNSURE = ("lost", "late", "silent", "reset", "broken")
"""Ends after which a caller cannot know what it did."""
LATE = "arrived late"
OURS = (Kind.LINE, Kind.SAID, Kind.TURN)
"""What we ourselves have to say."""
BEST = {State.DELIVERED: (State.DELIVERED, State.READ), State.READ: (State.READ,)}
"""What may become of the good states: nothing worse."""
BUGS = frozenset(
    {"KeyError", "TypeError", "AttributeError", "ValueError", "IndexError", "AssertionError", "NameError"}
)
"""Errors that no weather brings."""


def where_nothing_goes_wrong_nobody_waits(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    if seen.storm.rates or seen.storm.extra:
        return
    for said in seen.said("message", "reply"):
        where = "slack" if said.kind == "message" else said.line.channel if said.line else ""
        since = seen.heard.get(said.word)
        there = [line.at for line in seen.town.diary.of("call") if _carries(line, said.word, where)]
        if since is not None and there and min(there) - since > SOON:
            yield f"{said.word} was taken and waited for {min(there) - since:.0f} s{seen.story(said.word)}"


def _carries(line: Line, word: str, where: str) -> bool:
    if word not in line.about.get("words", ""):
        return False
    if where == "slack":
        return line.about["call"] in ("chat.postMessage", "files.completeUploadExternal")
    return bool(line.about["to"] == where or (not where and line.about["to"] != "slack"))


def nothing_is_tried_a_fourth_time(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    """Without an answer, that is. A reply that is sent again begins anew; our own words are not given up."""
    tried: Counter[str] = Counter()
    about_us = {item.id for item in seen.items if item.outbound or item.kind in OURS}
    ours = {post for item, post in seen.claimed if item in about_us}
    for line in seen.town.diary.of("call"):
        words = line.about["words"] if line.about["to"] != "slack" else ""
        name = line.about.get("post") or words
        again = seen.ledger.again.intersection(words.split(","))
        if name and name not in ours and line.about["end"] in UNSURE and not again:
            tried[name] += 1
    for name, times in tried.items():
        if times > TRIES:
            yield f"{name} was tried {times} times without an answer{seen.story(name)}"


def what_was_written_first_stands_first(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    """By the customers' own clocks, among what was here when the turn came; what came later says so."""
    items = {
        word: item for item in seen.items if not item.outbound for word in seen.ledger.said if word in item.text
    }
    there: dict[str, list[tuple[float, Post, Item]]] = defaultdict(list)
    for said in seen.said("message"):
        stands, item = seen.customers_words[said.word], items.get(said.word)
        if len(stands) == 1 and item is not None:
            there[f"{stands[0].channel}:{stands[0].thread}"].append((said.at, stands[0], item))
    for thread in there.values():
        # Of the others it is known when they came, which is never before they were written.
        for at, post, item in (each for each in thread if each[2].route and each[2].route.channel in CLOCKED):
            for later, above, other in thread:
                if later < at + 1.0 or float(above.ts) >= float(post.ts):
                    continue
                claimed = seen.claimed_at(other, above)
                if seen.written[item.id] < claimed:
                    both = seen.story(item.id, other.id)
                    yield f"{item.id} was written before {other.id}, and was here, and stands below it{both}"
                elif LATE not in post.text:
                    story = seen.story(item.id)
                    yield f"{item.id} stands below {other.id}, which was written later, without a word{story}"


def what_is_known_to_have_arrived_stays_so(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    before: dict[tuple[str, str], Item] = {}
    for commit in seen.town.table.commits:
        if not commit.key[1].startswith("ITEM#") or not commit.row:
            continue
        item = to_thing(Item, commit.row)
        was = before.get(commit.key)
        before[commit.key] = item
        for number, part in enumerate(was.parts if was else ()):
            now = item.parts[number].state if number < len(item.parts) else None
            if part.state in BEST and now not in BEST[part.state]:
                yield f"{item.id} was {part.state} and is {now}{seen.story(item.id)}"


def a_receipt_that_was_taken_counts(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    items = {item.id: item for item in seen.items if item.outbound}
    for (name, part), best in seen.town.workers.ears.receipts.items():
        item = items.get(name)
        if item is not None and part < len(item.parts) and item.parts[part].state not in BEST[State(best)]:
            yield f"{name} was reported {best} and is {item.parts[part].state}{seen.story(name)}"


def an_edit_counts_or_the_thread_says_that_it_was_too_late(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    """What Slack told us before the reply was claimed must count; of what came later the thread tells."""
    claimed = _first_claims(seen)
    late = []
    told = sum("Changed here only" in post.text for post in seen.posts)
    for said in seen.said("reply"):
        edits = [each for each in seen.said("quick edit") if each.of == said.word and each.word in seen.heard]
        if said.id == "gone" or not edits:
            continue
        last, at = edits[-1], claimed.get(said.ts, float("inf"))
        if seen.arrived(last.word) or not seen.arrived(said.word):
            continue
        if seen.heard[last.word] < at:
            both = seen.story(said.word, last.word)
            yield f"{last.word} was taken before {said.word} was claimed, and did not count{both}"
        late.append(said.word)
    if told < len(late):
        yield f"{len(late)} edits came too late, and {told} lines say so{seen.story(*late)}"


def a_reply_that_was_taken_back_in_time_never_leaves(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    claimed = _first_claims(seen)
    for said in seen.said("reply"):
        gone = seen.town.workers.ears.removed.get(said.ts)
        if gone is not None and gone < claimed.get(said.ts, float("inf")) and seen.arrived(said.word):
            story = seen.story(said.word, said.ts)
            yield f"{said.word} was deleted at {gone:.3f}, before it was claimed, and arrived{story}"


def _first_claims(seen: Evidence) -> dict[str, float]:
    """When each reply, by its place in Slack, was first claimed."""
    first: dict[str, float] = {}
    for commit in seen.town.table.commits:
        if commit.key[1].startswith("ITEM#") and commit.row:
            item = to_thing(Item, commit.row)
            if item.outbound and item.claim is not None:
                first.setdefault(item.their_id, commit.at)
    return first


def a_door_breaks_only_where_the_table_does(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    broken = {line.who for line in seen.town.diary.of("table") if not line.about.get("conflict")}
    for line in seen.town.diary.of("app door.broke"):
        if line.who not in broken:
            yield f"{line.who} broke at {line.at:.3f} for no reason but a conflict{seen.story(line.who)}"


def whoever_writes_again_finds_nobody_resolved(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    presses = [(at, ts) for at, action, ts, _ in seen.ledger.presses if action == "resolve"]
    # Whoever resolved a thread knew of the file that was still on its way.
    late = {item.slack_ts for item in seen.items if item.kind is Kind.LATE_FILE}
    for head in (post for post in seen.posts if post.head and "Resolved" in post.text):
        there = [
            post
            for post in seen.posts
            if post.name and (post.channel, post.thread) == (head.channel, head.ts) and post.ts not in late
        ]
        last, resolved = (
            max((float(post.ts) for post in there), default=0.0),
            [at for at, ts in presses if ts == head.ts],
        )
        if resolved and last > max(resolved) + WORKER:
            yield f"{head.ts} is resolved, and its customer wrote at {last:.3f}{seen.story(head.ts)}"


def nothing_of_ours_breaks(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    for what in ("app door.broke", "app bell.broke"):
        for line in seen.town.diary.of(what):
            if line.about.get("error") in BUGS:
                yield f"{line.who}: {line.about['error']} at {line.about.get('where')}"


def what_nobody_could_read_is_kept(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    kept = [commit.row for commit in seen.town.table.commits if commit.row and commit.key[0].startswith("RAW#")]
    for said in seen.said("riddle"):
        counts["riddles"] += 1
        if said.word in seen.heard and not any(said.word in _body_of(row) for row in kept):
            yield f"{said.word}, which nobody can read, was taken and is not kept{seen.story(said.word)}"


def _body_of(row: dict[str, Any]) -> str:
    wire: str = row["body"]["M"].get("body", {}).get("S", "")
    return base64.b64decode(wire).decode(errors="replace")


CHECKS = (
    where_nothing_goes_wrong_nobody_waits,
    nothing_is_tried_a_fourth_time,
    what_was_written_first_stands_first,
    what_is_known_to_have_arrived_stays_so,
    a_receipt_that_was_taken_counts,
    an_edit_counts_or_the_thread_says_that_it_was_too_late,
    a_reply_that_was_taken_back_in_time_never_leaves,
    a_door_breaks_only_where_the_table_does,
    whoever_writes_again_finds_nobody_resolved,
    nothing_of_ours_breaks,
    what_nobody_could_read_is_kept,
)
