"""Edits, deletions, reactions and replies at the stand-ins, from either side, as each provider knows them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.lines import ANA_ON_TELEGRAM, ANA_ON_WHATSAPP, PNG, Json, Lines, opened

HEART, THUMB = "❤", "👍"


@pytest.fixture(scope="module")
def house() -> Iterator[Lines]:
    with opened() as found:
        yield found


@pytest.fixture
def lines(house: Lines) -> Lines:
    house.begin()
    return house


def on_telegram(lines: Lines, message_id: object) -> Json:
    return next(entry for entry in lines.telegram.phone(ANA_ON_TELEGRAM) if entry["id"] == str(message_id))


def on_whatsapp(lines: Lines, wamid: str) -> Json:
    return next(entry for entry in lines.whatsapp.phone(ANA_ON_WHATSAPP) if entry["id"] == wamid)


# Telegram


def test_the_bot_edits_captions_where_there_are_files_and_words_where_there_are_none(lines: Lines) -> None:
    photo = lines.ask_telegram("sendDocument", {"document": ("a", b"a")}, caption="One")["result"]["message_id"]
    words = lines.ask_telegram("sendMessage", text="One")["result"]["message_id"]
    assert lines.ask_telegram("editMessageCaption", message_id=photo, caption="Two")["ok"]
    assert (on_telegram(lines, photo)["text"], on_telegram(lines, photo)["edited"]) == ("Two", True)
    again = lines.ask_telegram("editMessageCaption", message_id=photo, caption="Two")
    assert again["description"].startswith("Bad Request: message is not modified")
    no_caption = lines.ask_telegram("editMessageCaption", message_id=words, caption="Two")
    assert no_caption["description"] == "Bad Request: there is no caption in the message to edit"
    no_text = lines.ask_telegram("editMessageText", message_id=photo, text="Two")
    assert no_text["description"] == "Bad Request: there is no text in the message to edit"


def test_the_bot_deletes_what_is_younger_than_two_days(lines: Lines) -> None:
    sent = lines.ask_telegram("sendMessage", text="One")["result"]["message_id"]
    lines.clock[0] += 48 * 3600 + 1
    refused = lines.ask_telegram("deleteMessage", message_id=sent)
    assert refused["description"] == "Bad Request: message can't be deleted for everyone"
    sent = lines.ask_telegram("sendMessage", text="Two")["result"]["message_id"]
    assert lines.ask_telegram("deleteMessage", message_id=sent)["result"] is True
    assert on_telegram(lines, sent)["state"] == "deleted"
    gone = lines.ask_telegram("deleteMessage", message_id=sent)
    assert gone["description"] == "Bad Request: message to delete not found"


@pytest.mark.parametrize(
    ("reaction", "why"),
    [
        ([{"type": "emoji", "emoji": "🧀"}], "REACTION_INVALID"),
        ([{"type": "emoji", "emoji": HEART}, {"type": "emoji", "emoji": THUMB}], "REACTIONS_TOO_MANY"),
        ("nonsense", "can't parse reaction JSON object"),
    ],
)
def test_the_bot_reacts_with_few_emoji_and_one_at_a_time(lines: Lines, reaction: object, why: str) -> None:
    theirs = int(lines.telegram.write(ANA_ON_TELEGRAM, "Look").id)
    answer = lines.ask_telegram("setMessageReaction", message_id=theirs, reaction=reaction)
    assert answer["description"] == f"Bad Request: {why}"


def test_a_reaction_of_the_bot_comes_and_goes_on_the_phone(lines: Lines) -> None:
    theirs = int(lines.telegram.write(ANA_ON_TELEGRAM, "Look").id)
    for emoji in (HEART, THUMB):
        reaction = [{"type": "emoji", "emoji": emoji}]
        assert lines.ask_telegram("setMessageReaction", message_id=theirs, reaction=reaction)["ok"]
    assert on_telegram(lines, theirs)["reactions"] == [{"by": "us", "emoji": THUMB}]
    assert lines.ask_telegram("setMessageReaction", message_id=theirs, reaction=[])["ok"]
    assert on_telegram(lines, theirs)["reactions"] == []
    assert not lines.ask_telegram("setMessageReaction", message_id=999, reaction=[])["ok"]


def test_a_customers_reaction_tells_what_it_was_before(lines: Lines) -> None:
    sent = lines.ask_telegram("sendMessage", text="One")["result"]["message_id"]
    for emoji in (HEART, THUMB, ""):
        lines.telegram.react(ANA_ON_TELEGRAM, sent, emoji)
    told = [update["message_reaction"] for update in lines.updates()[-3:]]
    assert [[one["emoji"] for one in each["old_reaction"]] for each in told] == [[], [HEART], [THUMB]]
    assert [[one["emoji"] for one in each["new_reaction"]] for each in told] == [[HEART], [THUMB], []]
    assert on_telegram(lines, sent)["reactions"] == []


def test_a_customer_edits_a_caption(lines: Lines) -> None:
    photo = [{"data": PNG, "width": 9, "height": 9}]
    written = lines.telegram.write(ANA_ON_TELEGRAM, photo=photo, caption="One")
    lines.telegram.edit(ANA_ON_TELEGRAM, written.id, "Two")
    edited = lines.updates()[-1]["edited_message"]
    assert (edited["caption"], "text" in edited) == ("Two", False)


def test_nobody_is_told_when_a_customer_deletes(lines: Lines) -> None:
    written = lines.telegram.write(ANA_ON_TELEGRAM, "One")
    before = len(lines.updates())
    lines.telegram.delete(ANA_ON_TELEGRAM, written.id)
    assert (len(lines.updates()), on_telegram(lines, written.id)["state"]) == (before, "deleted")
    reply = {"message_id": int(written.id)}
    refused = lines.ask_telegram("sendMessage", text="Two", reply_parameters=reply)
    assert refused["description"] == "Bad Request: message to be replied not found"
    assert lines.ask_telegram(
        "sendMessage", text="Two", reply_parameters={**reply, "allow_sending_without_reply": True}
    )["ok"]


def test_replies_name_what_they_answer_on_telegram(lines: Lines) -> None:
    written = lines.telegram.write(ANA_ON_TELEGRAM, "Which?")
    sent = lines.ask_telegram("sendMessage", text="This", reply_parameters={"message_id": int(written.id)})
    ours = sent["result"]["message_id"]
    back = lines.telegram.write(ANA_ON_TELEGRAM, "Thanks", reply_to=ours)
    assert lines.updates()[-1]["message"]["reply_to_message"]["message_id"] == ours
    assert "reply_to_message" not in lines.updates()[-1]["message"]["reply_to_message"]
    assert (on_telegram(lines, ours)["reply_to"], on_telegram(lines, back.id)["reply_to"]) == (
        written.id,
        str(ours),
    )


# WhatsApp


def test_a_customer_edits_and_revokes_on_whatsapp(lines: Lines) -> None:
    written = lines.whatsapp.write(ANA_ON_WHATSAPP, "One")
    lines.whatsapp.edit(ANA_ON_WHATSAPP, written.id, "Two")
    edit = lines.messages()[-1]
    assert edit["edit"] == {
        "original_message_id": written.id,
        "message": {"type": "text", "text": {"body": "Two"}},
    }
    assert edit["id"] != written.id
    assert (on_whatsapp(lines, written.id)["text"], on_whatsapp(lines, written.id)["edited"]) == ("Two", True)
    lines.whatsapp.delete(ANA_ON_WHATSAPP, written.id)
    assert lines.messages()[-1]["revoke"] == {"original_message_id": written.id}
    assert on_whatsapp(lines, written.id)["state"] == "deleted"


def test_a_customer_edits_the_caption_of_a_picture_on_whatsapp(lines: Lines) -> None:
    content = {"data": PNG, "caption": "One"}
    written = lines.whatsapp.write(ANA_ON_WHATSAPP, type="image", content=content)
    lines.whatsapp.edit(ANA_ON_WHATSAPP, written.id, "Two")
    assert lines.messages()[-1]["edit"]["message"]["image"]["caption"] == "Two"
    assert on_whatsapp(lines, written.id)["text"] == "Two"


def test_reactions_go_both_ways_on_whatsapp(lines: Lines) -> None:
    written = lines.whatsapp.write(ANA_ON_WHATSAPP, "One")
    reaction = {"message_id": written.id, "emoji": THUMB}
    assert lines.ask_whatsapp(type="reaction", reaction=reaction).status_code == 200
    assert on_whatsapp(lines, written.id)["reactions"] == [{"by": "us", "emoji": THUMB}]
    ours = lines.ask_whatsapp(type="text", text={"body": "Two"}).json()["messages"][0]["id"]
    lines.whatsapp.react(ANA_ON_WHATSAPP, ours, HEART)
    assert lines.messages()[-1]["reaction"] == {"message_id": ours, "emoji": HEART}
    assert on_whatsapp(lines, ours)["reactions"] == [{"by": "customer", "emoji": HEART}]
    lines.ask_whatsapp(type="reaction", reaction={**reaction, "emoji": ""})
    assert on_whatsapp(lines, written.id)["reactions"] == []


def test_a_reaction_to_nothing_is_refused(lines: Lines) -> None:
    answer = lines.ask_whatsapp(type="reaction", reaction={"message_id": "wamid.none", "emoji": THUMB})
    assert answer.json()["error"]["code"] == 131009


def test_replies_name_what_they_answer_on_whatsapp(lines: Lines) -> None:
    written = lines.whatsapp.write(ANA_ON_WHATSAPP, "Which?")
    sent = lines.ask_whatsapp(type="text", text={"body": "This"}, context={"message_id": written.id})
    ours = sent.json()["messages"][0]["id"]
    back = lines.whatsapp.write(ANA_ON_WHATSAPP, "Thanks", reply_to=ours)
    assert lines.messages()[-1]["context"] == {"from": "15550783881", "id": ours}
    assert (on_whatsapp(lines, ours)["reply_to"], on_whatsapp(lines, back.id)["reply_to"]) == (written.id, ours)
