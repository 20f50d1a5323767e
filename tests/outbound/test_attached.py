"""Files in a thread reply: they reach the customer as their medium takes them, or the thread says why not."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from chalicelib import services
from chalicelib.channels.telegram.files import Form
from chalicelib.missed.watch import EVERY
from chalicelib.model import Carriage, Item, Kind, Part, Reason, Side, State
from chalicelib.queues import Bell
from chalicelib.store import Replace
from chalicelib.web import Reply, call
from infra.local.slack.team import BOB, SUPPORT
from tests.house import House

ANA, BRIT, WA, TG = "+15551230001", "+447700900001", "5511987654321", "512345678"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

PICTURE = {"name": "a.png", "data": PNG, "mimetype": "image/png"}
INVOICE = {"name": "invoice.pdf", "data": PDF, "mimetype": "application/pdf"}


@dataclass
class Got:
    """What a provider was given for a customer: the words, and each file as it would come for it."""

    words: str
    kind: str = ""
    data: bytes = b""


@dataclass
class Providers:
    """Looks over the providers' shoulders; `url` is the last address that one was told."""

    got: list[Got] = field(default_factory=list)
    url: str = ""

    def call(self, method: str, url: str, **about: Any) -> Reply:
        reply = call(method, url, **about)
        if reply.status < 300:
            self.got += self._given(url, about)
        return reply

    def _given(self, url: str, about: Mapping[str, Any]) -> Iterator[Got]:
        sent, form = about.get("json"), about.get("data")
        if isinstance(form, Form):
            body = b"".join(form)
            _, _, data = body.rpartition(b"Content-Type: ")[2].partition(b"\r\n\r\n")
            words = body.partition(b'name="caption"\r\n\r\n')[2].partition(b"\r\n--")[0].decode()
            yield Got(words, url.rpartition("/send")[2].lower(), data[: data.rfind(b"\r\n--")])
        elif isinstance(form, Mapping) and "To" in form:
            yield self._fetched(form.get("Body", ""), "media", (form.get("MediaUrl") or [""])[0])
        elif isinstance(sent, Mapping) and sent.get("messaging_product"):
            content = sent[sent["type"]]
            yield self._fetched(
                content.get("caption", content.get("body", "")), sent["type"], content.get("link", "")
            )
        elif isinstance(sent, Mapping) and "sendMessage" in url:
            yield Got(sent["text"])

    def _fetched(self, words: str, kind: str, url: str) -> Got:
        if not url:
            return Got(words)
        self.url = url
        with urlopen(url) as file:  # noqa: S310 - our own bucket
            return Got(words, kind, file.read())


@pytest.fixture
def got(house: House) -> Providers:
    """What the providers are given from now on."""
    providers = Providers()
    house.world = services._made["world"] = replace(house.world, call=providers.call)
    return providers


CUSTOMERS: dict[str, Callable[[House], Any]] = {
    "sms": lambda house: house.twilio.write(ANA, "Hi"),
    "brit": lambda house: house.twilio.write(BRIT, "Hi"),
    "twilio": lambda house: house.twilio.write(ANA, "Hi", medium="whatsapp", name="Ana"),
    "whatsapp": lambda house: house.whatsapp.write(WA, "Hi", name="Ana"),
    "telegram": lambda house: house.telegram.write(TG, "Hi", first_name="Ana"),
}


def begin(house: House, customer: str) -> None:
    CUSTOMERS[customer](house)
    house.run()


def say(house: House, text: str, *files: Mapping[str, Any]) -> str:
    ts = house.say(text, files=[dict(file) for file in files])
    house.run()
    return ts


def reply_of(house: House) -> Item:
    return next(item for item in reversed(house.items()) if item.kind is Kind.REPLY)


def verdicts(house: House) -> list[dict[str, Any]]:
    return [post for post in house.thread() if post["text"].startswith(("⚠️", ":warning:"))]


def shown(post: Mapping[str, Any]) -> str:
    """All the words of a post of ours."""
    sections = [element for block in post["blocks"] for element in block.get("elements", ())]
    return "".join(each.get("text", "") for section in sections for each in section.get("elements", ()))


def buttons(post: Mapping[str, Any]) -> list[str]:
    rows = [block["elements"] for block in post["blocks"] if block["type"] == "actions"]
    return [button["action_id"] for row in rows for button in row]


# --------------------------------------------------------------------------- as each medium takes them


@pytest.mark.parametrize(
    ("customer", "picture", "paper"),
    [
        ("sms", "media", "media"),
        ("twilio", "media", "media"),
        ("whatsapp", "image", "document"),
        ("telegram", "photo", "document"),
    ],
)
def test_files_reach_the_customer_in_order_and_the_words_stand_with_the_first(
    house: House, got: Providers, customer: str, picture: str, paper: str
) -> None:
    begin(house, customer)
    say(house, "Here *you* are", PICTURE, INVOICE)
    words = {"sms": "Here you are", "telegram": "Here <b>you</b> are"}.get(customer, "Here *you* are")
    assert got.got == [Got(words, picture, PNG), Got("", paper, PDF)]
    assert reply_of(house).state in (State.SENT, State.DELIVERED)
    assert verdicts(house) == []


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_reply_may_have_no_words(house: House, got: Providers, customer: str) -> None:
    begin(house, customer)
    say(house, "", PICTURE)
    assert len(got.got) == 1
    assert got.got[0].data == (b"" if customer == "brit" else PNG)


def test_words_that_are_too_long_for_a_caption_go_first(house: House, got: Providers) -> None:
    begin(house, "telegram")
    long = "word " * 800
    say(house, long, PICTURE)
    assert got.got == [Got(long.strip()), Got("", "photo", PNG)]


def test_words_do_not_stand_with_what_takes_none(house: House, got: Providers) -> None:
    begin(house, "twilio")
    say(house, "The invoice", INVOICE)
    assert got.got == [Got("The invoice"), Got("", "media", PDF)]


def test_ten_files_go_out_as_ten(house: House, got: Providers) -> None:
    begin(house, "telegram")
    say(house, "All of them", *({**PICTURE, "name": f"{number}.png"} for number in range(10)))
    house.later(1)
    assert [(each.words, each.kind) for each in got.got] == [("All of them", "photo"), *[("", "photo")] * 9]


def test_a_file_is_what_its_bytes_are(house: House, got: Providers) -> None:
    begin(house, "whatsapp")
    say(house, "", {"name": "scan.pdf", "data": PNG, "mimetype": "application/pdf"})
    assert got.got == [Got("", "image", PNG)]


PHONES: dict[str, Callable[[House], list[dict[str, Any]]]] = {
    "sms": lambda house: house.twilio.phone(ANA),
    "twilio": lambda house: house.twilio.phone(ANA),
    "whatsapp": lambda house: house.whatsapp.phone(WA),
    "telegram": lambda house: house.telegram.phone(TG),
}


@pytest.mark.parametrize("customer", PHONES)
def test_a_phone_shows_what_was_sent(house: House, customer: str) -> None:
    begin(house, customer)
    say(house, "Look", PICTURE, INVOICE)
    shown = [file for each in PHONES[customer](house) for file in each.get("media", ())]
    assert [(file["kind"], file["size"]) for file in shown] == [
        ("image/png", len(PNG)),
        ("application/pdf", len(PDF)),
    ]


def test_a_note_carries_no_file(house: House, got: Providers) -> None:
    begin(house, "telegram")
    say(house, "// for us only", INVOICE)
    [note] = [item for item in house.items() if item.kind is Kind.NOTE]
    assert (got.got, note.attachments) == ([], ())


# --------------------------------------------------------------------------- what a medium does not take


def test_where_a_medium_takes_no_file_the_words_say_where_it_is(house: House, got: Providers) -> None:
    begin(house, "brit")
    say(house, "Your invoice", INVOICE)
    [sent] = got.got
    words, _, link = sent.words.partition("\ninvoice.pdf: ")
    assert (words, link.startswith(f"{house.gateway.url}/files/")) == ("Your invoice", True)
    with urlopen(link) as file:  # noqa: S310 - our own door
        assert (file.read(), file.headers["Content-Disposition"][:10]) == (PDF, "attachment")


def test_a_link_is_over_once_its_reply_is_deleted(house: House, got: Providers) -> None:
    begin(house, "brit")
    other = say(house, "", INVOICE)
    link = got.got[0].words.partition(": ")[2]
    repeats = say(house, f"Once more: {link}", PICTURE)
    house.slack.delete(SUPPORT, repeats)
    house.run()
    with urlopen(link) as file:  # noqa: S310 - our own door
        assert file.read() == PDF
    house.slack.delete(SUPPORT, other)
    house.run()
    for each in (link, got.got[1].words.rpartition(": ")[2]):
        with pytest.raises(HTTPError, match="404"):
            urlopen(each)  # noqa: S310 - our own door


def test_what_is_too_big_for_a_medium_goes_as_a_link_beside_what_is_not(house: House, got: Providers) -> None:
    begin(house, "twilio")
    say(house, "Both", PICTURE, {"name": "film.bin", "data": b"\x01\x02" * 9, "mimetype": "application/x-odd"})
    [first] = got.got
    assert first.words.startswith(f"Both\nfilm.bin: {house.gateway.url}/files/")
    assert first.data == PNG


def test_the_words_around_a_link_can_be_the_teams_own(house: House, got: Providers) -> None:
    house.settings_text += "\n[texts]\nlink = 'Hier ist {file}: {link}'\n"
    begin(house, "brit")
    say(house, "", INVOICE)
    assert got.got[0].words.startswith(f"Hier ist invoice.pdf: {house.gateway.url}/files/")


# --------------------------------------------------------------------------- what cannot go


SPOILT = {
    "tombstone": "the file is not there any more",
    "hidden_by_limit": "the file is not there any more",
    "access_denied": "whoever has the file would not hand it out",
    "external": "whoever has the file would not hand it out",
    "sign_in": "whoever has the file would not hand it out",
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.each_once
@pytest.mark.parametrize("tells", ["all", "ids"])
def test_what_slack_does_not_give_is_named_with_the_reason_and_the_rest_goes(
    house: House, got: Providers, how: str, tells: str
) -> None:
    begin(house, "telegram")
    house.slack.files.file_stubs(on=tells == "ids")
    say(house, "Three", PICTURE, {**INVOICE, "spoilt": how}, INVOICE)
    assert got.got == [Got("Three", "photo", PNG), Got("", "document", PDF)]
    [verdict] = verdicts(house)
    assert SPOILT[how] in shown(verdict)
    assert reply_of(house).state is State.FAILED


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ({"name": "empty.pdf", "data": b"", "mimetype": "application/pdf"}, "the file is empty."),
        ({"name": "huge.bin", "size": 200 << 20}, "the file is too big."),
        ({**INVOICE, "name": "Plan", "mode": "canvas"}, "files of this kind cannot be sent there."),
    ],
)
def test_what_cannot_be_sent_at_all_is_said_in_the_thread(
    house: House, got: Providers, file: Mapping[str, Any], why: str
) -> None:
    begin(house, "telegram")
    say(house, "Look", file)
    assert got.got == [Got("Look")]
    [verdict] = verdicts(house)
    assert (why in shown(verdict), f"“{file['name']}”" in shown(verdict)) == (True, True)
    assert buttons(verdict) == []


@pytest.mark.parametrize("mime", ["text/plain", "text/html"])
def test_a_page_that_a_colleague_wrote_is_no_page_to_sign_in_on(house: House, got: Providers, mime: str) -> None:
    begin(house, "telegram")
    page = b"<!DOCTYPE html><p>Our letter</p>"
    say(house, "", {"name": "letter.html", "data": page, "mimetype": mime})
    assert got.got == [Got("", "document", page)]
    assert verdicts(house) == []


def test_words_go_though_the_provider_refuses_their_file(house: House, got: Providers) -> None:
    begin(house, "telegram")
    house.telegram.fail({"status": 400, "description": "Bad Request: out of sorts"})
    say(house, "At *five*", PICTURE, INVOICE)
    assert got.got == [Got("", "document", PDF), Got("At <b>five</b>")]
    [verdict] = verdicts(house)
    assert house.slack.press(BOB, SUPPORT, verdict["ts"], "send_again") == 200
    house.run()
    assert got.got[2:] == [Got("", "photo", PNG)], "and they go once"


@pytest.mark.parametrize(("edit", "read"), [("At six", ["At six"]), ("", [])])
def test_words_that_went_without_their_file_can_be_changed(house: House, edit: str, read: list[str]) -> None:
    begin(house, "telegram")
    house.telegram.fail({"status": 400, "description": "Bad Request: file is too big"})
    ts = say(house, "At five", PICTURE)
    house.slack.edit(SUPPORT, ts, edit)
    house.run()
    there = [each["text"] for each in house.telegram.phone(TG) if each["state"] != "deleted"]
    assert there == ["Hi", *read]


def test_each_file_that_stays_is_named(house: House, got: Providers) -> None:
    begin(house, "telegram")
    say(house, "", {**PICTURE, "data": b""}, {**INVOICE, "spoilt": "sign_in"})
    assert got.got == []
    [verdict] = verdicts(house)
    assert "the file is empty." in shown(verdict)
    assert "“invoice.pdf”: whoever has the file would not hand it out." in shown(verdict)
    assert buttons(verdict) == ["send_again"]


def test_a_document_of_a_drive_is_its_link_if_that_was_said(house: House, got: Providers) -> None:
    begin(house, "telegram")
    say(house, "See https://docs.google.com/document/d/threadline", {"name": "Plan", "spoilt": "external"})
    assert got.got == [Got("See https://docs.google.com/document/d/threadline")]
    assert verdicts(house) == []


def test_send_again_fetches_what_did_not_come(house: House, got: Providers) -> None:
    begin(house, "telegram")
    house.slack.fail("files.info", {"error": "access_denied"})
    say(house, "Look", INVOICE)
    [verdict] = verdicts(house)
    assert house.slack.press(BOB, SUPPORT, verdict["ts"], "send_again") == 200
    house.run()
    assert got.got == [Got("Look"), Got("", "document", PDF)]
    assert reply_of(house).state is State.SENT


def test_send_again_fetches_what_the_bucket_has_forgotten(house: House, got: Providers) -> None:
    begin(house, "telegram")
    house.telegram.fail({"status": 400, "description": "Bad Request: out of sorts"})
    say(house, "Look", INVOICE)
    [verdict] = verdicts(house)
    house.later(14 * 24 * 3600)
    house.bucket.delete(reply_of(house).attachments[0].key)
    assert house.slack.press(BOB, SUPPORT, verdict["ts"], "send_again") == 200
    house.run()
    assert got.got == [Got("Look"), Got("", "document", PDF)]
    assert reply_of(house).state is State.SENT


# --------------------------------------------------------------------------- while it is on its way


def test_nothing_goes_before_its_file_is_here_and_after_two_minutes_the_rest_does(
    house: House, got: Providers
) -> None:
    begin(house, "telegram")
    house.slack.fail("download", {"status": 503}, 99)
    say(house, "Look", INVOICE)
    assert (got.got, reply_of(house).state) == ([], State.RECORDED)
    house.later(61)
    assert got.got == []
    house.later(61)
    assert got.got == [Got("Look")]
    assert "the file could not be fetched in time." in shown(verdicts(house)[0])
    assert buttons(verdicts(house)[0]) == ["send_again"]


def hold_files(house: House) -> list[tuple[Side, Bell]]:
    """Answer every bell but those for files."""
    held = [each for each in house.bells.rung if each[0] is Side.MEDIA]
    for each in held:
        house.bells.rung.remove(each)
    return held


def test_a_reply_that_is_deleted_before_its_file_came_goes_nowhere(house: House, got: Providers) -> None:
    begin(house, "telegram")
    ts = house.say("Look", files=[dict(INVOICE)])
    house.quiet()
    held = hold_files(house)
    house.slack.delete(SUPPORT, ts)
    house.run()
    house.bells.rung.extend(held)
    house.run()
    assert (got.got, reply_of(house).state) == ([], State.WITHDRAWN)


def test_a_reply_that_is_edited_before_its_file_came_goes_as_it_is_then(house: House, got: Providers) -> None:
    begin(house, "telegram")
    ts = house.say("Lok", files=[dict(INVOICE)])
    house.quiet()
    held = hold_files(house)
    house.slack.edit(SUPPORT, ts, "Look")
    house.quiet()
    house.bells.rung.extend(held)
    house.run()
    assert got.got == [Got("Look", "document", PDF)]


def test_a_file_that_is_taken_out_in_time_does_not_go(house: House, got: Providers) -> None:
    begin(house, "telegram")
    ts = house.say("Look", files=[dict(INVOICE), dict(PICTURE)])
    house.quiet()
    file = next(m for m in house.thread() if m["ts"] == ts)["files"][0]["id"]
    house.slack.files.delete_file(file)
    house.run()
    assert got.got == [Got("Look", "photo", PNG)]
    assert verdicts(house) == []


def test_what_is_said_after_it_waits_for_the_file(house: House, got: Providers) -> None:
    begin(house, "telegram")
    house.say("First", files=[dict(INVOICE)])
    house.say("Second")
    house.run()
    assert got.got == [Got("First", "document", PDF), Got("Second")]


def test_a_reply_whose_thread_was_not_known_yet_brings_its_files(house: House, got: Providers) -> None:
    house.slack.fail("chat.postMessage", {"drop": "after"})
    house.slack.drop_events(1)
    CUSTOMERS["telegram"](house)
    house.run()
    say(house, "Look", INVOICE, {**PICTURE, "spoilt": "tombstone"})
    house.later(61)
    house.later(61)
    assert got.got == [Got("Look", "document", PDF)]
    assert [file.why for file in reply_of(house).attachments] == [None, Reason.FILE_GONE]


def test_a_reply_that_no_event_told_of_brings_its_files(house: House, got: Providers) -> None:
    house.later(0)
    begin(house, "telegram")
    house.slack.drop_events(99)
    house.say("Look", files=[dict(INVOICE)])
    house.slack.drop_events(0)
    for _ in range(4):
        house.later(EVERY / 1000 + 1)
    assert got.got == [Got("Look", "document", PDF)]


def test_a_reply_that_is_held_back_fetches_nothing_until_somebody_sends_it(house: House, got: Providers) -> None:
    begin(house, "telegram")
    house.say("Look", files=[dict(INVOICE)])
    house.quiet()
    house.bells.rung.clear()
    held = replace(reply_of(house), state=State.FAILED, parts=(Part("", State.FAILED, reason=Reason.UNHEARD),))
    house.world.store.write(Replace(held))
    house.later(200)
    assert (got.got, reply_of(house).attachments[0].carriage) == ([], Carriage.WAITING)
    assert house.slack.press(BOB, SUPPORT, verdicts(house)[0]["ts"], "send_again") == 200
    house.run()
    assert got.got == [Got("Look", "document", PDF)]


# --------------------------------------------------------------------------- lost answers


def test_a_lost_answer_about_a_file_is_looked_up_and_nothing_goes_twice(house: House) -> None:
    begin(house, "sms")
    house.twilio.receipts(auto=False)
    house.twilio.fail({"drop": "after"}, on="POST")
    say(house, "Look", PICTURE)
    house.later(61)
    to_ana = [each for each in house.twilio.phone(ANA) if each["direction"] == "to_customer"]
    assert (len(to_ana), reply_of(house).state) == (1, State.SENT)


def test_where_nobody_can_be_asked_about_a_file_a_person_decides(house: House) -> None:
    begin(house, "telegram")
    house.telegram.fail({"drop": "after"})
    say(house, "Look", PICTURE)
    house.later(61)
    assert buttons(verdicts(house)[0]) == ["send_again", "it_arrived"]


def test_a_provider_that_refuses_one_file_gets_the_others(house: House, got: Providers) -> None:
    begin(house, "telegram")
    house.telegram.fail({"status": 400, "description": "Bad Request: file is too big"})
    say(house, "", INVOICE, PICTURE)
    assert got.got == [Got("", "photo", PNG)]
    assert [part.reason for part in reply_of(house).parts] == [Reason.FILE_TOO_BIG, None]


def test_what_a_provider_says_of_an_address_does_not_stand_in_the_thread(house: House) -> None:
    begin(house, "telegram")
    said = "Bad Request: nothing at https://bucket.example/files/a?X-Amz-Signature=5ecret"
    house.telegram.fail({"status": 400, "description": said})
    say(house, "", PICTURE)
    assert "5ecret" not in repr(reply_of(house)) + repr(house.thread())


# --------------------------------------------------------------------------- keeping them


def test_a_file_is_kept_under_a_name_that_no_other_of_the_reply_has(house: House) -> None:
    begin(house, "telegram")
    say(house, "", PICTURE, INVOICE)
    item = reply_of(house)
    assert [file.carriage for file in item.attachments] == [Carriage.KEPT] * 2
    assert {file.key for file in item.attachments} == {
        f"files/{item.conversation}/{item.id}/{file.reference}" for file in item.attachments
    }


def test_no_name_from_slack_leads_out_of_its_place(house: House) -> None:
    begin(house, "whatsapp")
    say(house, "", {**INVOICE, "name": "../../\u202efdp.exe"})
    [file] = reply_of(house).attachments
    assert not set("/\u202e") & set(file.name)
    assert file.name.endswith(".pdf")


def test_a_colleagues_drawing_is_called_what_it_is(house: House) -> None:
    begin(house, "telegram")
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    say(house, "", {"name": "logo.svg", "data": drawing, "mimetype": "image/svg+xml"})
    [file] = reply_of(house).attachments
    assert (file.name, file.mime) == ("logo.svg", "image/svg+xml")
