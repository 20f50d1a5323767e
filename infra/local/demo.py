"""`make demo`: a conversation on all three channels through the running stack, told from both sides.

It plays the customers and the team through the stand-ins' controls and prints what each side sees, as it
happens. If nothing is running, it starts a stack for itself and ends it afterwards.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from chalicelib.errors import OperatorError
from infra.environment import ROOT, RUNNING, environment_of, port_of
from infra.local.aws import AwsFailed
from infra.local.server import PortBusy
from infra.local.stack import URLS, Stack, complain

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds until something that should have happened counts as not happening."""
SUPPORT, AGENT = "C0SUPPORT", "bob"
MARKS = {
    "heavy_check_mark": "✔ sent",
    "ballot_box_with_check": "☑ delivered",
    "eyeglasses": "👓 read",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One customer on one channel: what they write, and what the team answers."""

    name: str
    channel: str
    label: str
    who: str
    lines: tuple[tuple[str, str], ...]
    about: dict[str, Any] = field(default_factory=dict)
    shows: dict[str, Any] = field(default_factory=dict)
    """What goes with their last line."""


RECEIPT = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mP48OE1VsQwtCQA2ROywenVUkAAAAAASUVORK5CYII="
"""A small picture."""
SCENES = (
    Scene(
        "+1 555 0134",
        "twilio",
        "SMS",
        "+15550134000",
        (
            ("Hi, is my order 1042 ready?", "It is! Open until six today."),
            ("On my way, and this is the receipt", "See you soon :wave:"),
        ),
        {"medium": "sms"},
        {"media": [{"content_type": "image/png", "data": RECEIPT}]},
    ),
    Scene(
        "Ana Souza",
        "whatsapp",
        "WhatsApp",
        "5511987654321",
        (("Olá! Vocês entregam em São Paulo? 🚚", "Sim, em dois dias úteis."),),
        {"name": "Ana Souza"},
    ),
    Scene(
        "Deniz",
        "telegram",
        "Telegram",
        "512345678",
        (("Is <!channel> a discount code? & does *bold* work", "Neither: here it is only text."),),
        {"first_name": "Deniz"},
    ),
)


class DidNotHappen(Exception):
    """Something the demo waited for did not come."""


class Stage:
    """The running stack, seen from outside: only HTTP, as anybody could."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.urls = urls
        self.began = time.monotonic()

    def ask(self, stand_in: str, verb: str, **about: Any) -> Any:
        """Pull one string of a stand-in."""
        body = json.dumps(about).encode()
        request = urllib.request.Request(f"{self.urls[stand_in]}/control/{verb}", body)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def state(self, stand_in: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.urls[stand_in]}/control/state", timeout=10) as answer:
            state: dict[str, Any] = json.load(answer)
            return state

    def threads(self) -> dict[str, list[dict[str, Any]]]:
        channels = {channel["id"]: channel for channel in self.state("slack")["channels"]}
        found: dict[str, list[dict[str, Any]]] = channels[SUPPORT]["threads"]
        return found

    def tell(self, side: str, who: str, what: str) -> None:
        """Print one moment: customers on the left, the team on the right."""
        indent = " " * 46 if side == "slack" else ""
        print(f"{time.monotonic() - self.began:5.1f} s  {indent}{who:<22} {what}", flush=True)


def wait_for(look: Callable[[], T | None], what: str) -> T:
    """Look until there is something to see; raises DidNotHappen."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise DidNotHappen(what)


def play(stage: Stage, scene: Scene) -> None:
    """Play one customer's scene to its end."""
    for number, (text, answer) in enumerate(scene.lines, 1):
        shows = scene.shows if number == len(scene.lines) else {}
        stage.tell("customer", f"{scene.name} ({scene.label})", f"{text}{' [a picture]' if shows else ''}")
        stage.ask(scene.channel, "write", who=scene.who, text=text, **scene.about, **shows)
        thread, post = wait_for(partial(_posted, stage, text), f"“{text}” in Slack")
        files = "".join(f" [{file['name']}, {file['size']} bytes]" for file in post.get("files", ()))
        stage.tell("slack", post.get("username") or "Slack", f"{text if files else _shown(post)}{files}")
        ts = stage.ask("slack", "say", user=AGENT, channel=SUPPORT, text=answer, thread_ts=thread)["result"]
        stage.tell("slack", f"{AGENT} replies", answer)
        received = wait_for(partial(_received, stage, scene), f"an answer on {scene.name}'s phone")
        stage.tell("customer", f"{scene.name}'s phone", received["text"])
        mark = wait_for(partial(_mark, stage, thread, ts), "a mark on the reply")
        stage.tell("slack", "mark on the reply", MARKS.get(mark, mark))


def _posted(stage: Stage, text: str) -> tuple[str, dict[str, Any]] | None:
    for thread, messages in stage.threads().items():
        for message in messages[1:]:
            # Slack may not show whose a post with files is, so its words begin with their name.
            if _shown(message) == text or (message.get("files") and _shown(message).endswith(text)):
                return thread, message
    return None


def _shown(message: dict[str, Any]) -> str:
    """Read a post as a person sees it: its blocks, where nothing is markup."""
    blocks = [block for block in message.get("blocks", ()) if block["type"] == "rich_text"]
    return "".join(
        element.get("text", "")
        for block in blocks
        for section in block["elements"]
        for element in section["elements"]
    )


_seen: dict[str, int] = {}


def _received(stage: Stage, scene: Scene) -> dict[str, Any] | None:
    answer = stage.ask(scene.channel, "phone", who=scene.who)
    phone = answer.get("result", answer) if isinstance(answer, dict) else answer
    ours = [message for message in phone if message["direction"] == "to_customer"]
    if len(ours) <= _seen.get(scene.who, 0):
        return None
    _seen[scene.who] = len(ours)
    return dict(ours[-1])


def _mark(stage: Stage, thread: str, ts: str) -> str | None:
    for message in stage.threads()[thread]:
        if message["ts"] == ts and message.get("reactions"):
            return str(message["reactions"][0]["name"])
    return None


@contextmanager
def running() -> Iterator[Stage]:
    """Use the stack that is running, or run one for the length of the demo."""
    note = _note()
    if note is not None:
        print(f"Playing on the stack at {note['app']}; watch it at {note['page']}.\n")
        yield Stage(note["stand_ins"])
        return
    print("Nothing is running, so the demo starts a stack of its own (make run keeps one running).\n")
    environment = environment_of(ROOT)
    stack = Stack(port_of(environment), environment)
    try:
        yield Stage({name: stand_in.url for name, stand_in in stack.stand_ins.items()})
    finally:
        stack.close()


def _note() -> dict[str, Any] | None:
    if not RUNNING.is_file():
        return None
    note: dict[str, Any] = json.loads(RUNNING.read_text())
    try:
        with urllib.request.urlopen(f"{note['app']}/health", timeout=2):
            return note
    except (urllib.error.URLError, OSError):
        return None


def main() -> int:
    """Play every scene; 1 if something did not happen."""
    try:
        with running() as stage:
            missing = [name for name in URLS if name not in stage.urls]
            if missing:
                return complain(
                    f"The demo plays on the stand-ins, and {', '.join(missing)} is set to something else."
                )
            print(f"{'':8} {'THE CUSTOMERS':<46}THE TEAM, IN SLACK\n")
            for scene in SCENES:
                play(stage, scene)
                print()
    except DidNotHappen as error:
        return complain(
            f"Waited {PATIENCE:.0f} s in vain for {error}. "
            "The first lines of `make run` and /health say what may be wrong; "
            "the demo needs the desk in C0SUPPORT and the lines of settings.example.toml."
        )
    except (PortBusy, OperatorError, AwsFailed) as error:
        return complain(str(error))
    print("Three customers, three channels, three threads; every reply reached its customer and says so.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
