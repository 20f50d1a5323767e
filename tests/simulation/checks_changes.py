"""What must be true of what was changed: its newest form stands, in Slack and on the phone, or is said not to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chalicelib.model import Item, Kind, State
from infra.local.slack.team import BOB
from tests.simulation.evidence import Evidence
from tests.simulation.people import Said

HERE_ONLY = ("Changed here only", "Deleted here only")


def the_newest_form_of_a_message_stands(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Of all edits that we were told of the last one, by the customer's own clock, and no other."""
    deleted = {each.of for each in seen.said("delete")}
    heard: dict[str, list[Said]] = {}
    for each in seen.said("edit"):
        if each.word in seen.heard:
            heard.setdefault(each.of, []).append(each)
    for word, edits in heard.items():
        of, newest = seen.ledger.said[word], max(edits, key=lambda each: each.at)
        if word not in seen.heard or word in deleted or _given_up(seen, word, *(each.word for each in edits)):
            continue
        counts["messages changed"] += 1
        stands = [each.word for each in (of, *edits) if seen.customers_words[each.word]]
        in_words = any(newest.word in post.text for post in seen.our_words[newest.word])
        if stands != [newest.word] and not in_words:
            yield f"{word} reads {stands} and should read {newest.word}{seen.story(word, newest.word)}"


def what_was_taken_back_is_gone(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """WhatsApp is where people take something back, and where its words must go."""
    for said in seen.said("delete"):
        if said.id not in seen.town.workers.ears.changed or _given_up(seen, said.of):
            continue
        counts["messages taken back"] += 1
        forms = [said.of, *(each.word for each in seen.said("edit") if each.of == said.of and each.at < said.at)]
        for word in forms:
            stands = [*seen.customers_words[word], *seen.our_words[word]]
            if stands:
                where = stands[0].ts
                yield f"{word} was taken back and stands at {where}{seen.story(word, said.id, where)}"


def a_reaction_is_seen(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """As one of ours on the post, or in a line that names the message."""
    posts = {post.ts: post for post in seen.posts}
    for item in seen.items:
        if item.kind is not Kind.REACTION or item.state is not State.POSTED or item.slack_ts:
            continue
        counts["reactions"] += 1
        post = posts.get(item.notice_ts)
        names = [each["name"] for each in post.raw.get("reactions", ())] if post else []
        if post is not None and item.was[1] not in names:
            yield f"{item.id} is not seen at {item.notice_ts}{seen.story(item.id, item.notice_ts)}"


def the_phone_shows_what_slack_does(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Where a medium can, a reply reads there as it does here, and is gone there too, or the thread tells."""
    edits: dict[str, list[Said]] = {}
    for each in seen.said("quick edit"):
        if each.word in seen.heard:
            edits.setdefault(each.of, []).append(each)
    lines = {said.line for said in seen.said("message") if said.line and said.line.channel == "telegram"}
    shown = {(line.who, each["id"]): each for line in lines for each in seen.town.telegram.phone(line.who)}
    for said in seen.said("reply"):
        item = next((each for each in seen.items if each.outbound and each.their_id == said.ts), None)
        if item is None or item.route is None or not seen.town.world.capabilities(item.route).edits:
            continue
        newest = max(edits.get(said.word, ()), key=lambda each: each.at, default=None)
        gone = said.ts in seen.town.workers.ears.removed
        if item.state not in (State.SENT, State.DELIVERED, State.READ) or (newest is None and not gone):
            continue
        counts["replies changed on the phone"] += 1
        there = [shown.get((item.route.to, part.id.rpartition(":")[2])) for part in item.parts if part.id]
        reads = " ".join(entry["text"] for entry in there if entry and entry["state"] != "deleted")
        told = any(_is_told(each, seen) for each in seen.items if each.of == item.id)
        right = not reads if gone else newest is not None and newest.word in reads
        if not right and not told:
            what = "should be gone" if gone else f"should say {newest.word if newest else ''}"
            yield f"{said.word} reads {reads!r} on the phone and {what}{seen.story(said.word, item.id)}"


def the_customer_sees_how_the_team_reacts(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Where somebody of the team has reacted to a customer's message by Telegram, the phone shows the same."""
    lines = {said.line for said in seen.said("message") if said.line and said.line.channel == "telegram"}
    phones = {line.who: {each["id"]: each for each in seen.town.telegram.phone(line.who)} for line in lines}
    posts = {post.ts: post for post in seen.posts}
    nods = {item.of for item in seen.items if item.kind is Kind.NOD and item.state is State.FAILED}
    heard = {item.of for item in seen.items if item.kind is Kind.NOD}
    for item in seen.items:
        if item.kind is not Kind.MESSAGE or item.id not in heard or item.id in nods or item.slack_ts not in posts:
            continue
        told = phones.get(item.route.to if item.route else "", {}).get(item.their_id.partition(":")[2])
        alone = sum(each.slack_ts == item.slack_ts for each in seen.items) == 1
        if told is None or not alone:
            continue
        counts["reactions of the team"] += 1
        here = [each for each in posts[item.slack_ts].raw.get("reactions", ()) if BOB in each["users"]]
        there = [each for each in told.get("reactions", ()) if each["by"] == "us"]
        if bool(here) is not bool(there) and item.nodded != ("❤" if there else ""):
            yield f"{item.id} is reacted to {here} here and {there} there{seen.story(item.id, item.slack_ts)}"


def _is_told(item: Item, seen: Evidence) -> bool:
    """Tell whether the thread says of a correction or a recall that it came to nothing."""
    return item.state is State.FAILED and any(words in post.text for post in seen.posts for words in HERE_ONLY)


def _given_up(seen: Evidence, *words: str) -> bool:
    return any(item.parked and any(word in item.text for word in words) for item in seen.items)


CHECKS = (
    the_newest_form_of_a_message_stands,
    what_was_taken_back_is_gone,
    a_reaction_is_seen,
    the_phone_shows_what_slack_does,
    the_customer_sees_how_the_team_reacts,
)
