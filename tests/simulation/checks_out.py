"""What must be true towards customers: each reply once and at the right address, and nothing not for them.

Each check is given what is to be seen, and counts beside it whatever is worth to be printed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalicelib.model import Item, Known, Route, State
from chalicelib.store.rows import to_thing
from tests.simulation.evidence import Evidence, Post
from tests.simulation.noted import WORD
from tests.simulation.people import Line, Said

BROKE = "app bell.broke"
WORKER = 31.0
"""Seconds that something decided a moment ago may still take."""


def every_reply_arrives_once_or_the_thread_says_why(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    edits: dict[str, list[Said]] = {}
    for each in seen.said("quick edit"):
        edits.setdefault(each.of, []).append(each)
    for said in seen.said("reply"):
        counts["replies"] += 1
        chain = [said.word, *(each.word for each in edits.get(said.word, ()))]
        times = sum(len(seen.arrived(word)) for word in chain)
        if times > 1 and said.word not in seen.ledger.again:
            counts["doubled"] += 1
            yield f"{said.word} arrived {times} times{seen.story(*chain, *_ids(seen, said))}"
        if times or said.id == "gone":
            continue
        if not any(word in seen.heard for word in chain):
            counts["replies that never reached our door"] += 1
            if not _listed(seen, said):
                continue
        # The thread asked, and somebody gave their word for it.
        vouched = said.word in seen.ledger.vouched
        told = vouched or any("⚠" in post.text for word in chain for post in seen.our_words.get(word, ()))
        told = told or _was_left(seen, said)
        counts["replies the thread explains"] += told
        if not told:
            counts["lost"] += 1
            yield f"{said.word} neither arrived nor is it said why{seen.story(*chain, *_ids(seen, said))}"


def _was_left(seen: Evidence, said: Said) -> bool:
    """Tell whether it was typed in a thread that its conversation had left, which says where it goes on."""
    below = [post for post in seen.posts if post.thread == said.thread and float(post.ts) > float(said.ts)]
    return any("goes on in" in post.text for post in below)


def _listed(seen: Evidence, said: Said) -> bool:
    """Tell whether a reply of which no event came is found all the same: desks' channels are read now and then."""
    asked = [each.at for each in seen.town.table.commits if each.key[0] == f"WATCH#slack/{said.channel}"]
    return bool(asked) and said.at > min(asked)


def a_file_of_a_reply_arrives_once_or_the_thread_says_why(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Wherever its words have gone, the file has, too, and nowhere else."""
    for said in seen.said("reply"):
        if not said.file:
            continue
        counts["files in replies"] += 1
        came = [each for each in seen.arrivals if said.file in each.files]
        edits = [each.word for each in seen.said("quick edit") if each.of == said.word]
        words = [each for word in (said.word, *edits) for each in seen.arrived(word)]
        counts["files that reached a phone"] += bool(came)
        if len(came) > 1 and said.word not in seen.ledger.again:
            counts["doubled"] += 1
            yield f"the file of {said.word} arrived {len(came)} times{seen.story(said.word, *_ids(seen, said))}"
        if {each.line for each in came} - {each.line for each in words}:
            yield f"the file of {said.word} went elsewhere than its words{seen.story(said.word)}"
        places = {item.notice_ts for item in _items(seen, said)}
        told = said.word in seen.ledger.vouched or any(
            "⚠" in post.text and post.ts in places for post in seen.posts
        )
        calm = not seen.storm.rates and not seen.storm.extra
        if words and not came and (calm or not told):
            counts["lost"] += 1
            yield f"the file of {said.word} did not come, and nobody says so{seen.story(*_ids(seen, said))}"


def a_long_reply_arrives_whole(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Every piece of it once and in order, or the thread says that some are missing."""
    for said in seen.said("reply"):
        came = [each.text for each in seen.arrivals if said.pieces and said.piece_mark in each.text]
        if not came or said.word in seen.ledger.again:
            continue
        counts["long replies"] += 1
        pieces = [each for text in came for each in said.pieces_in(text)]
        # What is quoted there begins where something is missing, which may be in the midst of a piece.
        places = {item.notice_ts for item in _items(seen, said)}
        told = any("⚠" in post.text and post.ts in places for post in seen.posts)
        if pieces != list(range(said.pieces)) and not (told and pieces == list(range(len(pieces)))):
            yield f"{said.word} has {said.pieces} pieces, and there came {pieces}{seen.story(*_ids(seen, said))}"


def replies_arrive_as_they_were_typed(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """In that order, among those on record when the turn of the later one came; edits go their own way."""
    items = {item.their_id: item for item in seen.items if item.outbound}
    odd = {each.of for each in seen.said("quick edit")} | seen.ledger.again
    looked: dict[str, float] = {}
    for (name, _), at in seen.looked.items():
        looked[name] = min(at, looked.get(name, at))
    threads: dict[tuple[str, str], list[tuple[str, str, float]]] = defaultdict(list)
    for said in seen.said("reply"):
        there, item = seen.arrived(said.word), items.get(said.ts)
        if len(there) == 1 and item is not None and said.word not in odd:
            threads[item.conversation, there[0].line.who].append((said.ts, said.word, there[0].at))
    for thread in threads.values():
        for ts, word, at in thread:
            for later, other, before in thread:
                here, turn = seen.written[items[ts].id], looked.get(items[later].id, 0.0)
                if ts < later and before < at and here < turn:
                    counts["reordered"] += 1
                    yield f"{word} was here before {other}, and arrived after it{seen.story(word, other)}"


def what_is_typed_twice_arrives_twice(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    for said in seen.said("twin"):
        items = [item for item in seen.items if item.their_id in (said.ts, said.twin) and item.their_id]
        told = sum(item.state in (State.FAILED, State.UNKNOWN) for item in items)
        taken = sum(ts in seen.town.workers.ears.typed or _listed(seen, said) for ts in (said.ts, said.twin) if ts)
        times = len(seen.arrived(said.word))
        told += 2 * _was_left(seen, said)
        if said.word not in seen.ledger.again and not (taken - told <= times <= 2):
            yield f"{said.word} was typed {taken} times and arrived {times} times{seen.story(said.word)}"


def a_reply_goes_where_the_customer_last_wrote_from(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    homes = {item.their_id: item.conversation for item in seen.items if item.outbound}
    for said in seen.said("reply"):
        leads = [post for post in seen.posts if post.ts in seen.in_time or post.ts in seen.turns]
        higher = [post for post in leads if float(post.ts) < float(said.ts)]
        above = [post for post in higher if (post.channel, post.thread) == (said.channel, said.thread)]
        # Below a thread that a desk has left, what came in since in the other one counts as well.
        since = [post for post in higher if post.conversation == homes.get(said.ts)]
        if not above:
            continue
        last = [max(posts, key=lambda post: float(post.ts)) for posts in (above, since) if posts]
        lines = [_line_of(seen, post) for post in last]
        for each in seen.arrived(said.word):
            where = [(line.medium, line.who.removeprefix("+")) for line in lines if line]
            if None not in lines and (each.line.medium, each.line.who.removeprefix("+")) not in where:
                counts["misled"] += 1
                yield (
                    f"{said.word} went to {each.line}, and the post above it, {last[0].ts}, is from {lines[0]}"
                    f"{seen.story(said.word, said.ts, last[0].ts)}"
                )


def a_note_never_leaves(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in seen.said("note"):
        counts["notes"] += 1
        calls = [line for line in seen.town.diary.of("call") if said.word in line.about.get("words", "")]
        outside = [line for line in calls if line.about["to"] != "slack"]
        if outside or seen.arrived(said.word):
            yield f"{said.word} left{seen.story(said.word)}"


def nobody_who_opted_out_is_written_to(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    counts["wishes to stop or start"] += len(seen.ledger.wishes)
    stopped: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    for commit in seen.town.table.commits:
        if commit.key[1] == "ADDRESS" and commit.row:
            known = to_thing(Known, commit.row)
            for medium in ("sms", "whatsapp", "telegram"):
                stopped.setdefault((known.address, medium), []).append((commit.at, medium in known.opted_out))
    # What is typed twice may have gone out by another way each time.
    routes: dict[str, set[Route | None]] = defaultdict(set)
    for item in seen.items:
        for word in WORD.findall(item.text) if item.outbound else ():
            routes[word].add(item.route)
    for line in seen.town.diary.of("call"):
        for word in filter(None, line.about.get("words", "").split(",")):
            route = next(iter(routes[word])) if len(routes[word]) == 1 else None
            if route is None or line.about["to"] == "slack" or line.about.get("status", 500) >= 500:
                continue
            wishes = stopped.get((route.address, route.medium), [])
            before = [wish for at, wish in wishes if at < line.at - WORKER]
            since = [wish for at, wish in wishes if line.at - WORKER <= at <= line.at]
            if before and before[-1] and all(since):
                yield f"{word} was sent to {route.address} by {route.medium} after STOP{seen.story(word)}"


def what_can_be_found_out_is_not_unknown(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for item in seen.items:
        if item.state is not State.UNKNOWN or item.route is None:
            continue
        counts[f"unknown {item.route.channel}"] += 1
        words = [word for word, said in seen.ledger.said.items() if word in item.text and said.kind != "twin"]
        came = any(word in each.text for word in words for each in seen.arrivals)
        if item.route.channel == "twilio" or (item.route.channel == "whatsapp" and came):
            yield f"{item.id} by {item.route.channel} is unknown{seen.story(item.id)}"
        if item.route.channel == "telegram" and not _ended_without_a_word(seen, item):
            yield f"{item.id} is unknown by Telegram, and whoever claimed it knew how it went{seen.story(item.id)}"


def _ended_without_a_word(seen: Evidence, item: Item) -> bool:
    """Tell whether a worker claimed an item and lost the answer, or died or broke before writing it down."""
    rows = [each for each in seen.town.table.commits if each.key[1] == f"ITEM#{item.id}" and each.row]
    forms = [(each.by, each.at, to_thing(Item, each.row)) for each in rows]
    for place, (worker, at, form) in enumerate(forms):
        if form.claim is None or form.state is not State.SENDING or not worker.startswith("send"):
            continue
        later = forms[place + 1 :]
        end = next(((by, at) for by, at, after in later if by == worker or after.state is State.UNKNOWN), None)
        if end is not None and end[0] != worker and _fell_silent(seen, item, worker, at, end[1]):
            return True
    return False


def _fell_silent(seen: Evidence, item: Item, worker: str, since: float, until: float) -> bool:
    for line in seen.town.diary.lines:
        about = line.about
        fell = line.what == "worker.died" or (line.what, about.get("bell")) == (BROKE, item.conversation)
        if fell and line.who == worker and since <= line.at <= until:
            return True
        # What takes effect late is done by nobody's hand.
        call = line.what == "call" and about["to"] == "telegram" and line.who in (worker, "late telegram")
        if call and about["end"] != "done" and since <= about["began"] <= until:
            return True
    return False


def _line_of(seen: Evidence, post: Post) -> Line | None:
    if post.ts in seen.turns:
        route = seen.turns[post.ts]
        return Line(route.channel, route.medium, route.to.rpartition(":")[2])
    said = next((seen.ledger.said[word] for word in reversed(post.words) if word in seen.ledger.said), None)
    return said.line if said else None


def _ids(seen: Evidence, said: Said) -> list[str]:
    return [item.id for item in _items(seen, said)]


def _items(seen: Evidence, said: Said) -> list[Item]:
    return [item for item in seen.items if item.outbound and item.their_id == said.ts]


CHECKS = (
    every_reply_arrives_once_or_the_thread_says_why,
    a_file_of_a_reply_arrives_once_or_the_thread_says_why,
    a_long_reply_arrives_whole,
    replies_arrive_as_they_were_typed,
    what_is_typed_twice_arrives_twice,
    a_reply_goes_where_the_customer_last_wrote_from,
    a_note_never_leaves,
    nobody_who_opted_out_is_written_to,
    what_can_be_found_out_is_not_unknown,
)
