"""Files on their way in: from the stand-ins' media through the bucket into Slack, and what becomes of each."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import services, web
from chalicelib.carry import settle, worker
from chalicelib.gates import FILES
from chalicelib.model import (
    Attachment,
    Carriage,
    Gate,
    Item,
    Kind,
    Reason,
    Ref,
    Side,
    State,
    place_of,
)
from chalicelib.queues import CARRIERS_LIFE, Bell
from infra.local.slack.team import TEAM_ID
from tests.house import House, Over

ANA = "+15551230001"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
HOUR = 3600


def write(house: House, *files: dict[str, Any], text: str = "Look") -> Item:
    """Let Ana send files with a message; nobody has answered a bell yet."""
    media = [
        {"content_type": "image/png", "data": base64.b64encode(PNG).decode(), **file} for file in files or ({},)
    ]
    house.twilio.write(ANA, text, media=media)
    house.quiet()
    return message(house)


def message(house: House) -> Item:
    return [item for item in house.items() if item.kind is Kind.MESSAGE][-1]


def ring(house: House, item: Item) -> None:
    """Answer the bell for files, and no other."""
    house.answer(Side.MEDIA, Bell(item.conversation, item.conversation))


def carried(house: House, item: Item) -> tuple[Attachment, ...]:
    ring(house, item)
    return message(house).attachments


def pending(house: House) -> list[Side]:
    return [side for side, _ in house.bells.rung]


def bytes_of(house: House, attachment: Attachment) -> bytes:
    return house.slack._workspace.cabinet.files[attachment.slack_id].blob.data


def test_a_message_with_a_file_rings_for_the_file_too(house: House) -> None:
    item = write(house)
    assert [each.carriage for each in item.attachments] == [Carriage.WAITING]
    assert pending(house) == [Side.SLACK, Side.MEDIA]
    assert house.bells.rung[1][1] == Bell(item.conversation, item.conversation)


def test_a_message_without_a_file_rings_for_none(house: House) -> None:
    house.twilio.write(ANA, "Hello")
    house.quiet()
    assert pending(house) == [Side.SLACK]


def test_a_file_is_kept_and_brought_to_slack_where_nobody_sees_it_yet(house: House) -> None:
    item = write(house)
    (file,) = carried(house, item)
    assert (file.carriage, file.mime, file.size) == (Carriage.READY, "image/png", len(PNG))
    assert house.bucket.get(f"files/{item.conversation}/{item.id}/0") == PNG == bytes_of(house, file)
    assert house.store.find(Ref, "slack", TEAM_ID, f"file:{file.slack_id}") == Ref(
        "slack", TEAM_ID, f"file:{file.slack_id}", item.conversation, item.id, version=1
    )
    assert house.slack._workspace.cabinet.files[file.slack_id].shares == {}
    assert pending(house)[-1] is Side.SLACK


def test_a_file_that_has_come_is_not_carried_again(house: House) -> None:
    item = write(house)
    before, calls = carried(house, item), len(house.slack.calls)
    assert carried(house, item) == before
    assert len(house.slack.calls) == calls


def test_all_files_of_a_conversation_come_in_one_turn(house: House) -> None:
    first, second = write(house, {}, {}), write(house, {})
    ring(house, second)
    files = [file for item in house.items() for file in item.attachments]
    assert [file.carriage for file in files] == [Carriage.READY] * 3
    assert len({file.slack_id for file in files}) == 3
    assert first.conversation == second.conversation


def test_a_file_is_what_its_bytes_are_and_its_name_says_so(house: House) -> None:
    page = base64.b64encode(b"<!DOCTYPE html><html><script>alert(1)</script></html>").decode()
    (file,) = carried(house, write(house, {"content_type": "image/jpeg", "data": page}))
    assert (file.mime, file.name.endswith(".txt")) == ("text/html", True)
    assert house.slack._workspace.cabinet.files[file.slack_id].about["name"] == file.name


def test_a_contact_card_is_read_to_the_team(house: House) -> None:
    card = base64.b64encode(b"BEGIN:VCARD\nFN:Bia\nTEL:+5511\nEND:VCARD").decode()
    write(house, {"content_type": "text/vcard", "data": card}, text="")
    house.run()
    (file,) = message(house).attachments
    assert (file.kind, file.name, file.said) == ("contact card", "contact card.vcf", "[contact: Bia, +5511]")
    assert house.texts() == [f"{ANA} · SMS\n[contact: Bia, +5511]"]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"data": ""}, Reason.FILE_EMPTY),
    ],
)
def test_what_cannot_be_carried_is_lost_and_says_why(house: House, file: dict[str, Any], reason: Reason) -> None:
    (lost,) = carried(house, write(house, file))
    assert (lost.carriage, lost.why, lost.slack_id) == (Carriage.LOST, reason, "")
    assert pending(house)[-1] is Side.SLACK


def test_what_slack_will_not_take_is_lost_and_says_why(house: House) -> None:
    house.slack.fail("files.getUploadURLExternal", {"error": "file_uploads_disabled"})
    (lost,) = carried(house, write(house))
    assert (lost.carriage, lost.why, lost.detail) == (Carriage.LOST, Reason.FILE_UNSHOWN, "file_uploads_disabled")


def test_a_hiccup_is_waited_out(house: House) -> None:
    house.slack.fail("upload", {"status": 500})
    assert carried(house, write(house))[0].carriage is Carriage.READY
    assert house.pauses == [2.0]


def test_a_hiccup_is_not_waited_out_where_its_message_has_waited_long_enough(house: House) -> None:
    item = write(house)
    house.clock.ahead += 21
    house.slack.fail("upload", {"status": 500})
    assert carried(house, item)[0].carriage is Carriage.WAITING
    assert house.pauses == []


def test_what_was_kept_is_not_fetched_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.slack.fail("upload", {"status": 500}, times=2)
    (kept,) = carried(house, write(house))
    assert (kept.carriage, kept.slack_id, kept.key != "") == (Carriage.WAITING, "", True)
    house.clock.ahead += 60
    fetched: list[str] = []

    def call(method: str, url: str, **how: Any) -> Any:
        fetched.append(url)
        return web.call(method, url, **how)

    monkeypatch.setattr(house, "world", replace(house.world, call=call))
    services._made["world"] = house.world
    assert carried(house, message(house))[0].carriage is Carriage.READY
    assert fetched == []


def test_a_host_that_fails_is_asked_again_by_the_clock_and_after_an_hour_the_file_is_lost(house: House) -> None:
    house.world = services._made["world"] = replace(house.world, call=without_media())
    item = write(house)
    ring(house, item)
    assert message(house).attachments[0].carriage is Carriage.WAITING
    house.later(70)
    assert message(house).attachments[0].carriage is Carriage.WAITING
    house.clock.ahead += HOUR
    ring(house, item)
    assert settled(house).why is Reason.FILE_SLOW


def settled(house: House) -> Attachment:
    """What became of the one file, wherever it stands now."""
    (file,) = [file for item in house.items() for file in item.attachments if file.carriage is not Carriage.NONE]
    return file


def without_media() -> Any:
    """Let all calls through but those for bytes."""

    def call(method: str, url: str, **how: Any) -> Any:
        return web.call(method, "http://127.0.0.1:1/" if how.get("into") else url, **how)

    return call


def test_a_token_that_is_refused_shuts_a_gate_and_the_file_waits(house: House) -> None:
    item = write(house)
    house.slack.scopes.discard("files:write")
    assert carried(house, item)[0].carriage is Carriage.WAITING
    gate = house.store.find(Gate, *FILES)
    assert gate is not None
    assert gate.why == "missing_scope"
    house.slack.scopes.add("files:write")
    assert carried(house, item)[0].carriage is Carriage.WAITING, "the gate is shut"
    house.clock.ahead += 200
    assert carried(house, item)[0].carriage is Carriage.READY


def test_a_line_whose_secret_is_missing_keeps_its_files_waiting(house: House) -> None:
    item = write(house)
    house.world = services._made["world"] = replace(house.world, secret=lambda _: "")
    assert carried(house, item)[0].carriage is Carriage.WAITING
    assert house.store.find(Gate, "twilio", "main files") is not None
    assert house.store.find(Gate, "twilio", "main") is None, "replies do not wait for it"


def test_slack_has_as_much_time_as_it_asks_for(house: House) -> None:
    item = write(house)
    house.slack.fail("files.getUploadURLExternal", {"status": 429, "retry_after": 30})
    assert carried(house, item)[0].carriage is Carriage.WAITING
    calls = len(house.slack.calls)
    ring(house, item)
    assert len(house.slack.calls) == calls
    house.clock.ahead += 31
    assert carried(house, item)[0].carriage is Carriage.READY


def test_a_file_is_begun_only_while_there_is_time_for_all_of_it(house: House) -> None:
    item = write(house)
    house.bells.rung.clear()
    now = house.clock.ms()
    house.world.shift.begin(now - CARRIERS_LIFE + worker.A_FILE, CARRIERS_LIFE)
    try:
        worker.carry(house.world, Bell(item.conversation, item.conversation))
    finally:
        house.world.shift.end()
    assert message(house).attachments[0].carriage is Carriage.WAITING
    assert house.bells.rung[0] == (Side.MEDIA, Bell(item.conversation, item.conversation))


def test_a_file_that_breaks_us_holds_up_no_other_and_is_lost_after_a_day(house: House) -> None:
    poison, item = write(house), write(house)
    real = house.bucket

    def put(key: str, body: Any) -> None:
        if poison.id in key:
            raise ValueError("nobody has thought of this")
        real.put(key, body)

    broken: Any = Over(real, put=put)
    house.world = services._made["world"] = replace(house.world, bucket=broken)
    assert carried(house, item)[0].carriage is Carriage.READY
    house.clock.ahead += settle.OURS_TRIED_FOR / 1000
    ring(house, item)
    lost = house.store.find(Item, poison.conversation, poison.id)
    assert lost is not None
    assert lost.attachments[0].why is Reason.FILE_REFUSED


# --------------------------------------------------------------------------- after its message


def posted_without(house: House, item: Item) -> Item:
    """Let the message be posted while its file is on its way."""
    after = house.store.change(
        item,
        lambda now: replace(
            now,
            state=State.POSTED,
            slack_ts="1.000001",
            attachments=tuple(replace(each, apart=True) for each in now.attachments),
        ),
    )
    assert after is not None
    return after


def late(house: House) -> list[Item]:
    return [item for item in house.items() if item.kind is Kind.LATE_FILE]


def test_a_file_that_comes_after_its_message_becomes_an_item_of_its_own(house: House) -> None:
    item = posted_without(house, write(house))
    (left,) = carried(house, item)
    (own,) = late(house)
    assert (left.carriage, message(house).due) == (Carriage.NONE, None)
    assert (own.of, own.route, own.author, own.state) == (item.id, item.route, item.author, State.RECORDED)
    (file,) = own.attachments
    assert (file.carriage, file.apart) == (Carriage.READY, False)
    ref = house.store.find(Ref, "slack", TEAM_ID, f"file:{file.slack_id}")
    assert ref is not None
    assert ref.item == own.id


def test_a_file_that_is_lost_after_its_message_says_so_by_itself(house: House) -> None:
    carried(house, posted_without(house, write(house, {"data": ""})))
    (own,) = late(house)
    assert [(each.carriage, each.why) for each in own.attachments] == [(Carriage.LOST, Reason.FILE_EMPTY)]


def test_of_two_files_each_comes_when_it_comes(house: House) -> None:
    item = posted_without(house, write(house, {}, {"data": ""}))
    assert [each.carriage for each in carried(house, item)] == [Carriage.NONE] * 2
    assert [own.attachments[0].carriage for own in late(house)] == [Carriage.READY, Carriage.LOST]


def test_a_message_that_is_posted_while_its_file_is_on_its_way_gets_it_late(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, real = write(house), house.world.slack.files.upload
    monkeypatch.setattr(
        house.world.slack.files, "upload", lambda *what: (posted_without(house, message(house)), real(*what))[1]
    )
    assert [each.carriage for each in carried(house, item)] == [Carriage.NONE]
    assert len(late(house)) == 1


def test_what_somebody_else_has_carried_meanwhile_is_left_as_it_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, real = write(house), house.world.slack.files.upload

    def twice(*what: Any) -> Any:
        monkeypatch.undo()
        ring(house, item)
        what[2].seek(0)
        return real(*what)

    monkeypatch.setattr(house.world.slack.files, "upload", twice)
    (file,) = carried(house, item)
    assert file.carriage is Carriage.READY
    ref = house.store.find(Ref, "slack", TEAM_ID, f"file:{file.slack_id}")
    assert ref is not None


def test_a_message_that_is_redacted_while_its_file_is_on_its_way_gets_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, real = write(house), house.world.slack.files.upload

    def redacted(*what: Any) -> Any:
        house.store.change(message(house), lambda now: replace(now, attachments=(), redacted=True))
        return real(*what)

    monkeypatch.setattr(house.world.slack.files, "upload", redacted)
    assert carried(house, item) == ()
    with pytest.raises(ClientError, match="NoSuchKey"):
        house.bucket.get(place_of(item, 0))
    assert house.answer(Side.MEDIA, Bell(item.conversation, item.conversation)) == {"batchItemFailures": []}


def test_a_try_in_vain_rings_for_its_message_which_may_have_waited_long_enough(house: House) -> None:
    house.world = services._made["world"] = replace(house.world, call=without_media())
    item = write(house)
    house.bells.rung.clear()
    ring(house, item)
    assert pending(house) == [Side.SLACK]


def test_what_was_tried_in_vain_a_moment_ago_does_not_keep_others_waiting(house: House) -> None:
    house.world = services._made["world"] = replace(house.world, call=without_media())
    stuck = write(house)
    ring(house, stuck)
    house.world = services._made["world"] = replace(house.world, call=web.call)
    other = write(house)
    ring(house, other)
    found = {item.id: item.attachments[0].carriage for item in house.items()}
    assert found == {stuck.id: Carriage.WAITING, other.id: Carriage.READY}
    house.clock.ahead += 60
    ring(house, stuck)
    assert {item.attachments[0].carriage for item in house.items()} == {Carriage.READY}


def test_where_everything_is_slow_each_file_has_its_turn(house: House) -> None:
    first, second = write(house), write(house)
    tried: list[str] = []

    def slow(method: str, url: str, **how: Any) -> Any:
        if how.get("into"):
            tried.append(url)
            house.clock.ahead += 30
            raise web.TooSlow
        return web.call(method, url, **how)

    house.world = services._made["world"] = replace(house.world, call=slow)
    house.clock.ahead += 21
    house.bells.rung.clear()
    ring(house, first)
    while house.bells.rung:
        side, bell = house.bells.rung.popleft()
        if side is Side.MEDIA:
            house.answer(side, bell)
    assert len(tried) == len(set(tried)) == 2
    assert first.conversation == second.conversation


# --------------------------------------------------------------------------- words


def test_words_that_are_too_many_for_a_post_are_a_file_as_well(house: House) -> None:
    text = "All of it. " * 4_000
    house.whatsapp.write("5511987654321", text)
    house.quiet()
    (file,) = carried(house, message(house))
    assert (file.carriage, file.name, file.mime, file.size) == (
        Carriage.READY,
        "message.txt",
        "text/plain",
        len(message(house).text),
    )
    assert bytes_of(house, file).decode() == message(house).text
