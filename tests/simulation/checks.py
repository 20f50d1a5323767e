"""What must be true when the storm is over and the clock has run on: towards Slack first, then towards customers.

Each check looks at what stands in Slack and on phones, not at what the application believes, and tells a story.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from chalicelib.model import Item, Kind, State, Status
from tests.simulation.checks_changes import CHECKS as CHANGES
from tests.simulation.checks_course import CHECKS as COURSE
from tests.simulation.checks_desk import CHECKS as DESK
from tests.simulation.checks_files import CHECKS as FILES
from tests.simulation.checks_looks import CHECKS as LOOKS
from tests.simulation.checks_out import CHECKS as OUTWARDS
from tests.simulation.checks_pace import CHECKS as PACE
from tests.simulation.checks_people import CHECKS as PEOPLE
from tests.simulation.checks_record import CHECKS as RECORD
from tests.simulation.evidence import QUOTED, Evidence, Post

Check = Callable[[Evidence, "Counter[str]"], Iterator[str]]
LATE = "arrived late"
GIVEN_UP = "cannot be shown here"
TRIES = 3
NEVER = float("inf")
ASKED_AGAIN = 15 * 60
"""Seconds of a list that are asked for once more."""


def every_message_stands_in_its_thread_once(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    changed = {each.of for each in seen.said("delete")}
    edits: dict[str, list[str]] = defaultdict(list)
    for each in seen.said("edit"):
        edits[each.of].append(each.word)
    listed_since = _listed_since(seen)
    for said in seen.said("message"):
        counts["messages"] += 1
        stands = seen.customers_words[said.word]
        # An edit of a message that we lack is that message; of one whose deletion came first nothing is shown.
        excused = said.word in changed or any(seen.customers_words[word] for word in edits[said.word])
        parked = any((item.parked or item.muted) and said.word in item.text for item in seen.items)
        listed = said.id != "" and said.line is not None and said.at > listed_since.get(said.line.channel, NEVER)
        if not stands and (said.word in seen.heard or listed) and not (excused or parked):
            counts["lost"] += 1
            taken = f"taken at {seen.heard[said.word]:.3f}" if said.word in seen.heard else "listed by Twilio"
            yield f"{said.word} was {taken} and stands nowhere{seen.story(said.word, said.id)}"
        if said.word not in seen.heard:
            counts["messages that never reached our door"] += 1
        if len(stands) > 1:
            counts["doubled"] += 1
            where = [post.ts for post in stands]
            yield f"{said.word} stands {len(stands)} times ({', '.join(where)}){seen.story(said.word, *where)}"


def _listed_since(seen: Evidence) -> dict[str, float]:
    """Tell since when what never reached our door is found all the same, where a provider lists what it took.

    Since somebody is asked, that is, and since shortly before the first that came: it shows which number is ours.
    """
    asked = min((each.at for each in seen.town.table.commits if each.key[0].startswith("WATCH#")), default=NEVER)
    ours = [said for said in seen.said("message") if said.line is not None and said.line.channel == "twilio"]
    came = min((seen.heard[said.word] for said in ours if said.word in seen.heard), default=NEVER)
    return {"twilio": max(asked, came - ASKED_AGAIN)}


def every_edit_is_told_once(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    deleted = {each.of for each in seen.said("delete")}
    for said in seen.said("edit"):
        counts["edits"] += 1
        ours = [post for post in seen.our_words[said.word] if said.word in QUOTED.sub("", post.text)]
        times = len(seen.customers_words[said.word]) + len(ours)
        if not times and said.word in seen.heard and seen.customers_words[said.of] and said.of not in deleted:
            counts["lost"] += 1
            yield f"{said.word} was taken at {seen.heard[said.word]:.3f} and told nowhere{seen.story(said.word)}"
        if times > 1:
            counts["doubled"] += 1
            yield f"{said.word} is told {times} times{seen.story(said.word)}"


def no_duplicate_is_left_standing(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    by_post: dict[str, list[Post]] = defaultdict(list)
    for post in seen.posts:
        if post.post:
            by_post[post.post].append(post)
    for name, posts in by_post.items():
        if len(posts) > 1:
            counts["doubled"] += 1
            where = ", ".join(f"{post.ts} in {post.thread}" for post in posts)
            yield f"the post {name} stands at {where}{seen.story(name, *[post.ts for post in posts])}"


def a_conversation_has_one_card(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    heads = {
        (post.channel, post.ts) for post in seen.posts if post.head and "Conversation with" in post.raw["text"]
    }
    known = {thread for threads in seen.threads.values() for thread in threads}
    for channel, ts in sorted(heads - known):
        counts["doubled"] += 1
        yield f"a card stands at {channel}:{ts} and is no conversation's{seen.story(ts)}"


def threads_read_in_order(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """What was on record when a post was claimed, and is before it by the design's key, stands above it."""
    by_place = {(post.channel, post.ts): post for post in seen.posts}
    channels = {
        name: list(dict.fromkeys(channel for channel, _ in threads)) for name, threads in seen.threads.items()
    }
    threads: dict[tuple[str, str], list[tuple[Item, Post]]] = defaultdict(list)
    for item in seen.items:
        places = [] if item.outbound else [(channel, item.slack_ts) for channel in channels[item.conversation]]
        post = next((by_place[place] for place in places if place in by_place), None)
        # A file that came late stands where it came; what was written meanwhile has not waited for it.
        if post is not None and item.state is State.POSTED and item.kind is not Kind.LATE_FILE:
            threads[item.conversation, post.thread].append((item, post))
    for there in threads.values():
        for item, post in there:
            claimed = seen.claimed_at(item, post)
            for other, above in there:
                before = other.order < item.order and seen.written[other.id] < claimed
                if before and float(above.ts) > float(post.ts):
                    counts["reordered"] += 1
                    yield (
                        f"{other.id} ({above.words}) was recorded at {seen.written[other.id]:.3f}, before "
                        f"{item.id} ({post.words}) was claimed at {claimed:.3f}, and stands below it"
                        f"{seen.story(item.id, other.id, post.ts, above.ts)}"
                    )


def what_comes_late_says_so(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    by_ts = {post.ts: post for post in seen.posts}
    for ts, item in seen.late:
        counts["late"] += 1
        if LATE not in by_ts[ts].text:
            yield f"{item.id} at {ts} came late and does not say so{seen.story(item.id, ts)}"


def nothing_is_pending(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    table = seen.town.table
    counts["pending"] += len(table.pending())
    for key in table.pending():
        yield f"{key} is still owed{seen.story(key[1].partition('#')[2])}"
    for key, (shard, at) in table.due.items():
        if shard.isdigit() and key not in table.pending():
            yield f"{key} is still due at {at / 1000:.3f}{seen.story(key[0].partition('#')[2])}"
    for home in seen.conversations:
        if home.claim is not None:
            yield f"the card of {home.id} is still claimed{seen.story(home.id)}"


def what_was_given_up_is_told(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Three tries without an outcome are enough: the thread says that something is missing."""
    told = Counter((post.channel, post.thread) for post in seen.posts if GIVEN_UP in post.text)
    for item in seen.items:
        if not item.parked or item.kind in (Kind.LINE, Kind.TURN) or item.outbound:
            continue
        counts["given up after three tries"] += 1
        if seen.tries[item.id] < TRIES or not any(told[thread] for thread in seen.threads[item.conversation]):
            yield f"{item.id} was given up: {item.parked}{seen.story(item.id)}"


def a_contact_has_one_current_conversation(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    counts["conversations"] += len(seen.conversations)
    if any(action == "reopen" for _, action, _, _ in seen.ledger.presses):
        return  # a person may have reopened an older one
    open_ones = Counter(home.contact for home in seen.conversations if home.status is Status.OPEN)
    for contact, number in open_ones.items():
        if number > 1:
            yield f"{contact} has {number} open conversations{seen.story(contact)}"


def the_card_tells_the_truth(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Who waits: the customer, unless a reply of ours below their last words went out, or it was resolved."""
    heads = {(post.channel, post.ts): post for post in seen.posts if post.head}
    good = (State.SENT, State.DELIVERED, State.READ)
    for home in seen.conversations:
        head = heads.get((home.slack_channel, home.thread_ts))
        if head is None:
            if home.thread_ts:
                yield f"{home.id} has no card at {home.thread_ts}{seen.story(home.id)}"
            continue
        there = [
            post for post in seen.posts if post.thread == head.ts and post.channel == head.channel and post.name
        ]
        # Where a desk has moved, nothing of the customer's may stand in the new thread yet.
        elsewhere = [
            float(item.slack_ts)
            for item in seen.items
            if item.conversation == home.id and item.kind is Kind.MESSAGE and item.slack_ts
        ]
        last = max((float(post.ts) for post in there), default=max(elsewhere, default=0.0))
        mine = [
            item for item in seen.items if item.conversation == home.id and item.outbound and item.state in good
        ]
        answered = any(float(item.their_id) > last for item in mine)
        shown = next((word for word in ("Resolved", "Answered", "Waiting since") if word in head.text), "nothing")
        heads_of = [ts for _, ts in seen.threads[home.id]]
        presses = [status for at, action, ts, status in seen.ledger.presses if ts in heads_of and at > last]
        if presses and not answered and home.status is Status.OPEN:
            continue  # whoever resolves it, and opens it again, has looked at it: then nobody waits
        true = "Answered" if answered or not last else "Waiting since"
        true = "Resolved" if home.status is Status.RESOLVED else true
        counts[f"cards {true.partition(' ')[0].lower()}"] += 1
        if shown != true:
            yield f"{home.id}'s card says {shown} and it is {true}{seen.story(home.id, head.ts)}"


INWARDS: tuple[Check, ...] = (
    every_message_stands_in_its_thread_once,
    every_edit_is_told_once,
    no_duplicate_is_left_standing,
    a_conversation_has_one_card,
    threads_read_in_order,
    what_comes_late_says_so,
    nothing_is_pending,
    what_was_given_up_is_told,
    a_contact_has_one_current_conversation,
    the_card_tells_the_truth,
)
OTHERS = (*CHANGES, *FILES, *OUTWARDS, *LOOKS, *COURSE, *PACE, *RECORD, *DESK, *PEOPLE)
CHECKS: tuple[Check, ...] = (*INWARDS, *OTHERS)
