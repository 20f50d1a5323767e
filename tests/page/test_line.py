"""What happens in between, as the line tells it: each step in order, its ids, and never a secret."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from infra.local.stack import MADE_UP
from tests.page.acting import hear, mark, meet, message, reply, thread, turn, until, write
from tests.page.conftest import Running
from tests.page.pulling import about, last_text, line, open_line, open_thread, told

STATIONS = {"webhook", "record", "bell", "post", "reply", "send", "receipt", "gate", "fault", "clock", "door"}
SECRETS = {name: words.encode() for name, words in MADE_UP.items() if name.endswith(("_TOKEN", "_SECRET"))}
"""An account's SID is neither: Twilio writes it into every address."""
SIGNATURES = re.compile(rb"v0=[0-9a-f]{64}|sha256=[0-9a-f]{64}|(?<![\w+/.])[A-Za-z0-9+/]{27}=(?!=)")
"""As Slack, Meta and Twilio write theirs; Telegram sends its secret itself."""
ROWS_AT_MOST = 500
Step = tuple[str, str, dict[str, str]]
"""Station, words, and the ids by what they are."""


@pytest.fixture
def watched(page: Page) -> Page:
    """The page with the line open."""
    open_line(page)
    return page


def only_conversation(page: Page, step: Locator) -> str:
    """Show the steps of the conversation that a step is about, and give its id."""
    chip = step.get_by_role("button", name="Copy conversation")
    conversation = chip.get_attribute("data-id") or ""
    chip.click()
    page.get_by_role("button", name="Only this conversation").click()
    return conversation


def steps(page: Page) -> list[Step]:
    rows = (
        line(page)
        .locator("[data-station]")
        .evaluate_all(
            """(rows) => rows.map((row) => [
          row.dataset.station,
          row.querySelector(".flow-words").innerText,
          Object.fromEntries([...row.querySelectorAll(".flow-id")].map((id) => [id.dataset.what, id.dataset.id])),
        ])"""
        )
    )
    return [(station, words, ids) for station, words, ids in rows]


def test_one_message_is_followed_there_and_back_step_by_step_with_the_same_ids(watched: Page) -> None:
    meet(watched, "Lina Line", "Follow me there and back")
    answered = reply(watched, "All the way")
    expect(mark(answered, "ballot box with check")).to_be_visible()
    expect(told(watched, "The card on top of the thread is up to date")).not_to_have_count(0)
    ts = answered.get_attribute("data-ts") or ""
    conversation = only_conversation(watched, about(told(watched, "On record: a reply", "record"), "ts", ts))
    expect(told(watched, "The reply in Slack is marked")).to_have_count(1)

    wanted = [
        ("webhook", "Twilio calls our webhook with a message, signed with X-Twilio-Signature: verified, 200"),
        ("record", "On record: a message, and a bell is rung"),
        ("bell", "A bell rings: deliver takes up 1 conversation"),
        ("post", "Slack takes the post in #support"),
        ("post", "The conversation has its thread in #support"),
        ("post", "Slack takes the post in #support"),
        ("post", "The post stands in the thread, and is on record"),
        (
            "reply",
            "Slack calls us with a message of Bob Brown in #support, signed with X-Slack-Signature: verified",
        ),
        ("record", "On record: a reply, and a bell is rung"),
        ("bell", "A bell rings: send takes up 1 conversation"),
        ("send", "Twilio takes the message"),
        ("send", "It is sent, and on record with the provider's id"),
        ("webhook", "Twilio calls our webhook with a receipt, signed with X-Twilio-Signature: verified, 200"),
        ("receipt", "Receipt: delivered"),
        ("bell", "A bell rings: deliver takes up 1 conversation"),
        ("post", "The reply in Slack is marked"),
        ("post", "The card on top of the thread is up to date"),
    ]
    way, found, _ = until(lambda: in_order(steps(watched), wanted), lambda seen: not seen[2])
    assert {ids["conversation"] for _, _, ids in way if "conversation" in ids} == {conversation}
    assert found[0]["message"] == found[1]["message"], "the provider's id, at the door and on record"
    assert found[1]["item"] == found[6]["item"], "our id, on record and in the thread"
    assert found[3]["ts"] == found[4]["ts"] == found[16]["ts"], "the card"
    assert found[7]["ts"] == found[8]["ts"] == found[15]["ts"], "the reply in Slack"
    assert found[8]["item"] == found[11]["item"] == found[13]["item"] == found[15]["item"], "the reply on record"
    assert found[10]["message"] == found[11]["message"] == found[12]["message"] == found[13]["message"]


def in_order(
    way: list[Step], wanted: list[tuple[str, str]]
) -> tuple[list[Step], list[dict[str, str]], list[tuple[str, str]]]:
    """Find each wanted step after the one before: gives the way, their ids, and those not found."""
    left: Iterator[Step] = iter(way)
    found: list[dict[str, str]] = []
    for number, (station, words) in enumerate(wanted):
        ids = next((ids for at, said, ids in left if at == station and words in said), None)
        if ids is None:
            return way, found, wanted[number:]
        found.append(ids)
    return way, found, []


def test_only_one_conversation_is_shown_and_then_all_lines_again(watched: Page, stack: Running) -> None:
    otto = meet(watched, "Otto Other", "Somebody else entirely")
    other_step = about(told(watched, "On record: a message"), "message", last_text(stack, otto))
    expect(other_step).to_have_count(1)
    olive = meet(watched, "Olive Only", "Only me, please")
    only_conversation(watched, about(told(watched, "On record: a message"), "message", last_text(stack, olive)))
    expect(told(watched, "The post stands in the thread")).to_have_count(1)
    expect(other_step).to_have_count(0)
    expect(told(watched, "On record: a message")).to_have_count(1)
    expect(watched.get_by_text(re.compile(r"^Only conversation …\w{6}$"))).to_be_visible()

    out = watched.get_by_role("button", name="Show all lines")
    expect(out).to_be_focused()
    write(watched, "One more of mine")
    expect(told(watched, "On record: a message")).to_have_count(2)
    out.click()
    expect(other_step).not_to_have_count(0)
    expect(out).to_have_count(0)
    expect(line(watched)).to_be_focused()


def test_an_id_is_copied_whole_and_every_step_with_it_stands_out(watched: Page, stack: Running) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    whole = last_text(stack, meet(watched, "Carla Copies", "Give me my number"))
    heard = hear(watched)
    about(told(watched, "On record: a message"), "message", whole).get_by_role(
        "button", name="Copy message"
    ).click()
    until(lambda: watched.evaluate("navigator.clipboard.readText()"), lambda copied: copied == whole)
    until(heard, lambda said: any("message copied" in words for words in said))
    expect(watched.get_by_text(re.compile(r"^message …\w{6} on 2 lines$"))).to_be_visible()
    expect(line(watched).locator(".flow-same")).to_have_count(2)
    watched.get_by_role("button", name="Clear").click()
    expect(line(watched).locator(".flow-same")).to_have_count(0)


def shown_stations(page: Page) -> set[str]:
    return {station for station, _, _ in steps(page)}


def test_what_is_only_noise_shows_on_demand(watched: Page) -> None:
    meet(watched, "Nina Noise", "Is that all?")
    assert shown_stations(watched) <= STATIONS - {"clock", "door"}
    watched.get_by_role("button", name="Show everything").click()
    expect(told(watched, "The clock ticks: ", "clock")).not_to_have_count(0)
    expect(told(watched, "Nothing to do: it is", "reply")).not_to_have_count(0)
    assert shown_stations(watched) <= STATIONS
    watched.get_by_role("button", name="Show less").click()
    expect(told(watched, "The clock ticks: ")).to_have_count(0)


def test_the_stations_are_named_for_those_who_do_not_see_them(watched: Page) -> None:
    picture = watched.get_by_role("img", name="A message goes from the customer through the provider, receive")
    expect(picture).to_contain_text("Customer")
    for name in ("Provider", "receive", "inbound.fifo", "deliver", "Slack", "reply", "outbound.fifo", "send"):
        expect(picture.get_by_text(name, exact=True)).to_be_visible()


def test_no_secret_and_no_signature_ever_reaches_the_browser(watched: Page, stack: Running) -> None:
    about = json.load(ask(stack, "/state"))
    live = ask(stack, f"/live?boot={about['boot']}&after={about['at']}")
    watched.get_by_role("button", name="Show everything").click()
    sara = meet(watched, "Sara Secret", "Anything to hide?")
    expect(mark(reply(watched, "Not from you"), "ballot box with check")).to_be_visible()
    turn(watched, "WhatsApp")
    write(watched, "And by WhatsApp?")
    expect(message(thread(watched), "And by WhatsApp?")).to_be_visible()
    expect(mark(reply(watched, "Nor there"), "ballot box with check")).to_be_visible()
    turn(watched, "Telegram")
    write(watched, "And here?")
    open_thread(watched, "Sara Secret Telegram")
    expect(mark(reply(watched, "Nowhere"), "heavy check mark")).to_be_visible()
    said = b""
    while said.count(b"reply.sent") < 3:
        said += live.readline()
    live.close()
    everything = {"/state": ask(stack, "/state").read(), "/live": said, "the page": watched.content().encode()}
    for where, seen in everything.items():
        assert sara.name.encode() in seen or where == "/live", f"{where} is not what it should be"
        assert [name for name, secret in SECRETS.items() if secret in seen] == [], where
        assert SIGNATURES.findall(seen) == [], where


def ask(stack: Running, path: str) -> Any:
    return urllib.request.urlopen(stack.url + path, timeout=20)  # noqa: S310 - our own page


def test_the_drawer_remembers_that_it_is_open_and_how_high(watched: Page) -> None:
    handle = watched.get_by_role("separator", name="Height of what happens in between")
    handle.focus()
    for _ in range(3):
        watched.keyboard.press("ArrowUp")
    expect(handle).to_have_attribute("aria-valuenow", "47")
    high = height(watched)
    watched.reload()
    expect(line(watched)).to_be_visible()
    expect(handle).to_have_attribute("aria-valuenow", "47")
    until(lambda: height(watched), lambda now: now == pytest.approx(high, abs=2))
    box = handle.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    watched.mouse.move(middle, box["y"] + 2)
    watched.mouse.down()
    watched.mouse.move(middle, box["y"] + 182, steps=4)
    watched.mouse.up()
    expect(handle).to_have_attribute("aria-valuenow", "27")


def height(page: Page) -> float:
    box = page.get_by_role("region", name="What happens in between").bounding_box()
    assert box is not None
    return box["height"]


def test_escape_closes_the_drawer_and_gives_the_focus_back(watched: Page) -> None:
    opener = watched.get_by_role("button", name="What happens in between")
    line(watched).focus()
    watched.keyboard.press("Escape")
    expect(line(watched)).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    watched.reload()
    watched.get_by_text("Live", exact=True).wait_for()
    expect(line(watched)).to_be_hidden()


def test_a_thousand_steps_do_not_grow_the_page_beyond_its_cap(watched: Page) -> None:
    watched.evaluate(
        """async () => {
          const { apply } = await import("./ground/world.js");
          for (let n = 1; n <= 1100; n += 1) {
            apply({ source: "flow", kind: "bell", at: Date.now(), ms: 0, queue: "inbound", about: [`bell-${n}`] });
          }
        }"""
    )
    newest = line(watched).get_by_role("button", name="Copy conversation bell-1100")
    expect(newest).to_be_visible()
    expect(newest).to_be_in_viewport()
    expect(line(watched).get_by_role("button", name="Copy conversation bell-1", exact=True)).to_have_count(0)
    expect(line(watched).locator("[data-station]")).to_have_count(ROWS_AT_MOST)
