"""`make bench-page`: a thread of 2,000 posts on the page, and the longest time the browser is busy with it.

A task of more than 50 ms is one a person feels (https://www.w3.org/TR/longtasks-1/).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page as Window

from infra.browser import NoBrowser, chromium
from infra.local.page import Page
from infra.local.slack import SlackStandIn

POSTS, NEW, FELT = 2_000, 30, 50
WORDS = (
    "Is my order *1042* ready? :wave: It was promised for today, see https://example.com/orders/1042",
    "Let me look.\n• paid on Monday\n• packed on Tuesday\n• `DHL 00340434161094042557`",
    "> It was promised for today\nIt is on its way, and I am sorry for the wait. _Really_.",
    "👍🏽 שלום مرحبا " + "x" * 120,
)

WATCH = """
window.tasks = [];
new PerformanceObserver((seen) => tasks.push(...seen.getEntries().map((task) => task.duration)))
  .observe({ type: "longtask", buffered: true });
window.frames_ = [];
(function tick(before) {
  requestAnimationFrame((now) => { frames_.push(now - before); tick(now); });
})(performance.now());
"""
TAKE = "() => { const seen = { tasks, frames: frames_ }; tasks = []; frames_ = []; return seen; }"


@dataclass(frozen=True, slots=True)
class Busy:
    """What a stretch of work cost: its tasks over 50 ms, and how late its frames came, in ms."""

    name: str
    tasks: list[float]
    frames: list[float]

    def row(self) -> str:
        frames = sorted(self.frames)
        late = frames[int(len(frames) * 0.99)] if frames else 0.0
        return f"{self.name:<44}{len(self.tasks):>6}{max(self.tasks, default=0):>9.0f}{late:>12.0f}"


def main() -> int:
    """Measure, print, and give 1 if anything after the load is felt."""
    slack = SlackStandIn("http://127.0.0.1:9", "http://127.0.0.1:9", "secret", "xoxb-bench", rate_limits=False)
    slack.hold_events()
    thread = _fill(slack)
    page = Page(0, {"slack": slack.url})
    try:
        with chromium() as browser:
            window = browser.new_page(viewport={"width": 1440, "height": 900})
            window.add_init_script(WATCH)
            seen = _measure(window, page.url, slack, thread)
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        page.close()
        slack.close()
    print(f"A thread of {POSTS:,} posts{'tasks':>31}{'longest':>9}{'frames p99':>12}")
    print(f"{'':44}{'>50 ms':>6}{'ms':>9}{'ms':>12}")
    for busy in seen:
        print(busy.row())
    felt = [busy for busy in seen[1:] if max(busy.tasks, default=0) > FELT]
    print("Nothing is felt after the load." if not felt else "TOO LONG: " + ", ".join(busy.name for busy in felt))
    return 1 if felt else 0


def _fill(slack: SlackStandIn) -> str:
    thread = slack.say("bob", "support", "A customer who writes a lot")
    for number in range(POSTS):
        slack.say(("bob", "mia")[number % 2], "support", f"{number} {WORDS[number % len(WORDS)]}", thread)
    return thread


def _measure(window: Window, url: str, slack: SlackStandIn, thread: str) -> list[Busy]:
    window.goto(url)
    pane = window.get_by_role("region", name="Thread")
    pane.get_by_text(f"{POSTS - 1} ", exact=False).last.wait_for()
    window.wait_for_timeout(3000)
    box = pane.bounding_box()
    if box is None:
        raise RuntimeError("the thread is not shown")
    window.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    composer = pane.get_by_role("textbox").last

    def scroll(by: int) -> None:
        for _ in range(60):
            window.mouse.wheel(0, by)
            window.wait_for_timeout(16)

    def arrive() -> None:
        for number in range(NEW):
            slack.say("mia", "support", f"new {number} {WORDS[number % len(WORDS)]}", thread)
            time.sleep(0.05)

    stretches: list[tuple[str, Callable[[], object]]] = [
        ("scrolling up through the thread", lambda: scroll(-1200)),
        ("and down again", lambda: scroll(1200)),
        ("typing 120 characters", lambda: composer.press_sequentially("On its way, I promise. " * 5, delay=20)),
        (f"{NEW} posts arriving", arrive),
        ("sending the reply", lambda: composer.press("Enter")),
    ]
    found = [_taken(window, "loading the page with the thread")]
    for name, act in stretches:
        act()
        window.wait_for_timeout(400)
        found.append(_taken(window, name))
    return found


def _taken(window: Window, name: str) -> Busy:
    seen = window.evaluate(TAKE)
    return Busy(name, seen["tasks"], seen["frames"])


if __name__ == "__main__":
    sys.exit(main())
