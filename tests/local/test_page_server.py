"""The page's server beside stand-ins it has never seen: only controls, only for this machine."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local.journal import Journal
from infra.local.page import Page, files, media, server
from infra.local.server import Answer, Call, PortBusy, Server, answer_json

JSON = {"Content-Type": "application/json"}
PICTURE = b"\x89PNG and so on"


class Fake:
    """A stand-in with one number to change, and a journal of it."""

    def __init__(self, port: int = 0) -> None:
        self.number = 0
        self.mute = False
        self.pulled: list[tuple[str, str, Any]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.journal = Journal()
        self.server = Server(self.answer, port)

    def change(self, number: int) -> None:
        self.number = number
        self.journal.add("number", number=number)

    def close(self) -> None:
        self.journal.close()
        self.server.close()

    def answer(self, call: Call) -> Answer:
        match call.method, call.path.removeprefix("/").split("/"):
            case "GET", ["control", "changes"]:
                query = call.query
                assert int(query["since"]) >= 0
                return answer_json(self.journal.since(int(query["since"]), float(query["wait"]), query["boot"]))
            case "GET", ["control", "state"] if self.mute:
                return answer_json({"error": "not now"}, 503)
            case "GET", ["control", "state"]:
                told = answer_json({"number": self.number, "journal": self.journal.mark()})
                self.meanwhile()
                return told
            case "GET", ["control", "emoji"]:
                return answer_json({"wave": "👋"})
            case "POST", ["control", "state"]:
                return answer_json({"error": "wrong method"}, 405)
            case "POST", ["control", verb]:
                self.pulled.append((verb, call.headers["content-type"], call.json()))
                return answer_json({"pulled": verb}, 200 if verb == "change" else 409)
            case "GET", ["control", "media", *rest]:
                return SHOWN.get("/".join(rest), Answer(404))
            case "GET", ["", "control", "state"] | ["media", "picture.png"]:
                return SHOWN["a/picture.png"]
        return answer_json({}, 404)


SHOWN = {
    "a/picture.png": Answer(200, PICTURE, {"Content-Type": "image/png"}),
    "page.html": Answer(200, b"<script>", {"Content-Type": "text/html"}),
    "drawing.svg": Answer(200, b"<svg/>", {"Content-Type": "Image/SVG+xml"}),
    "locked.png": Answer(401),
    "elsewhere.png": Answer(302, headers={"Location": "http://127.0.0.1:9/"}),
    "huge.png": Answer(200, b"x" * (media.LARGEST + 1), {"Content-Type": "image/png"}),
}


@pytest.fixture
def fake() -> Iterator[Fake]:
    with closing(Fake()) as fake:
        yield fake


@pytest.fixture
def flow() -> Iterator[Journal]:
    with closing(Journal()) as flow:
        yield flow


@pytest.fixture
def page(fake: Fake, flow: Journal) -> Iterator[Page]:
    with closing(Page(0, {"slack": fake.server.url}, flow, {"app": "here"})) as page:
        yield page


def state(page: Page) -> Any:
    return requests.get(f"{page.url}/state", timeout=10).json()


class Reader:
    """Reads the live stream, as a browser does."""

    def __init__(self, page: Page, since: Any, **headers: str) -> None:
        query = {"boot": since["boot"], "after": since["at"]}
        self.answer = requests.get(f"{page.url}/live", params=query, headers=headers, stream=True, timeout=10)
        self.lines = self.answer.iter_lines(chunk_size=1, decode_unicode=True)

    def event(self) -> dict[str, str]:
        """Read to the end of the next event; a comment is none."""
        found: dict[str, str] = {}
        for line in self.lines:
            name, _, value = line.partition(": ")
            if name:
                found[name] = value
            elif found:
                return found
        return found

    def change(self) -> Any:
        return json.loads(self.event()["data"])

    def close(self) -> None:
        self.answer.close()


def reading(page: Page, since: Any, **headers: str) -> Any:
    return closing(Reader(page, since, **headers))


# --------------------------------------------------------------------------- state and stream


def test_the_state_is_that_of_every_stand_in_with_what_they_cannot_know(page: Page, fake: Fake) -> None:
    fake.number = 7
    found = state(page)
    assert found["about"] == {"app": "here"}
    assert found["sources"]["slack"] == {"number": 7, "journal": fake.journal.mark()}
    assert (found["at"], found["flow"]) == (0, [])


def test_a_change_at_a_stand_in_comes_down_the_stream(page: Page, fake: Fake) -> None:
    with reading(page, state(page)) as reader:
        fake.change(5)
        event = reader.event()
    change = json.loads(event["data"])
    (original,) = fake.journal.since(0)["changes"]
    assert event["id"] == "1"
    assert change == {"n": 1, "at": original["at"], "source": "slack", "kind": "number", "number": 5}


def test_nothing_falls_between_the_state_and_the_stream(page: Page, fake: Fake) -> None:
    with reading(page, state(page)) as first:
        fake.change(1)
        first.event()
    before = state(page)
    for number in (2, 3):
        fake.change(number)
    with reading(page, before) as reader:
        assert [reader.change()["number"] for _ in range(2)] == [2, 3]


def test_a_reader_who_lost_the_line_goes_on_where_it_was(page: Page, fake: Fake) -> None:
    before = state(page)
    with reading(page, before) as reader:
        for number in (1, 2, 3):
            fake.change(number)
        assert [reader.change()["number"] for _ in range(3)] == [1, 2, 3]
    with reading(page, before, **{"Last-Event-ID": "2"}) as reader:
        assert reader.change()["number"] == 3


@pytest.mark.parametrize("since", [{"boot": "another", "at": 0}, {"boot": "", "at": 99}])
def test_a_reader_of_another_time_is_told_to_begin_anew(page: Page, since: Any) -> None:
    with reading(page, since) as reader:
        assert reader.event()["event"] == "stale"
        assert reader.event() == {}


def test_a_stand_in_that_is_reset_makes_every_reader_begin_anew(page: Page, fake: Fake) -> None:
    before = state(page)
    with reading(page, before) as one, reading(page, before) as other:
        fake.journal.reset()
        assert [reader.event()["event"] for reader in (one, other)] == ["stale", "stale"]
    with reading(page, state(page)) as reader:
        fake.change(8)
        assert reader.change()["number"] == 8


def test_a_stand_in_may_go_away_and_come_back_as_another(page: Page, fake: Fake) -> None:
    before = state(page)
    with reading(page, before) as reader:
        fake.close()
        assert state(page)["sources"] == {"slack": None}
        with closing(Fake(fake.server.port)) as again:
            assert reader.event()["event"] == "stale"
            now = state(page)
            assert now["sources"]["slack"]["journal"] == again.journal.mark()
            with reading(page, now) as reader_now:
                again.change(4)
                assert reader_now.change()["number"] == 4


def test_a_stand_in_that_could_not_say_its_state_once_is_asked_again(page: Page, fake: Fake) -> None:
    fake.mute = True
    before = state(page)
    assert before["sources"] == {"slack": None}
    fake.mute = False
    with reading(page, before) as reader:
        fake.change(4)
        assert reader.change()["number"] == 4
        assert reader.event()["event"] == "stale"
        assert state(page)["sources"]["slack"]["number"] == 4


def test_a_stand_in_that_starts_late_is_met_when_it_is_there(fake: Fake) -> None:
    port = fake.server.port
    fake.close()
    with closing(Page(0, {"slack": fake.server.url})) as page:
        before = state(page)
        assert before["sources"] == {"slack": None}
        with reading(page, before) as reader, closing(Fake(port)):
            assert reader.event()["event"] == "stale"
            assert state(page)["sources"]["slack"]["number"] == 0


def test_the_flow_comes_with_everything_else_and_its_last_steps_with_the_state(page: Page, flow: Journal) -> None:
    with reading(page, state(page)) as reader:
        flow.add("clock", name="sweep", ms=3)
        change = reader.change()
    assert (change["source"], change["kind"], change["name"], change["ms"]) == ("flow", "clock", "sweep", 3)
    found = state(page)
    assert (found["flow"], found["at"]) == ([change], change["n"])


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "\u0661", "9" * 5000])
def test_a_stream_begins_at_a_number_and_nowhere_else(page: Page, after: str) -> None:
    got = requests.get(f"{page.url}/live", params={"after": after}, timeout=10)
    assert (got.status_code, got.json()["error"]) == (400, "after is the number of the last change seen")


def test_what_happens_while_the_state_is_taken_comes_by_the_stream(page: Page, fake: Fake) -> None:
    with reading(page, state(page)) as other:

        def happen() -> None:
            fake.change(6)
            assert other.change()["number"] == 6  # so the page has heard of it before the state is whole

        fake.meanwhile = happen
        found = state(page)
    assert (found["sources"]["slack"]["number"], found["at"]) == (0, 0)
    with reading(page, found) as reader:
        assert reader.change()["number"] == 6


def test_a_quiet_stream_says_that_it_is_still_there(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BEAT", 0.01)
    with reading(page, state(page)) as reader:
        lines = [next(reader.lines) for _ in range(5)]
    assert lines == [": welcome", "", ": still here", "", ": still here"]


def test_the_state_has_so_many_steps_and_no_more(
    fake: Fake, flow: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STEPS_KEPT", 3)
    with closing(Page(0, {"slack": fake.server.url}, flow)) as page, reading(page, state(page)) as reader:
        for number in range(5):
            flow.add("clock", name=str(number))
        for _ in range(5):
            reader.change()
        assert [step["name"] for step in state(page)["flow"]] == ["2", "3", "4"]


def test_all_stand_ins_are_met_at_once() -> None:
    both = threading.Barrier(2, timeout=5)

    def slow(call: Call) -> Answer:
        if call.query["boot"] == "":
            both.wait()  # nobody is answered before both have been asked
        return answer_json(Journal().since(0) | {"boot": "b"})

    one, other = Server(slow), Server(slow)
    with closing(one), closing(other), closing(Page(0, {"one": one.url, "other": other.url})) as page:
        assert [watch._boot for watch in page._watches] == ["b", "b"]


def test_a_taken_port_leaves_nobody_watching(fake: Fake) -> None:
    with closing(Page(0, {})) as page, pytest.raises(PortBusy):
        Page(page.port, {"busy": fake.server.url})
    assert "page-busy" not in {thread.name for thread in threading.enumerate()}


def test_a_page_may_be_closed_under_its_readers(fake: Fake) -> None:
    page = Page(0, {"slack": fake.server.url})
    with reading(page, state(page)) as reader:
        page.close()
        assert reader.event() == {}


# --------------------------------------------------------------------------- the emoji


def test_the_emoji_are_fetched_once_and_kept(page: Page) -> None:
    got = requests.get(f"{page.url}/emoji", timeout=10)
    assert (got.json(), got.headers["Cache-Control"]) == ({"wave": "👋"}, "no-cache")
    again = requests.get(f"{page.url}/emoji", headers={"If-None-Match": got.headers["ETag"]}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")


def test_the_state_leaves_the_emoji_out(page: Page) -> None:
    assert sorted(state(page)) == ["about", "at", "boot", "flow", "sources"]


def test_without_slack_there_are_no_emoji(page: Page, fake: Fake) -> None:
    fake.close()
    got = requests.get(f"{page.url}/emoji", timeout=10)
    assert (got.status_code, got.json()["error"]) == (502, "slack does not answer")
    with closing(Page(0, {})) as bare:
        assert requests.get(f"{bare.url}/emoji", timeout=10).json() == {}


# --------------------------------------------------------------------------- strings and media


def test_a_pulled_string_reaches_the_stand_in_and_its_answer_comes_back(page: Page, fake: Fake) -> None:
    got = requests.post(f"{page.url}/pull/slack/change", json={"to": 1}, timeout=10)
    assert (got.status_code, got.json()) == (200, {"pulled": "change"})
    got = requests.post(f"{page.url}/pull/slack/break", json={}, timeout=10)
    assert (got.status_code, got.json()) == (409, {"pulled": "break"})
    assert fake.pulled == [("change", "application/json", {"to": 1}), ("break", "application/json", {})]


def test_what_is_only_read_is_no_string(page: Page) -> None:
    got = requests.post(f"{page.url}/pull/slack/state", json={"timeout": 1}, timeout=10)
    assert (got.status_code, got.json()) == (405, {"error": "wrong method"})


def test_a_pulled_string_gets_what_was_sent_and_not_what_was_read_of_it(page: Page, fake: Fake) -> None:
    body = b'{"boot": "\\ud800"}'
    got = requests.post(f"{page.url}/pull/slack/change", data=body, headers=JSON, timeout=10)
    assert (got.status_code, fake.pulled[0][2]) == (200, {"boot": "\ud800"})


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("pull/nobody/state", "{}", 404),
        ("pull/slack/a%2Fb", "{}", 404),
        ("pull/slack/a/b", "{}", 404),
        ("pull/slack/change", "[]", 400),
        ("pull/slack/change", "{", 400),
        pytest.param("pull/slack/change", "[" * 200_000, 400, id="deep"),
        ("pull/slack", "{}", 405),
        ("state", "{}", 405),
    ],
)
def test_a_string_that_is_not_there_is_not_pulled(
    page: Page, fake: Fake, path: str, body: str, status: int
) -> None:
    got = requests.post(f"{page.url}/{path}", data=body, headers=JSON, timeout=10)
    assert (got.status_code, got.json()["ok"], fake.pulled) == (status, False, [])


def test_a_string_of_a_stand_in_that_is_away_says_so(page: Page, fake: Fake) -> None:
    fake.close()
    got = requests.post(f"{page.url}/pull/slack/change", json={}, timeout=10)
    assert (got.status_code, got.json()) == (502, {"ok": False, "error": "slack does not answer"})


def test_a_picture_is_handed_through_and_can_do_nothing(page: Page) -> None:
    got = requests.get(f"{page.url}/media/slack/control/media/a/picture.png", timeout=10)
    assert (got.content, got.headers["Content-Type"]) == (PICTURE, "image/png")
    assert got.headers["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.parametrize(
    ("wanted", "status", "part", "said"),
    [
        ("bytes=0-", 206, PICTURE, f"bytes 0-{len(PICTURE) - 1}/{len(PICTURE)}"),
        ("bytes=2-3", 206, PICTURE[2:4], f"bytes 2-3/{len(PICTURE)}"),
        ("bytes=2-999999", 206, PICTURE[2:], f"bytes 2-{len(PICTURE) - 1}/{len(PICTURE)}"),
        ("bytes=999999-", 416, b"", f"bytes */{len(PICTURE)}"),
        ("bytes=-2", 200, PICTURE, None),
        ("bytes=0-1,3-4", 200, PICTURE, None),
        ("lines=1-2", 200, PICTURE, None),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    page: Page, wanted: str, status: int, part: bytes, said: str | None
) -> None:
    url = f"{page.url}/media/slack/control/media/a/picture.png"
    got = requests.get(url, headers={"Range": wanted}, timeout=10)
    assert (got.status_code, got.content, got.headers.get("Content-Range")) == (status, part, said)
    assert got.headers["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.parametrize("name", ["page.html", "drawing.svg"])
def test_what_could_do_something_is_saved_and_not_opened(page: Page, name: str) -> None:
    got = requests.get(f"{page.url}/media/slack/control/media/{name}", timeout=10)
    assert got.status_code == 200
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Disposition"] == "attachment"


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("control/media/locked.png", 404, "not found"),
        ("control/media/elsewhere.png", 404, "not found"),
        ("control/media/huge.png", 413, "this is larger than 67108864 bytes"),
        ("control/media/caf\xe9.png", 404, "not found"),
        ("control/state", 404, "not found"),
        ("/control/state", 404, "not found"),
        ("media/picture.png", 404, "not found"),
        ("file/bot123456:token/photo.jpg", 404, "not found"),
    ],
)
def test_what_is_no_file_for_everybody_is_not_handed_through(page: Page, path: str, status: int, why: str) -> None:
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as line:
        asked = f"GET /media/slack/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        line.sendall(asked.encode("latin-1"))
        head, _, body = line.makefile("rb").read().partition(b"\r\n\r\n")
    assert (int(head.split()[1]), json.loads(body)["error"]) == (status, why)


# --------------------------------------------------------------------------- files and guards


def test_every_file_of_the_site_is_served_with_its_type(page: Page) -> None:
    names = [file.relative_to(files.SITE).as_posix() for file in files.SITE.rglob("*.*")]
    assert len(names) > 20
    for name in names:
        got = requests.get(f"{page.url}/{name}", timeout=10)
        assert got.content == (files.SITE / name).read_bytes()
        assert got.headers["Content-Type"] == files.TYPES[f".{name.rpartition('.')[2]}"]
    assert requests.get(page.url, timeout=10).content == (files.SITE / "index.html").read_bytes()


def test_a_file_the_browser_has_is_not_sent_again(page: Page) -> None:
    tag = requests.get(page.url, timeout=10).headers["ETag"]
    again = requests.get(page.url, headers={"If-None-Match": tag}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        *("nothing.js", "ground", "ground/", "../site/index.html", "%2e%2e/site/index.html", "site/index.html"),
        *("ground/../index.html", "./index.html", "/index.html", "/etc/passwd", f"{files.SITE}/index.html"),
    ],
)
def test_nothing_but_the_site_is_served(path: str) -> None:
    # Not over HTTP, where a client may tidy the path up before it goes out.
    assert files.serve(Call("GET", f"/{path}")).status == 404


def test_a_browser_is_told_to_run_nothing_from_elsewhere(page: Page) -> None:
    for path in ("", "state", "nothing"):
        head = requests.get(f"{page.url}/{path}", timeout=10).headers
        assert "script-src 'self';" in head["Content-Security-Policy"]
        assert "unsafe" not in head["Content-Security-Policy"]
        assert (head["X-Content-Type-Options"], head["Referrer-Policy"]) == ("nosniff", "no-referrer")


def test_what_is_hidden_or_of_no_known_kind_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SITE", tmp_path)
    names = ("shown.js", ".hidden.js", "notes.md", "plain")
    for name in names:
        (tmp_path / name).touch()
    assert [files.serve(Call("GET", f"/{name}")).status for name in names] == [200, 404, 404, 404]


def test_a_file_is_found_without_a_look_at_all_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(*_: Any) -> None:
        raise AssertionError("somebody walked")

    for name in ("rglob", "glob", "iterdir"):
        monkeypatch.setattr(Path, name, walk)
    assert files.serve(Call("GET", "/main.js")).status == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:80", "192.168.1.5", ""])
def test_a_name_that_was_bent_to_this_machine_gets_nothing(page: Page, host: str) -> None:
    with socket.create_connection(("127.0.0.1", page.port), timeout=5) as line:
        line.sendall(f"GET /state HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert line.recv(65536).split()[1] == b"403"


def test_both_names_of_this_machine_are_good_and_every_port_as_behind_ssh(page: Page) -> None:
    for host in (f"127.0.0.1:{page.port}", f"localhost:{page.port}", "localhost:1", "127.0.0.1"):
        got = requests.get(f"{page.url}/state", headers={"Host": host}, timeout=10)
        assert got.status_code == 200


def test_another_site_may_not_even_ask(page: Page) -> None:
    got = requests.get(f"{page.url}/state", headers={"Origin": "https://evil.example"}, timeout=10)
    assert (got.status_code, got.json()["ok"]) == (403, False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**JSON, "Origin": "https://evil.example"}, 403),
        ({**JSON, "Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({}, 415),
    ],
)
def test_another_site_cannot_pull_a_string(page: Page, fake: Fake, headers: dict[str, str], status: int) -> None:
    got = requests.post(f"{page.url}/pull/slack/change", data=b"{}", headers=headers, timeout=10)
    assert (got.status_code, fake.pulled) == (status, [])


def test_the_page_itself_can(page: Page, fake: Fake) -> None:
    own = {**JSON, "Origin": f"http://localhost:{page.port}"}
    assert requests.post(f"{page.url}/pull/slack/change", data=b"{}", headers=own, timeout=10).ok
    assert len(fake.pulled) == 1


# --------------------------------------------------------------------------- customers' pictures

TOKEN = "A" * 22


@pytest.fixture
def leads() -> dict[str, Answer]:
    """The app, and the bucket that it leads to: what each address answers."""
    return {}


@pytest.fixture
def faces(leads: dict[str, Answer]) -> Iterator[Page]:
    with closing(Server(lambda call: leads.get(call.path, Answer(404)))) as app:
        leads[f"/files/{TOKEN}"] = Answer(302, headers={"Location": f"{app.url}/bucket/face?X-Amz-Signature=1"})
        with closing(Page(0, {}, None, {"app": app.url})) as page:
            yield page


def test_a_customers_picture_is_shown_where_the_app_leads_to_it(faces: Page, leads: dict[str, Answer]) -> None:
    leads["/bucket/face"] = Answer(200, PICTURE, {"Content-Type": "image/png"})
    got = requests.get(f"{faces.url}/media/app/files/{TOKEN}", timeout=10)
    assert (got.status_code, got.content, got.headers["Content-Type"]) == (200, PICTURE, "image/png")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "behind",
    [
        Answer(404),
        Answer(200, b"<script>", {"Content-Type": "text/html"}),
        Answer(200, b"<svg/>", {"Content-Type": "image/svg+xml"}),
        Answer(200, b"x" * (media.LARGEST_FACE + 1), {"Content-Type": "image/png"}),
    ],
    ids=["nothing", "a page", "a drawing", "far too much"],
)
def test_what_is_no_small_picture_is_not_shown(faces: Page, leads: dict[str, Answer], behind: Answer) -> None:
    leads["/bucket/face"] = behind
    assert requests.get(f"{faces.url}/media/app/files/{TOKEN}", timeout=10).status_code == 404


@pytest.mark.parametrize("path", ["health", "files/x", f"files/{TOKEN}/x", f"webhooks/{TOKEN}"])
def test_no_other_door_of_the_app_is_asked_for_pictures(faces: Page, leads: dict[str, Answer], path: str) -> None:
    leads[f"/{path}"] = leads[f"/files/{TOKEN}"]
    leads["/bucket/face"] = Answer(200, PICTURE, {"Content-Type": "image/png"})
    assert requests.get(f"{faces.url}/media/app/{path}", timeout=10).status_code == 404


def test_a_picture_is_fetched_from_this_machine_only(faces: Page, leads: dict[str, Answer]) -> None:
    leads[f"/files/{TOKEN}"] = Answer(302, headers={"Location": "http://pics.example/a.png"})
    assert requests.get(f"{faces.url}/media/app/files/{TOKEN}", timeout=10).status_code == 404
