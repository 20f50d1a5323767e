"""What whoever watches a provider's stand-in is told: the same of all three, and what is each one's own."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from infra.local.server import Answer, Call, Server
from infra.local.telegram import TelegramStandIn
from infra.local.telegram.lanes import HELD
from infra.local.twilio import TwilioStandIn
from infra.local.whatsapp import WhatsAppStandIn

AC = "AC" + "0" * 32
TOKEN = "7000001:hush-token"
SECRET = "hush_secret"
OURS = "+14155550100"
PICTURE = "aGk="
REFUSED = Answer(500)

Json = dict[str, Any]


class Door:
    """Our own door: answers as told, and takes whatever else comes."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.open = threading.Event()
        self.open.set()
        self.knocked = threading.Event()
        self.server = Server(self._hear)

    def _hear(self, _: Call) -> Answer:
        self.knocked.set()
        self.open.wait(5)
        return self.answers.pop(0) if self.answers else Answer(200)


@dataclass
class Watcher:
    """A stand-in, a customer of it, the app's way to call it."""

    name: str
    stand_in: Any
    who: str
    call: Callable[[str], requests.Response]

    def ask(self, **query: Any) -> Json:
        answer = requests.get(f"{self.stand_in.url}/control/changes", params=query, timeout=10)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def state(self) -> Json:
        found: Json = requests.get(f"{self.stand_in.url}/control/state", timeout=5).json()
        return found

    def pull(self, verb: str, **arguments: Any) -> Any:
        answer = requests.post(f"{self.stand_in.url}/control/{verb}", json=arguments, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def write(self, text: str, **about: Any) -> Any:
        return self.pull("write", who=self.who, text=text, **about)

    def told(self, kind: str) -> list[Json]:
        """List what was told of this kind, without what differs from run to run."""
        return [_bare(change) for change in self.ask(since=0)["changes"] if change["kind"] == kind]

    def until(self, done: Callable[[Json], bool]) -> list[Json]:
        """Read on until something is told."""
        read: list[Json] = []
        while not any(done(change) for change in read):
            at = read[-1]["n"] if read else 0
            news = self.ask(since=at, wait=5)["changes"]
            assert news, f"not told in time, only {read}"
            read += news
        return read

    def settled(self, message_id: str, state: str) -> list[Json]:
        return self.until(lambda change: _entry(change) == (message_id, state))


def _bare(change: Json) -> Json:
    return {name: value for name, value in change.items() if name not in {"n", "at", "kind", "ms"}}


def _entry(change: Json) -> tuple[str, str] | None:
    return (change["entry"]["id"], change["entry"]["state"]) if change["kind"] == "phone" else None


def _twilio(hook: str, **options: Any) -> Watcher:
    stand_in = TwilioStandIn(hook, AC, TOKEN, (OURS,), api_keys={"SK1": SECRET}, **options)
    url = f"{stand_in.url}/2010-04-01/Accounts/{AC}/Messages.json"

    def call(to: str) -> requests.Response:
        form = {"To": to, "From": OURS, "Body": "Hello"}
        return requests.post(url, data=form, auth=(AC, TOKEN), timeout=5)

    return Watcher("twilio", stand_in, "+14155550123", call)


def _whatsapp(hook: str, **options: Any) -> Watcher:
    stand_in = WhatsAppStandIn(hook, TOKEN, SECRET, "hush-verify", **options)
    url = f"{stand_in.url}/v26.0/{stand_in.phone_number_id}/messages"

    def call(to: str) -> requests.Response:
        body = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": "Hello"}}
        return requests.post(url, json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)

    return Watcher("whatsapp", stand_in, "5511987654321", call)


def _telegram(hook: str, **options: Any) -> Watcher:
    stand_in = TelegramStandIn(hook, TOKEN, SECRET, **options)
    url = f"{stand_in.url}/bot{TOKEN}/sendMessage"

    def call(to: str) -> requests.Response:
        return requests.post(url, json={"chat_id": to, "text": "Hello"}, timeout=5)

    return Watcher("telegram", stand_in, "512345678", call)


MAKERS = {"twilio": _twilio, "whatsapp": _whatsapp, "telegram": _telegram}


@pytest.fixture(scope="module")
def hall() -> Iterator[Door]:
    door = Door()
    yield door
    door.open.set()
    door.server.close()


@pytest.fixture
def door(hall: Door) -> Door:
    hall.answers.clear()
    hall.open.set()
    return hall


@pytest.fixture
def nowhere() -> Iterator[str]:
    """Hold an address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/hook"


@pytest.fixture
def start(door: Door) -> Iterator[Callable[..., Watcher]]:
    started: list[Watcher] = []

    def start(name: str, hook: str = "/hook", **options: Any) -> Watcher:
        started.append(build(name, door, hook, **options))
        return started[-1]

    yield start
    for watcher in started:
        watcher.stand_in.reset()
        watcher.stand_in.close()


def build(name: str, door: Door, hook: str = "/hook", **options: Any) -> Watcher:
    url = f"{door.server.url}{hook}" if hook.startswith("/") else hook
    paced = {} if name == "twilio" else {"pace": 0.001}
    return MAKERS[name](url, **{**paced, **options})


@pytest.fixture(scope="module")
def usual(hall: Door) -> Iterator[dict[str, Watcher]]:
    watchers = {name: build(name, hall) for name in MAKERS}
    yield watchers
    for watcher in watchers.values():
        watcher.stand_in.close()


@pytest.fixture
def all_three(door: Door, usual: dict[str, Watcher]) -> Iterator[dict[str, Watcher]]:  # noqa: ARG001 - opens first
    yield usual
    for watcher in usual.values():
        watcher.stand_in.reset()


@pytest.fixture(params=MAKERS)
def watcher(request: pytest.FixtureRequest, all_three: dict[str, Watcher]) -> Watcher:
    return all_three[request.param]


@pytest.fixture
def twilio(all_three: dict[str, Watcher]) -> Watcher:
    return all_three["twilio"]


@pytest.fixture
def whatsapp(all_three: dict[str, Watcher]) -> Watcher:
    return all_three["whatsapp"]


@pytest.fixture
def telegram(all_three: dict[str, Watcher]) -> Watcher:
    return all_three["telegram"]


def apply(state: Json, change: Json) -> None:
    """Do what a reader does with a change."""
    who = change.get("who", "")
    if change["kind"] == "phone":
        phone = state["phones"].setdefault(who, [])
        place = next((n for n, entry in enumerate(phone) if entry["id"] == change["entry"]["id"]), len(phone))
        phone[place : place + 1] = [change["entry"]]
    elif change["kind"] == "standing":
        others = [
            each for each in state["standings"].get(who, []) if each["medium"] != change["standing"]["medium"]
        ]
        state["standings"][who] = [*others, change["standing"]]
    elif change["kind"] == "person":
        state["people"][who] = change["person"]
    elif change["kind"] == "faults":
        state |= {"faults": change["faults"], "repeat": change["repeat"]}


def test_what_a_customer_writes_is_told_with_its_knock_and_its_fate(watcher: Watcher) -> None:
    written = watcher.write("Hi")
    about = {"who": watcher.who, "id": written["id"]}
    entries = [change["entry"] for change in watcher.told("phone")]
    assert [(entry["id"], entry["state"]) for entry in entries] == [
        (written["id"], "sent"),
        (written["id"], "taken"),
    ]
    assert (entries[0]["direction"], entries[0]["text"]) == ("from_customer", "Hi")
    assert entries[0]["at"] > 1_600_000_000_000
    assert watcher.told("webhook") == [{"what": "message", **about, "status": 200, "try": 1}]


def test_the_state_says_how_far_the_journal_went(watcher: Watcher) -> None:
    watcher.write("Hi")
    mark = watcher.state()["journal"]
    assert watcher.ask(since=mark["at"], boot=mark["boot"]) == {**mark, "lost": False, "changes": []}


def test_a_state_and_what_followed_make_the_next_state(watcher: Watcher) -> None:
    watcher.write("before")
    state = watcher.state()
    watcher.pull("fail", how={"status": 429}, times=2)
    watcher.pull("repeat", n=2)
    watcher.write("after")
    watcher.call(watcher.who)
    watcher.pull("block", who=watcher.who)
    watcher.pull("quiet")
    for change in watcher.ask(since=state["journal"]["at"])["changes"] * 2:
        apply(state, change)
    after = watcher.state()
    shown = ("phones", "people", "standings", "faults", "repeat")
    assert {name: state[name] for name in shown} == {name: after[name] for name in shown}


def test_a_question_waits_for_news_and_holds_nobody_up(watcher: Watcher) -> None:
    heard: list[Json] = []
    mark = watcher.state()["journal"]["at"]
    asking = threading.Thread(target=lambda: heard.append(watcher.ask(since=mark, wait=20)))
    asking.start()
    assert watcher.state()["phones"] == {}
    assert heard == []
    watcher.write("Hi")
    asking.join(10)
    assert heard[0]["changes"][0]["n"] == mark + 1


@pytest.mark.parametrize("name", MAKERS)
def test_closing_lets_go_whoever_waits(start: Callable[..., Watcher], name: str) -> None:
    watcher = start(name)
    journal = watcher.stand_in._watched.journal
    asking = threading.Thread(target=journal.since, args=(0, 20))
    asking.start()
    watcher.stand_in.close()
    asking.join(10)
    assert not asking.is_alive()


def test_a_reset_tells_whoever_watches_that_it_lost_track(watcher: Watcher) -> None:
    watcher.write("Hi")
    before = watcher.state()["journal"]
    heard: list[Json] = []
    query = {"since": before["at"], "boot": before["boot"], "wait": 20}
    asking = threading.Thread(target=lambda: heard.append(watcher.ask(**query)))
    asking.start()
    watcher.pull("reset")
    asking.join(10)
    after = watcher.state()
    assert heard == [{**after["journal"], "lost": True, "changes": []}]
    assert (after["phones"], after["people"], after["standings"]) == ({}, {}, {})


def test_what_cannot_be_told_any_more_is_lost(watcher: Watcher) -> None:
    assert watcher.ask(since=99)["lost"]
    assert watcher.ask(since=0, boot="another")["lost"]


@pytest.mark.parametrize("query", ["since=x", "wait=x", "wait=nan", "wait=-1", "since=1&when=now"])
def test_a_question_that_makes_no_sense_is_refused(watcher: Watcher, query: str) -> None:
    assert requests.get(f"{watcher.stand_in.url}/control/changes?{query}", timeout=5).status_code == 400


def test_changes_are_read_and_not_posted(watcher: Watcher) -> None:
    assert requests.post(f"{watcher.stand_in.url}/control/changes", json={}, timeout=5).status_code == 405


def test_what_is_planned_is_shown_counted_and_mended(watcher: Watcher) -> None:
    watcher.pull("fail", how={"status": 429, "retry_after": 1}, times=2)
    watcher.pull("fail", how={"drop": "after"}, on="POST")
    watcher.pull("repeat", n=1)
    limited = {"how": {"status": 429, "retry_after": 1}, "on": ""}
    dropped = {"how": {"drop": "after"}, "on": "POST", "left": 1}
    assert watcher.state()["faults"] == [{**limited, "left": 2}, dropped]
    watcher.call(watcher.who)
    assert watcher.told("faults")[-1] == {"faults": [{**limited, "left": 1}, dropped], "repeat": 1}
    watcher.pull("mend")
    assert watcher.told("faults")[-1] == {"faults": [], "repeat": 0}
    assert (watcher.state()["faults"], watcher.state()["repeat"]) == ([], 0)


NAMES = {"twilio": "POST Messages.json", "whatsapp": "POST messages", "telegram": "POST sendMessage"}


def test_a_call_is_told_with_the_message_it_made(watcher: Watcher) -> None:
    watcher.write("Hi")
    watcher.call(watcher.who)
    [call] = watcher.told("call")
    shown = watcher.pull("phone", who=watcher.who)[-1]
    assert call == {"call": NAMES[watcher.name], "outcome": "ok", "id": shown["id"], "who": watcher.who}
    assert (shown["text"], shown["direction"]) == ("Hello", "to_customer")


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ({"status": 429, "retry_after": 1}, "429"),
        ({"status": 500}, "500"),
        ({"status": 503}, "503"),
        ({"drop": "before"}, "line broke"),
        ({"drop": "after"}, "answer lost"),
        ({"delay": 0.001}, "ok"),
    ],
)
def test_a_call_that_goes_wrong_is_told_as_it_went(watcher: Watcher, how: Json, outcome: str) -> None:
    watcher.write("Hi")
    watcher.pull("fail", how=how)
    if "drop" in how:
        with pytest.raises(requests.ConnectionError):
            watcher.call(watcher.who)
    else:
        watcher.call(watcher.who)
    [call] = watcher.told("call")
    assert (call["outcome"], call["who"]) == (outcome, watcher.who)


def test_a_refusal_is_told_with_the_providers_own_code(watcher: Watcher) -> None:
    watcher.call("12")
    codes = {"twilio": "21211", "whatsapp": "131009", "telegram": "400"}
    assert [call["outcome"] for call in watcher.told("call")] == [codes[watcher.name]]


def test_a_blocked_customer_is_told_and_let_in_again(watcher: Watcher) -> None:
    watcher.write("Hi")
    watcher.pull("block", who=watcher.who)
    watcher.pull("unblock", who=watcher.who)
    shut = "stopped" if watcher.name == "twilio" else "blocked"
    assert [change["standing"][shut] for change in watcher.told("standing")] == [False, True, False]
    assert watcher.told("standing")[-1]["standing"] == watcher.state()["standings"][watcher.who][0]


@pytest.mark.parametrize("name", ["twilio", "whatsapp"])
def test_writing_opens_the_window_and_it_can_be_closed(start: Callable[..., Watcher], name: str) -> None:
    watcher = start(name, now=lambda: 1000.0)
    watcher.write("Hi", **({"medium": "whatsapp"} if name == "twilio" else {}))
    watcher.pull("close_window", who=watcher.who)
    opened = {"medium": "whatsapp", "stopped": False, "blocked": False, "window_ends": 87_400_000}
    closed = {**opened, "window_ends": -2_600_000}
    assert [change["standing"] for change in watcher.told("standing")] == [opened, closed]
    assert watcher.state()["standings"] == {watcher.who: [closed]}


def test_names_are_those_of_the_profiles(twilio: Watcher, whatsapp: Watcher, telegram: Watcher) -> None:
    twilio.write("Hi")
    assert twilio.state()["people"] == {twilio.who: {"name": ""}}
    twilio.write("Hi", medium="whatsapp", name="Ana")
    twilio.write("Me again", medium="whatsapp")
    assert twilio.told("person") == [{"who": twilio.who, "person": {"name": "Ana"}}]
    whatsapp.write("Hi", name="Bia")
    assert whatsapp.state()["people"] == {whatsapp.who: {"name": "Bia"}}
    telegram.write("Hi", first_name="Caio", last_name="Lima")
    assert telegram.state()["people"] == {telegram.who: {"name": "Caio Lima"}}


def test_a_repeat_that_is_refused_takes_nothing_back(door: Door, watcher: Watcher) -> None:
    watcher.pull("repeat", n=1)
    door.answers = [Answer(200), REFUSED]
    written = watcher.write("Hi")
    assert [change["status"] for change in watcher.told("webhook")] == [200, 500]
    assert watcher.pull("phone", who=watcher.who)[0]["state"] == "taken"
    assert watcher.settled(written["id"], "taken")


def test_twilio_knocks_once_and_the_message_is_refused(door: Door, twilio: Watcher) -> None:
    door.answers = [REFUSED]
    written = twilio.write("Hi")
    assert [change["status"] for change in twilio.told("webhook")] == [500]
    assert twilio.pull("phone", who=twilio.who)[0]["state"] == "refused"
    assert twilio.told("phone")[-1]["entry"]["id"] == written["id"]


def test_twilio_knocks_again_where_nobody_was(start: Callable[..., Watcher], nowhere: str) -> None:
    twilio = start("twilio", nowhere)
    twilio.settled(twilio.write("Hi")["id"], "refused")
    assert [(change["status"], change["try"]) for change in twilio.told("webhook")] == [(0, 1), (0, 2)]


def test_twilio_tries_as_often_as_the_address_asks(door: Door, start: Callable[..., Watcher]) -> None:
    twilio = start("twilio", "/hook#rc=2&rp=5xx")
    door.answers = [REFUSED, REFUSED]
    twilio.settled(twilio.write("Hi")["id"], "taken")
    assert [change["try"] for change in twilio.told("webhook")] == [1, 2, 3]


@pytest.mark.parametrize("name", ["whatsapp", "telegram"])
def test_a_refused_message_stays_sent_until_it_is_taken(
    door: Door, all_three: dict[str, Watcher], name: str
) -> None:
    watcher = all_three[name]
    door.answers = [REFUSED, Answer(drop=True), Answer(404)]
    written = watcher.write("Hi")
    watcher.settled(written["id"], "taken")
    assert [(change["status"], change["try"]) for change in watcher.told("webhook")] == [
        (500, 1), (-1, 2), (404, 3), (200, 4),
    ]  # fmt: skip
    assert [change["entry"]["state"] for change in watcher.told("phone")] == ["sent", "taken"]


@pytest.mark.parametrize("name", ["whatsapp", "telegram"])
def test_a_message_is_refused_for_good_when_patience_ends(
    start: Callable[..., Watcher], nowhere: str, name: str
) -> None:
    watcher = start(name, nowhere, pace=0)
    watcher.settled(watcher.write("Hi")["id"], "refused")


def test_what_waits_behind_a_refused_update_of_telegram_is_not_tried(
    door: Door, start: Callable[..., Watcher]
) -> None:
    telegram = start("telegram", pace=60)
    door.answers = [REFUSED] * 2
    assert [telegram.write(text)["status"] for text in "12"] == [500, HELD]
    assert {change["id"] for change in telegram.told("webhook")} == {"101"}
    assert [entry["state"] for entry in telegram.pull("phone", who=telegram.who)] == ["sent", "sent"]


def bot(telegram: Watcher, method: str, **given: Any) -> Any:
    return requests.post(f"{telegram.stand_in.url}/bot{TOKEN}/{method}", json=given, timeout=5).json()


def test_updates_dropped_by_setting_the_webhook_are_refused(door: Door, telegram: Watcher) -> None:
    bot(telegram, "deleteWebhook")
    written = telegram.write("Hi")
    bot(telegram, "setWebhook", url=f"{door.server.url}/hook", drop_pending_updates=True)
    telegram.settled(written["id"], "refused")
    assert telegram.told("webhook") == []


def test_a_refused_update_outlives_its_webhook(door: Door, telegram: Watcher) -> None:
    door.open.clear()
    door.knocked.clear()
    door.answers = [REFUSED]
    writing = threading.Thread(target=telegram.write, args=("Hi",))
    writing.start()
    assert door.knocked.wait(10)
    bot(telegram, "deleteWebhook")
    door.open.set()
    writing.join(10)
    telegram.pull("quiet")
    bot(telegram, "setWebhook", url=f"{door.server.url}/hook", secret_token=SECRET)
    telegram.settled("101", "taken")


def test_an_edit_changes_the_phone(telegram: Watcher) -> None:
    written = telegram.write("Helo")
    telegram.pull("edit", who=telegram.who, message_id=written["id"], text="Hello")
    entry = telegram.told("phone")[-1]["entry"]
    assert (entry["id"], entry["text"], entry["edited"], entry["state"]) == (written["id"], "Hello", True, "taken")
    assert [change["what"] for change in telegram.told("webhook")] == ["message", "edited_message"]


def test_messages_of_two_chats_may_share_their_number(door: Door, start: Callable[..., Watcher]) -> None:
    telegram = start("telegram", pace=60)
    ana = telegram.write("Hi")
    door.answers = [REFUSED] * 2
    bia = telegram.pull("write", who=7, text="Hi")
    assert ana["id"] == bia["id"]
    assert telegram.pull("phone", who=telegram.who)[0]["state"] == "taken"
    assert telegram.pull("phone", who=7)[0]["state"] == "sent"


def test_stop_and_start_are_told(twilio: Watcher) -> None:
    twilio.write("STOP")
    twilio.write("START")
    assert [change["standing"]["stopped"] for change in twilio.told("standing")] == [True, False]


def test_a_receipt_is_a_knock_and_a_change_of_the_phone(whatsapp: Watcher) -> None:
    whatsapp.pull("receipts", delay=0)
    whatsapp.write("Hi")
    wamid = whatsapp.call(whatsapp.who).json()["messages"][0]["id"]
    whatsapp.settled(wamid, "delivered")
    whatsapp.pull("quiet")
    knock = {"what": "status", "who": whatsapp.who, "id": wamid, "status": 200, "try": 1}
    assert whatsapp.told("webhook")[1:] == [knock, knock]


def test_one_post_for_several_people_is_one_knock(whatsapp: Watcher) -> None:
    parts = [{"who": whatsapp.who, "text": "1"}, {"who": "4915112345678", "text": "2"}]
    ids = whatsapp.pull("batch", parts=parts)["ids"]
    assert whatsapp.told("webhook") == [{"what": "message", "id": ids[0], "ids": ids, "status": 200, "try": 1}]
    assert [entry["state"] for shown in whatsapp.state()["phones"].values() for entry in shown] == ["taken"] * 2


PICTURES: dict[str, Json] = {
    "twilio": {"media": [{"content_type": "image/png", "data": PICTURE}]},
    "whatsapp": {"type": "image", "content": {"data": PICTURE, "mime_type": "image/png"}},
    "telegram": {"photo": [{"data": PICTURE, "width": 9, "height": 9}]},
}


def test_a_picture_on_a_phone_is_fetched_without_credentials(watcher: Watcher) -> None:
    watcher.write("", **PICTURES[watcher.name])
    [media] = watcher.told("phone")[0]["entry"]["media"]
    found = requests.get(f"{watcher.stand_in.url}{media['url']}", timeout=5)
    kind = "image/jpeg" if watcher.name == "telegram" else "image/png"
    assert (media["kind"], found.headers["Content-Type"], found.content) == (kind, kind, b"hi")
    assert requests.get(f"{watcher.stand_in.url}/control/media/other", timeout=5).status_code == 404


def test_what_signs_the_address_of_a_file_stays_untold(
    twilio: Watcher, whatsapp: Watcher, telegram: Watcher
) -> None:
    shelf = Server(lambda _: Answer(200, b"hi", {"Content-Type": "image/png"}))
    link = f"{shelf.url}/a.png?signature=hush"
    for each in (twilio, whatsapp, telegram):
        each.write("Hi")
    url = f"{twilio.stand_in.url}/2010-04-01/Accounts/{AC}/Messages.json"
    form = {"To": twilio.who, "From": OURS, "MediaUrl": link}
    requests.post(url, data=form, auth=(AC, TOKEN), timeout=5)
    url = f"{whatsapp.stand_in.url}/v26.0/{whatsapp.stand_in.phone_number_id}/messages"
    body = {"messaging_product": "whatsapp", "to": whatsapp.who, "type": "image", "image": {"link": link}}
    requests.post(url, json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
    nested = {"header": {"type": "image", "image": {"link": link}}, "body": {"text": "Which?"}, "type": "button"}
    buttons = {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "This"}}]}
    body = {**body, "type": "interactive", "interactive": {**nested, "action": buttons}}
    requests.post(url, json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
    bot(telegram, "sendPhoto", chat_id=telegram.who, photo=link)
    for each in (twilio, whatsapp, telegram):
        shown = [entry["media"] for entry in each.pull("phone", who=each.who) if entry.get("media")]
        assert [(media["size"], media["url"][:15]) for [media] in shown] == [(2, "/control/media/")]
        assert "hush" not in json.dumps(each.ask(since=0))
    shelf.close()


def test_no_secret_is_ever_told(watcher: Watcher) -> None:
    watcher.write("Hi")
    watcher.call(watcher.who)
    for path in (f"/bot{TOKEN}", f"/bot{TOKEN}/getMe/{TOKEN}", f"/bot{TOKEN.replace(':', '%3A')}", f"/{SECRET}/x"):
        requests.get(watcher.stand_in.url + path, headers={"Authorization": TOKEN}, timeout=5)
    if watcher.name == "telegram":
        bot(watcher, "setWebhook", url=watcher.stand_in.webhook_url, secret_token=SECRET)
    if watcher.name == "whatsapp":
        watcher.pull("verify")
    watcher.pull("quiet")
    assert len(watcher.told("call")) >= 5
    assert "hush" not in json.dumps(watcher.ask(since=0)).lower()


MET_AT = {
    "twilio": {"sms": "+14155550100", "whatsapp": "+14155550100", "rcs": "+14155550100"},
    "whatsapp": {"whatsapp": "+15550783881"},
    "telegram": {"telegram": "@threadline_bot"},
}


@pytest.mark.parametrize("name", MET_AT)
def test_a_state_says_where_customers_meet_the_company(usual: dict[str, Watcher], name: str) -> None:
    assert usual[name].stand_in.state()["ours"] == MET_AT[name]


def test_an_account_for_whatsapp_alone_is_met_nowhere_else() -> None:
    with closing(TwilioStandIn("http://127.0.0.1:9/", AC, "token", numbers=("whatsapp:+14155550199",))) as twilio:
        assert twilio.state()["ours"] == {"whatsapp": "+14155550199"}


def test_one_fault_is_forgotten_and_the_others_stay(watcher: Watcher) -> None:
    watcher.stand_in.repeat(1)
    for how in ({"status": 503}, {"drop": "after"}, {"status": 503}):
        watcher.stand_in.fail(how, times=2)
    watcher.stand_in.mend({"status": 503})
    state = watcher.state()
    assert ([plan["how"] for plan in state["faults"]], state["repeat"]) == ([{"drop": "after"}], 1)
