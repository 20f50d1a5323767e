"""What people do at the desk, through Slack: its list of verbs, its forms, commands and reactions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from infra.local.slack.team import BOB, JUN, MIA
from tests.simulation.hands import Hands
from tests.simulation.people import CHANNELS, Ledger, Person, Said
from tests.simulation.team import Place
from tests.simulation.town import Town

DIRECT = ("claim", "hand_back", "resolve", "reopen", "block", "unblock")
SHARES = {
    "do": 14,
    "unblock": 4,
    "compete": 3,
    "react": 4,
    "assign": 4,
    "note": 5,
    "tag": 4,
    "snooze": 6,
    "move": 6,
    "turn": 5,
    "reply": 12,
    "same_as": 5,
    "undo": 4,
    "write": 5,
    "save": 2,
    "history": 2,
    "look_at_home": 1,
}
"""How often each is done."""
SAID_WAY = re.compile(r"by ([A-Za-z]+) · \+?(\d+)")
"""How a form says which way its words go."""
LEAST, MOST = 90.0, 2_400.0
"""Seconds for which something is snoozed."""

Json = dict[str, Any]


@dataclass
class Desk:
    """Lets people of the team do what the desk offers; each of them one thing at a time."""

    town: Town
    chance: Random
    ledger: Ledger
    people: Sequence[Person]
    eager: Mapping[str, int]
    busy: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.hands = Hands(self.town, self.chance)

    def act(self) -> None:
        """Do something in some thread, as somebody who is free."""
        place, user = self._place(), self._free()
        if place is None or user is None:
            return
        acts: Mapping[str, Callable[[str, Place], None]] = {name: getattr(self, name) for name in SHARES}
        shares = [share * self.eager.get(name, 1) for name, share in SHARES.items()]
        (name,) = self.chance.choices(list(SHARES), shares)
        with self._at_work(user):
            acts[name](user, place)
            self.hands.close(user)

    @contextmanager
    def _at_work(self, user: str) -> Iterator[None]:
        self.busy.add(user)
        try:
            yield
        except (LookupError, ValueError):
            pass  # it is not offered to them, or Slack's own form stops them
        finally:
            self.busy.discard(user)

    def do(self, user: str, place: Place) -> None:
        self._do(user, place, self.chance.choice(DIRECT))

    def unblock(self, user: str, place: Place) -> None:
        self._do(user, place, "unblock")

    def compete(self, user: str, place: Place) -> None:
        """Do the same in the same moment as somebody else."""
        other, verb = self._free(), self.chance.choice(DIRECT[:4])
        if other is not None:

            def too() -> None:
                with self._at_work(other):
                    self._do(other, place, verb)
                    self.hands.close(other)

            self.town.clock.spawn("team", too)
        self._do(user, place, verb)

    def _do(self, user: str, place: Place, verb: str) -> None:
        """Open the list and do it, perhaps with a double click."""
        if not self.hands.open_list(user, place):
            return
        self.hands.twice(user)
        status = self.town.slack.press_in_view(user, verb)
        self._note(verb, place, status)

    def react(self, user: str, place: Place) -> None:
        posts = self._posts(place)
        if posts:
            name = self.chance.choice(("eyes", "white_check_mark"))
            self.town.slack.react(user, place[0], self.chance.choice(posts)["ts"], name)
            self._note("resolve" if name != "eyes" else "claim", place, 200)

    def assign(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "assign"):
            self.hands.hand_in(user, {"person": self.chance.choice((BOB, MIA, JUN))})

    def note(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "note"):
            said = self._new("jotting", user, place)
            self.hands.hand_in(user, {"note": f"{said.word} is for us"}, said)

    def tag(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "tag"):
            said = self._new("label", user, place)
            self.hands.hand_in(user, {"here": said.word}, said)

    def snooze(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "snooze"):
            until = self.town.clock.now + self.chance.uniform(LEAST, MOST)
            self.hands.hand_in(user, {"at": int(until)})
            self._note("reopen", place, 200)

    def move(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "move"):
            self.hands.hand_in(user, {"desk": self.hands.offered(user, "desk")})

    def turn(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "turn"):
            self.hands.hand_in(user, {"way": self.hands.offered(user, "way")})

    def reply(self, user: str, place: Place) -> None:
        """Say something with the form, perhaps with a saved reply in it."""
        if self.hands.form(user, place, "snippets"):
            if self.chance.random() < 0.4:
                self.hands.choose(user, "snippet", "saved")
            self._say(user, self._new("said", user, place))

    def same_as(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "same_as"):
            found = self.town.slack.look(user, "customer", self.chance.choice(self.people).name)
            if found:
                self.hands.hand_in(user, {"customer": self.chance.choice(found)["value"]})

    def undo(self, user: str, place: Place) -> None:
        """Press some *Undo*, wherever there is one."""
        buttons = [
            (channel, post["ts"])
            for channel, thread in [place, *self._places()]
            for post in self.town.slack.thread(channel, thread)
            if "undo_merge" in str(post.get("blocks", ""))
        ]
        if buttons:
            self.hands.twice(user)
            self.town.slack.press(user, *self.chance.choice(buttons), "undo_merge")

    def write(self, user: str, place: Place) -> None:
        """Write to a customer first, whether they are known or not."""
        self.town.slack.command(user, "/threadline write", "support")
        person = self.chance.choice(self.people)
        line = self.chance.choice(person.lines)
        digits = line.who.removeprefix("+")
        given: Json = {"way": f"{line.channel}/main {line.medium}", "name": person.name}
        known = self.town.slack.look(user, "customer", digits) if self.hands.view(user) else []
        given |= {"customer": known[0]["value"]} if known else {"phone": f"+{digits}"}
        self.town.slack.submit(user, given)
        self.town.clock.sleep(4.0)
        said = self._new("first", user, place)
        if "variable" in str(self.hands.view(user)) or "template_choice" in str(self.hands.view(user)):
            self.hands.choose(user, "template_choice", "hello")
            said.kind = "template"
            self.hands.hand_in(user, {}, said)
        else:
            self._say(user, said)

    def save(self, user: str, _: Place) -> None:
        """Write down a saved reply."""
        self.town.slack.command(user, "/threadline replies", "support")
        self.town.slack.press_in_view(user, "new_saved")
        self.hands.hand_in(user, {"title": "A saved reply", "text": "Hello {first_name}, this is saved."})

    def history(self, user: str, place: Place) -> None:
        if self.hands.form(user, place, "history"):
            self.town.clock.sleep(3.0)

    def look_at_home(self, user: str, _: Place) -> None:
        self.town.slack.open_home(user)

    def _say(self, user: str, said: Said) -> None:
        """Fill in the words of a reply; a form that comes back, since something has changed, is read again."""
        for _ in range(2):
            view = self.hands.view(user)
            fields = [block["block_id"] for block in (view or {}).get("blocks", ()) if block["type"] == "input"]
            if view is None or not fields or view.get("callback_id") != "reply":
                return
            way = SAID_WAY.search(str(view["blocks"]))
            said.way = (way[1].lower(), way[2]) if way else ("", "")
            if self.hands.hand_in(user, {fields[0]: f"{said.word} is what we say"}, said):
                return

    def _new(self, kind: str, user: str, place: Place) -> Said:
        return self.ledger.new(kind, self.town.clock.now, user, channel=place[0], thread=place[1])

    def _note(self, verb: str, place: Place, status: int) -> None:
        self.ledger.presses.append((self.town.clock.now, verb, place[1], status))

    def _posts(self, place: Place) -> list[Json]:
        if self.town.slack._crowd.channel(place[0]).is_archived:
            return []
        return [each for each in self.town.slack.thread(*place) if each.get("username")]

    def _place(self) -> Place | None:
        found = self._places()
        return self.chance.choice(found) if found else None

    def _places(self) -> list[Place]:
        return [(channel, ts) for channel in CHANNELS for ts in self.town.threads(channel)]

    def _free(self) -> str | None:
        free = [each for each in (BOB, MIA, JUN) if each not in self.busy]
        return self.chance.choice(free) if free else None
