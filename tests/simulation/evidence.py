"""What there is to be seen when everything is over: threads, phones, and what was written when."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chalicelib.model import Conversation, Item, Kind, Merge, Route
from chalicelib.slack.stamp import EVENT_TYPE
from chalicelib.store.rows import to_thing
from infra.local.slack.team import BOT_ID
from tests.simulation.actors import Cast
from tests.simulation.fates import conversations
from tests.simulation.noted import WORD
from tests.simulation.people import CHANNELS, Ledger, Line, Said
from tests.simulation.store import Commit
from tests.simulation.storm import Storm
from tests.simulation.town import Town

WHOLE_SECOND = 1_000
"""Ms: many clocks tell no less."""

QUOTED = re.compile("“[^”]*”")

SPOKEN = ("said", "first", "template")
"""Kinds of what is said to customers with a form."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """One message of ours that stands in Slack."""

    channel: str
    ts: str
    thread: str
    text: str
    name: str
    post: str
    conversation: str
    raw: Json

    @property
    def head(self) -> bool:
        return self.thread == self.ts

    @property
    def words(self) -> list[str]:
        """The words said in it; those that it quotes are said somewhere else."""
        return WORD.findall(QUOTED.sub("", self.text) if self.name else self.text)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that a customer's phone shows."""

    line: Line
    text: str
    at: float
    marks: tuple[Json, ...]
    files: tuple[int, ...]
    """How long each file is that came with it."""


class Evidence:
    """Collected once, for all checks."""

    def __init__(self, town: Town, cast: Cast, storm: Storm) -> None:
        self.town, self.storm = town, storm
        self.ledger: Ledger = cast.ledger
        muted = {word for item in self.items if item.muted for word in WORD.findall(item.text)}
        self.heard = {word: at for word, at in town.workers.heard.items() if word not in muted}
        """When each word was taken; not of the blocked, of whom nobody hears."""
        self.posts = list(self._posts())
        self.arrivals = list(self._arrivals(cast))

    def _posts(self) -> Iterator[Post]:
        for channel in CHANNELS:
            for raw in self.town.slack.messages(channel):
                if raw.get("bot_id") != BOT_ID:
                    continue
                seen = text_of(raw)
                payload = (raw.get("metadata") or {}).get("event_payload") or {}
                ours = (raw.get("metadata") or {}).get("event_type") == EVENT_TYPE
                # What nobody typed bears the name of whoever of the team says it.
                said = any(self.ledger.said[word].kind in SPOKEN for word in WORD.findall(seen))
                name = "" if said else str(raw.get("username", ""))
                thread = str(raw.get("thread_ts", raw["ts"]))
                post = str(payload.get("post", "")) if ours else ""
                home = str(payload.get("conversation", "")) if ours else ""
                yield Post(channel, raw["ts"], thread, seen, name, post, home, raw)

    def _arrivals(self, cast: Cast) -> Iterator[Arrival]:
        for person in cast.people:
            for line in person.lines:
                phone = getattr(self.town, line.channel).phone(line.who)
                for entry in phone:
                    if entry["direction"] == "to_customer" and entry.get("medium", line.medium) == line.medium:
                        marks = tuple(entry.get("entities", ()))
                        files = tuple(each["size"] for each in entry.get("media", ()))
                        yield Arrival(line, entry["text"], entry["at"] / 1000, marks, files)

    @cached_property
    def conversations(self) -> list[Conversation]:
        return conversations(self.town)

    @cached_property
    def items(self) -> list[Item]:
        return sorted(
            (item for home in self.conversations for item in self.town.store.items(home.id)),
            key=lambda item: item.id,
        )

    @cached_property
    def written(self) -> dict[str, float]:
        """When each item was first in the table."""
        first: dict[str, float] = {}
        for commit in self.town.table.commits:
            if commit.key[1].startswith("ITEM#"):
                first.setdefault(commit.key[1].partition("#")[2], commit.at)
        return first

    @cached_property
    def _claims(self) -> dict[tuple[str, str], Commit]:
        """The commit by which each item was first claimed, by the name of the claim."""
        first: dict[tuple[str, str], Commit] = {}
        for commit in self.town.table.commits:
            if commit.key[1].startswith("ITEM#") and commit.row:
                item = to_thing(Item, commit.row)
                if item.claim is not None:
                    first.setdefault((item.id, item.claim.post), commit)
        return first

    @cached_property
    def tries(self) -> Counter[str]:
        """How often each item was claimed for one post: whoever died in a call has told nobody of it."""
        most: Counter[str] = Counter()
        for commit in self.town.table.commits:
            item = to_thing(Item, commit.row) if commit.key[1].startswith("ITEM#") and commit.row else None
            if item is not None and item.claim is not None:
                most[item.id] = max(most[item.id], item.claim.count)
        return most

    @cached_property
    def looked(self) -> dict[tuple[str, str], float]:
        """When whoever first claimed an item had looked what there is to do."""
        return {name: commit.looked for name, commit in self._claims.items()}

    @cached_property
    def claimed(self) -> dict[tuple[str, str], float]:
        """When each item was first claimed: when the worker looked, if it did so right before.

        A worker that has made a call outwards since it looked cannot know any more what comes next.
        """
        calls: dict[str, list[float]] = defaultdict(list)
        for line in self.town.diary.of("call"):
            calls[line.who].append(line.at)

        def at(commit: Commit) -> float:
            own = calls[commit.by]
            right_before = bisect_left(own, commit.looked) == bisect_right(own, commit.at)
            return commit.looked if right_before else commit.at

        return {name: at(commit) for name, commit in self._claims.items()}

    @cached_property
    def customers_words(self) -> dict[str, list[Post]]:
        """Where each word stands as a customer's own, as often as it does."""
        found: dict[str, list[Post]] = defaultdict(list)
        for post in self.posts:
            if post.name:
                for word in post.words:
                    found[word].append(post)
        return found

    @cached_property
    def pictures(self) -> dict[str, list[Post]]:
        """Where each word stands in a picture that is shown, as often as it does."""
        found: dict[str, list[Post]] = defaultdict(list)
        files = self.town.slack._workspace.cabinet.files
        for post in self.posts:
            for each in post.raw.get("files", ()):
                file = files[each["id"]]
                if not file.deleted:
                    found["".join(WORD.findall(file.blob.data.decode(errors="replace")))].append(post)
        return found

    def claimed_at(self, item: Item, post: Post) -> float:
        """When an item was first claimed for the post it stands in; one with files does not bear its name."""
        return self.claimed.get((item.id, post.post or item.post), float("inf"))

    @cached_property
    def our_words(self) -> dict[str, list[Post]]:
        """Where each word stands in a line of ours, quoted perhaps."""
        found: dict[str, list[Post]] = defaultdict(list)
        for post in self.posts:
            if not post.name:
                for word in dict.fromkeys(post.words):
                    found[word].append(post)
        return found

    @cached_property
    def late(self) -> list[tuple[str, Item]]:
        """Customers' messages that stand below one that was written later, and where."""
        return [(ts, item) for ts, item, late in self._in_threads() if late]

    @cached_property
    def in_time(self) -> set[str]:
        """The posts that hold a customer's message which is not late."""
        return {ts for ts, _, late in self._in_threads() if not late}

    def _in_threads(self) -> Iterator[tuple[str, Item, bool]]:
        places = {post.ts for post in self.posts}
        newest: dict[str, int] = defaultdict(int)  # a conversation may move on to another thread
        there = [each for each in self.items if each.kind is Kind.MESSAGE and each.slack_ts in places]
        for item in sorted(there, key=lambda each: (float(each.slack_ts), each.order)):
            yield item.slack_ts, item, item.at + WHOLE_SECOND <= newest[item.conversation]
            newest[item.conversation] = max(newest[item.conversation], item.at)

    @cached_property
    def turns(self) -> dict[str, Route]:
        """Where replies go below a line that says so, by that line's place."""
        lines = [each for each in self.items if each.kind is Kind.TURN and each.slack_ts]
        return {each.slack_ts: each.route for each in lines if each.route is not None}

    @cached_property
    def merges(self) -> list[Merge]:
        """Every time that two were taken for one, as it is by now."""
        ids = sorted(pk.partition("#")[2] for pk, sk in self.town.table.rows if sk == "MERGE")
        found = [self.town.store.find(Merge, each) for each in ids]
        return [each for each in found if each is not None and each.at]

    @cached_property
    def threads(self) -> dict[str, list[tuple[str, str]]]:
        """The threads of each conversation, also those that it has left."""
        return {
            home.id: [*((each.slack_channel, each.ts) for each in home.left), (home.slack_channel, home.thread_ts)]
            for home in self.conversations
        }

    def arrived(self, word: str) -> list[Arrival]:
        return [each for each in self.arrivals if word in each.text]

    def story(self, *words: str) -> str:
        """Tell the last that was heard of something."""
        return "".join(f"\n      {line}" for line in self.town.diary.about(*words))

    def said(self, *kinds: str) -> list[Said]:
        return self.ledger.kind(*kinds)


def text_of(raw: Json) -> str:
    """Read what a post shows: its blocks, or its text where it has none."""
    blocks = [each for each in raw.get("blocks", ()) if each["type"] != "actions"]
    return json.dumps(blocks, ensure_ascii=False) if blocks else str(raw.get("text", ""))
