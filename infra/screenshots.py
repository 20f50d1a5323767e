"""`make screenshots`: the README's pictures, of a stack that plays a story of its own."""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, Page, ViewportSize

from infra.browser import NoBrowser, chromium
from infra.local.slack.team import SUPPORT
from infra.local.stack import Stack

T = TypeVar("T")

PORT = 8_400
SIZE: ViewportSize = {"width": 1360, "height": 850}
PATIENCE = 20.0
ANA, SAM, DENIZ = "5511987654321", "+15550134000", "321234567"


DOORSTEP = """
<body style="margin:0"><svg width="360" height="220" viewBox="0 0 360 220" xmlns="http://www.w3.org/2000/svg">
  <rect width="360" height="220" fill="#c9b79c"/>
  <g fill="#bda98c">
    <rect y="22" width="360" height="3"/>
    <rect y="66" width="360" height="3"/>
    <rect y="110" width="360" height="3"/>
  </g>
  <rect x="120" y="14" width="120" height="162" rx="4" fill="#5b3d2b"/>
  <rect x="132" y="26" width="96" height="60" rx="3" fill="#77523b"/>
  <rect x="132" y="96" width="96" height="70" rx="3" fill="#77523b"/>
  <circle cx="224" cy="98" r="5" fill="#e2c04f"/>
  <text x="180" y="64" font-family="sans-serif" font-size="26" text-anchor="middle" fill="#e8d9c0">12</text>
  <rect y="176" width="360" height="44" fill="#8c8c88"/>
  <rect x="104" y="182" width="152" height="22" rx="3" fill="#6d7a5c"/>
  <g fill="#3f6b3a"><circle cx="60" cy="150" r="26"/><circle cx="40" cy="162" r="18"/></g>
  <rect x="42" y="166" width="36" height="30" fill="#a4573a"/>
</svg></body>
"""
"""What Ana sees at her door: nothing."""


class Story:
    """Three customers and a team, played through the stand-ins' controls."""

    def __init__(self, stack: Stack, photo: bytes) -> None:
        self._photo = base64.b64encode(photo).decode()
        self._slack: Any = stack.stand_ins["slack"]
        self._twilio: Any = stack.stand_ins["twilio"]
        self._whatsapp: Any = stack.stand_ins["whatsapp"]
        self._telegram: Any = stack.stand_ins["telegram"]

    def play(self) -> None:
        """Play it to its end; raises TimeoutError if something does not happen."""
        self._twilio.write(SAM, "Hi, is my order 1042 ready? I could come by before six.")
        sam = self._posted("before six")
        self._telegram.write(DENIZ, "Merhaba! Do you ship to Izmir?", first_name="Deniz", last_name="Kaya")
        self._posted("Izmir")
        self._says("bob", sam, "It is, Sam. We are open until seven today :wave:")
        caption = "Hello! The tracking says *delivered*, but there is nothing here 📦"
        photo = {"caption": caption, "mime_type": "image/png", "data": self._photo}
        self._whatsapp.write(ANA, type="image", content=photo, name="Ana Souza")
        ana = self._posted("delivered")
        self._press("mia", ana, "claim")
        self._says("mia", ana, "Sorry about that, Ana. Let me ask the courier :eyes:", marked=False)
        self._says("jun", ana, "// the courier left it with the neighbour at number 14", marked=False)
        self._says("mia", ana, "It is with your neighbour at number 14. Could you have a look?")
        self._whatsapp.write(ANA, "Found it, thank you so much! 🎉", name="Ana Souza")
        self._posted("Found it")
        self._slack.react("jun", SUPPORT, self._messages(ana)[-1]["ts"], "tada")
        wait_for(lambda: "Waiting since" in str(self._messages(ana)[0]))

    def _messages(self, thread: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._slack.thread(SUPPORT, thread)
        return found

    def _posted(self, words: str) -> str:
        """Wait until a customer's words stand in Slack, and give their thread."""

        def look() -> str:
            posts = [post for post in self._slack.messages(SUPPORT) if words in post["text"]]
            return str(posts[-1]["thread_ts"]) if posts else ""

        return wait_for(look)

    def _says(self, who: str, thread: str, words: str, *, marked: bool = True) -> None:
        ts = self._slack.say(who, SUPPORT, words, thread)

        def look() -> bool:
            return any(one["ts"] == ts and one.get("reactions") for one in self._messages(thread))

        if marked:
            wait_for(look)

    def _press(self, who: str, thread: str, action: str) -> None:
        self._slack.press(who, SUPPORT, thread, action)
        wait_for(lambda: "<@" in str(self._messages(thread)[0]["blocks"]))


def wait_for(look: Callable[[], T]) -> T:
    """Look until there is something to see; raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise TimeoutError("the story does not go on")


def photographed(browser: Browser) -> bytes:
    """Draw the picture that Ana takes."""
    window = browser.new_page(viewport={"width": 360, "height": 220})
    window.set_content(DOORSTEP)
    picture = window.screenshot()
    window.close()
    return picture


def shoot(browser: Browser, url: str, folder: Path) -> None:
    """Take every picture."""
    for scheme in ("light", "dark"):
        window = browser.new_page(viewport=SIZE, device_scale_factor=2, color_scheme=scheme, locale="en-GB")
        window.goto(url)
        window.get_by_role("button", name="Ana Souza").click()
        window.get_by_role("tab", name="WhatsApp").first.click()
        window.get_by_role("region", name="Thread").get_by_text("Found it").wait_for()
        window.wait_for_timeout(800)
        _take(window, folder / f"page-{scheme}.png")
        _open_list(window)
        _take(window, folder / f"desk-{scheme}.png")
        window.keyboard.press("Escape")
        window.get_by_role("dialog").wait_for(state="detached")
        window.get_by_role("button", name="What happens in between").click()
        window.get_by_role("button", name="Make things go wrong").click()
        window.wait_for_timeout(800)
        _take(window, folder / f"line-{scheme}.png")
        window.close()


def _open_list(window: Page) -> None:
    """Open, from the card, the list of all that can be done."""
    window.get_by_role("region", name="Thread").get_by_role("button", name="More…").click()
    window.get_by_role("dialog", name="Threadline").wait_for()
    window.wait_for_timeout(300)


def _take(window: Page, path: Path) -> None:
    window.mouse.move(0, 0)
    window.screenshot(path=path)
    print(path)


def main(folder: str) -> int:
    """Play, and take the pictures; 1 if there is no browser."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    try:
        with chromium() as browser:
            stack = Stack(PORT, {})
            try:
                Story(stack, photographed(browser)).play()
                shoot(browser, stack.page.url, place)
            finally:
                stack.close()
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
