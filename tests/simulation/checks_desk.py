"""What must be true of the desk: each verb once, each word where its form said, nobody in the wrong thread."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.model import Conversation, Item, Kind, State, Status
from chalicelib.slack.blocks import MARKS
from chalicelib.store.rows import to_thing
from infra.local.slack.team import BOT_USER_ID
from tests.simulation.evidence import Evidence
from tests.simulation.people import CHANNELS

OWNING = ("claimed this", "assigned this to", "handed this back", "moved this to")
"""How lines begin that say whose something is."""
NEVER = float("inf")
WORKER = 31.0
"""Seconds that something decided a moment ago may still take."""
SAID = {
    "resolved this": Status.RESOLVED,
    "reopened this.": Status.OPEN,
    "took this up again": Status.OPEN,
    "snoozed this": Status.SNOOZED,
    "reopened this for": Status.SNOOZED,
    "The snooze is over": Status.OPEN,
}


def what_is_said_with_a_form_goes_out_once(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in seen.said("said", "first"):
        counts["said with a form"] += 1
        arrived, stands = len(seen.arrived(said.word)), _spoken(seen, said.word)
        if said.word not in seen.ledger.again and (arrived > 1 or len(stands) > 1):
            counts["doubled"] += 1
            yield f"{said.word} arrived {arrived} times, and stands at {stands}{seen.story(said.word, *stands)}"
        told = any("⚠" in post.text for post in seen.our_words[said.word]) or said.word in seen.ledger.vouched
        parked = any(item.parked and said.word in item.text for item in seen.items)
        if said.taken and not (arrived or told or parked):
            counts["lost"] += 1
            yield f"{said.word} was handed in, and neither arrived nor is it said why{seen.story(said.word)}"


def _spoken(seen: Evidence, word: str) -> list[str]:
    """Find the posts in which the team says something that nobody typed."""
    return [post.ts for post in seen.our_words[word] if post.raw.get("username") and not post.head]


def what_is_said_with_a_form_goes_where_that_says(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in seen.said("said", "first"):
        for each in seen.arrived(said.word):
            went = each.line.medium, each.line.who.removeprefix("+")
            if said.way[0] and went != said.way:
                counts["misled"] += 1
                yield f"{said.word} went to {went}, and its form said {said.way}{seen.story(said.word)}"


def what_a_form_does_is_told_once(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in seen.said("jotting", "label"):
        counts["notes and tags by forms"] += 1
        lines = [post.ts for post in seen.our_words[said.word] if not post.head]
        parked = any(item.parked and said.word in item.text for item in seen.items)
        if len(lines) > 1:
            counts["doubled"] += 1
            yield f"{said.word} is told at {lines}{seen.story(said.word, *lines)}"
        if said.taken and not lines and not parked:
            counts["lost"] += 1
            yield f"{said.word} was handed in and is told nowhere{seen.story(said.word)}"
        if seen.arrived(said.word):
            yield f"{said.word} left{seen.story(said.word)}"


def whose_it_is_was_said_last(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for home, lines in _lines(seen):
        owner = ""
        told = [line for line in lines if line.text.startswith(OWNING) and not _still_moves(home, line)]
        counts["whose it is"] += len(told)
        for line in told:
            owner = _owner_after(line)
        # Whoever writes first has what they began, without a word.
        began = not told and any(item.spoken for item in seen.items if item.conversation == home.id)
        if home.owner != owner and not began:
            story = seen.story(home.id)
            yield f"{home.id} is {home.owner or 'nobody'}'s, and the thread says {owner or 'nobody'}{story}"


def _owner_after(line: Item) -> str:
    if line.text.startswith("claimed"):
        return line.author
    return line.calls[0] if line.text.startswith("assigned") else ""


def _still_moves(home: Conversation, line: Item) -> bool:
    """Tell whether a line says that something moves which never did: it was there already, or Slack refused."""
    return line.moves_to != "" and not any(each.left == line.slack_ts for each in home.left)


def what_was_said_of_it_last_is_so(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    """Resolved or snoozed is what the thread says is, unless the customer has written since."""
    for home, lines in _lines(seen):
        if home.status is Status.OPEN:
            continue
        said = [status for line in lines for words, status in SAID.items() if line.text.startswith(words)]
        if not said or said[-1] is not home.status:
            yield f"{home.id} is {home.status}, and the thread says {said[-1:]}{seen.story(home.id)}"


def whatever_was_snoozed_is_awake(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    counts["snoozes over"] += sum(
        line.text.startswith("The snooze") for _, lines in _lines(seen) for line in lines
    )
    for home in seen.conversations:
        if home.status is Status.SNOOZED:
            yield f"{home.id} still sleeps, until {home.snoozed_until / 1000:.0f}{seen.story(home.id)}"


def _lines(seen: Evidence) -> Iterator[tuple[Conversation, list[Item]]]:
    lines: dict[str, list[Item]] = defaultdict(list)
    for item in seen.items:
        if item.kind is Kind.LINE:
            lines[item.conversation].append(item)
    for home in seen.conversations:
        yield home, lines[home.id]


def what_comes_after_a_move_stands_in_the_new_thread(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """But for what is said to whoever still types in the old one."""
    kept = {item.slack_ts for item in seen.items if item.thread}
    for home in seen.conversations:
        counts["moves"] += len(home.left)
        for left in home.left:
            for post in seen.posts:
                there = (post.channel, post.thread) == (left.slack_channel, left.ts)
                if there and post.ts > left.left and post.ts not in kept:
                    yield f"{post.ts} stands in {left.ts}, which was left at {left.left}{seen.story(post.ts)}"


def what_is_typed_in_a_thread_that_was_left_stays(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """What was typed and recorded after the move goes to nobody; the thread says where it goes on."""
    left_at: dict[tuple[str, str], tuple[float, str]] = {}
    for commit in seen.town.table.commits:
        home = to_thing(Conversation, commit.row) if commit.key[1] == "CONVERSATION" and commit.row else None
        for left in home.left if home is not None else ():
            left_at.setdefault((left.slack_channel, left.ts), (commit.at, left.left))
    for said in seen.said("reply", "twin"):
        since, last = left_at.get((said.channel, said.thread), (NEVER, ""))
        items = [each for each in seen.items if each.their_id in (said.ts, said.twin) and each.their_id]
        recorded = min((seen.written[each.id] for each in items), default=0.0)
        if recorded < since + WORKER or not said.ts > last:
            continue
        counts["typed where nobody is any more"] += 1
        if seen.arrived(said.word):
            yield f"{said.word} was typed in a thread that was left, and went out{seen.story(said.word)}"


def marks_stand_where_replies_do(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Also in a thread that was left since."""
    stands = {raw["ts"]: raw for channel in CHANNELS for raw in seen.town.slack.messages(channel)}
    for item in seen.items:
        raw = stands.get(item.their_id) if item.outbound and item.shown in MARKS and not item.notice_ts else None
        if raw is None:
            continue
        counts["marks"] += 1
        ours = [each["name"] for each in raw.get("reactions", ()) if BOT_USER_ID in each["users"]]
        if not any(name in ours for name in MARKS.values()):
            yield f"{item.id} is {item.shown} and has no mark at {item.their_id}{seen.story(item.id)}"


def what_is_muted_is_nowhere_else(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for item in seen.items:
        if item.muted:
            counts["muted"] += 1
            if item.state is State.POSTED or item.slack_ts:
                yield f"{item.id} is of somebody blocked, and stands at {item.slack_ts}{seen.story(item.id)}"


CHECKS = (
    what_is_said_with_a_form_goes_out_once,
    what_is_said_with_a_form_goes_where_that_says,
    what_a_form_does_is_told_once,
    whose_it_is_was_said_last,
    what_was_said_of_it_last_is_so,
    whatever_was_snoozed_is_awake,
    what_comes_after_a_move_stands_in_the_new_thread,
    what_is_typed_in_a_thread_that_was_left_stays,
    marks_stand_where_replies_do,
    what_is_muted_is_nowhere_else,
)
