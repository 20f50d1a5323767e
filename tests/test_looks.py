"""What is bold on one side is bold on the other, and what only looks like markup stays what was typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.channels import telegram
from chalicelib.model import Item, Kind, Markup, Message, Ok, Refused, Side, State
from chalicelib.queues import Bell
from chalicelib.store import Replace
from infra.local.slack.team import BOB, SUPPORT
from tests.channels.test_telegram import ACCOUNT, ROUTE, error, sent
from tests.house import House
from tests.providers import Api

SMS_ANA, WA_ANA, TG_ANA = "+15551230001", "5511987654321", "512345678"
BOLD = [{"type": "bold", "offset": 5, "length": 4}]

Json = dict[str, Any]


def pieces(post: Json) -> list[tuple[str, str]]:
    """The words of a post's rich text, each with how it looks."""

    def inside(element: Json) -> list[tuple[str, str]]:
        if "elements" in element:
            return [piece for each in element["elements"] for piece in inside(each)]
        looks = " ".join(name for name, on in element.get("style", {}).items() if on)
        return [(element.get("text") or element.get("url") or element["type"], looks)]

    return [piece for block in post["blocks"] if block["type"] == "rich_text" for piece in inside(block)]


def shown_by_telegram(house: House) -> tuple[str, list[Json]]:
    *_, entry = [entry for entry in house.telegram.phone(TG_ANA) if entry["direction"] == "to_customer"]
    return entry["text"], entry.get("entities", [])


def say(house: House, typed: str) -> None:
    house.say(typed)
    house.run()


# ------------------------------------------------------------------------------- customers' words


def test_telegrams_bold_is_bold_in_the_thread(house: House) -> None:
    house.telegram.write(TG_ANA, "Very good *news*", entities=BOLD, first_name="Ana")
    house.run()
    assert pieces(house.thread()[-1]) == [("Very ", ""), ("good", "bold"), (" *news*", "")]
    assert house.texts() == ["Very good *news*"]


def test_whatsapps_marks_look_like_what_they_mean(house: House) -> None:
    house.whatsapp.write(WA_ANA, "*Very* _good_ 2*3*4", name="Ana")
    house.twilio.write(SMS_ANA, "~no~ `yes`", medium="whatsapp")
    house.run()
    first, second = (pieces(house.thread(number)[-1]) for number in (0, 1))
    assert first == [("Very", "bold"), (" ", ""), ("good", "italic"), (" 2*3*4", "")]
    assert second == [("no", "strike"), (" ", ""), ("yes", "code")]


def test_an_sms_has_no_looks(house: House) -> None:
    house.twilio.write(SMS_ANA, "*Very* _good_ https://x.y/a.")
    house.run()
    assert pieces(house.thread()[-1]) == [("*Very* _good_ ", ""), ("https://x.y/a", ""), (".", "")]


def test_the_looks_of_messages_in_one_post_are_kept(house: House) -> None:
    house.telegram.write(TG_ANA, "Very good", entities=BOLD, first_name="Ana")
    house.telegram.write(TG_ANA, "plain", first_name="Ana")
    house.telegram.write(TG_ANA, "ls *.py", entities=[{"type": "pre", "offset": 0, "length": 7}], first_name="Ana")
    house.clock.ahead += 30
    house.run()
    (post,) = house.thread()
    assert [piece for piece in pieces(post) if piece[0] not in ("date", "  ")] == [
        ("Very ", ""),
        ("good", "bold"),
        ("plain", ""),
        ("ls *.py", ""),
    ]
    assert "rich_text_preformatted" in json.dumps(post["blocks"])


def test_an_edit_keeps_its_looks_and_names_the_earlier_words_without(house: House) -> None:
    house.whatsapp.write(WA_ANA, "*Helo*", id="wamid.1", name="Ana")
    house.run()
    edit = {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "*Hello* there"}}}
    house.whatsapp.write(WA_ANA, type="edit", content=edit, name="Ana")
    house.run()
    assert house.texts() == ["Hello there", "Ana changed a message. Before: Helo"]
    assert pieces(house.thread()[-2]) == [("Hello", "bold"), (" there", "")]


def test_a_link_says_where_it_leads(house: House) -> None:
    evil = [{"type": "text_link", "offset": 0, "length": 16, "url": "https://evil.example"}]
    house.telegram.write(TG_ANA, "https://bank.com", entities=evil, first_name="Ana")
    house.run()
    assert pieces(house.thread()[-1]) == [("https://bank.com (", ""), ("https://evil.example", ""), (")", "")]


def test_nothing_of_a_customers_calls_anybody(house: House) -> None:
    house.telegram.write(TG_ANA, "<!channel> <@U0BOB>", entities=BOLD, first_name="Ana")
    house.run()
    assert {piece[0] for piece in pieces(house.thread()[-1])} == {"<!cha", "nnel", "> <@U0BOB>"}
    assert "<" not in house.texts()[-1]


def test_a_message_of_before_is_posted_as_it_was(house: House) -> None:
    """A row without looks, as every row was once."""
    house.bells.deaf = True
    house.telegram.write(TG_ANA, "a *b* &amp; <c>", first_name="Ana")
    house.quiet()
    (item,) = house.items()
    assert item.rich == ""
    house.bells.deaf = False
    house.later(120)
    assert pieces(house.thread()[-1]) == [("a *b* &amp; <c>", "")]


# ----------------------------------------------------------------------------------- the team's words


def test_a_replys_bold_reaches_telegram(house: House) -> None:
    house.telegram.write(TG_ANA, "Hi", first_name="Ana")
    house.run()
    say(house, "A *bold* word & <b>")
    assert shown_by_telegram(house) == ("A bold word & <b>", [{"offset": 2, "length": 4, "type": "bold"}])


def test_a_reply_without_looks_goes_to_telegram_without_tags(house: House) -> None:
    house.telegram.write(TG_ANA, "Hi", first_name="Ana")
    house.run()
    say(house, "1 < 2 & <b>")
    assert shown_by_telegram(house) == ("1 < 2 & <b>", [])
    (reply,) = [item for item in house.items() if item.kind is Kind.REPLY]
    assert reply.parts[0].markup is Markup.PLAIN


def test_a_replys_bold_reaches_whatsapp_and_an_sms_has_the_words(house: House) -> None:
    house.whatsapp.write(WA_ANA, "Hi", name="Ana")
    house.run()
    say(house, "A *bold* _word_\n- one\n- two\n> so")
    assert house.on_phone(house.whatsapp.phone(WA_ANA)) == ["A *bold* _word_\n- one\n- two\n> so"]
    house.twilio.write(SMS_ANA, "Hi")
    house.run()
    say(house, "A *bold* _word_ costs ~20~ 10 :+1::skin-tone-3:\n- one")
    assert house.on_phone(house.twilio.phone(SMS_ANA)) == ["A bold word costs ~20~ 10 👍🏼\n• one"]


def test_people_and_channels_go_by_their_names(house: House) -> None:
    house.twilio.write(SMS_ANA, "Hi")
    house.run()
    say(house, f"@here ask <@{BOB}> in <#{SUPPORT}>")
    assert house.on_phone(house.twilio.phone(SMS_ANA)) == ["ask @Bob Brown in #support"]


def test_a_group_goes_by_its_name(house: House) -> None:
    house.twilio.write(SMS_ANA, "Hi")
    house.run()
    say(house, "the @support-team will write")
    assert house.on_phone(house.twilio.phone(SMS_ANA)) == ["the @support-team will write"]
    assert [name for name, _ in house.slack.calls].count("usergroups.list") == 1


def test_a_long_reply_is_bold_in_every_part(house: House) -> None:
    house.telegram.write(TG_ANA, "Hi", first_name="Ana")
    house.run()
    say(house, f"*{'word ' * 1_200}end*")
    entries = [entry for entry in house.telegram.phone(TG_ANA) if entry["direction"] == "to_customer"]
    assert [len(entry["entities"]) for entry in entries] == [1, 1]
    assert [entry["entities"][0]["length"] for entry in entries] == [len(entry["text"]) for entry in entries]


def test_a_reply_of_an_older_version_goes_out_from_its_markup(house: House) -> None:
    house.telegram.write(TG_ANA, "Hi", first_name="Ana")
    house.run()
    house.bells.deaf = True
    house.say("A _new_ word")
    house.quiet()
    (reply,) = [item for item in house.items() if item.kind is Kind.REPLY]
    old: Item = house.world.store.write(Replace(_of_before(reply)))[0]
    house.bells.deaf = False
    house.answer(Side.CUSTOMER, Bell(old.conversation, old.conversation))
    assert shown_by_telegram(house) == ("An old & word", [{"offset": 3, "length": 3, "type": "bold"}])


def _of_before(reply: Item) -> Item:
    from dataclasses import replace  # noqa: PLC0415

    return replace(reply, text="An *old* &amp; word", rich="")


def test_formatting_alone_is_an_edit_that_counts_before_it_went(house: House) -> None:
    house.telegram.write(TG_ANA, "Hi", first_name="Ana")
    house.run()
    house.bells.deaf = True
    ts = house.say("A bold word")
    house.slack.edit(SUPPORT, ts, "A *bold* word")
    house.quiet()
    house.bells.deaf = False
    house.later(120)
    assert shown_by_telegram(house)[1] == [{"offset": 2, "length": 4, "type": "bold"}]


def test_the_verdict_on_a_formatted_reply_quotes_its_words(house: House) -> None:
    house.telegram.write(TG_ANA, "Hi", first_name="Ana")
    house.run()
    house.telegram.block(TG_ANA)
    say(house, "A *bold* <b> word")
    (reply,) = [item for item in house.items() if item.kind is Kind.REPLY]
    assert reply.state is State.FAILED
    assert "“A bold <b> word”" in json.dumps(house.thread()[-1]["blocks"], ensure_ascii=False)


@pytest.mark.parametrize("typed", ["*// not* for them", "> _//_ no", "- // no", "`//` no"])
def test_a_note_is_a_note_however_it_looks(house: House, typed: str) -> None:
    house.telegram.write(TG_ANA, "Hi", first_name="Ana")
    house.run()
    say(house, typed)
    assert [item.kind for item in house.items()] == [Kind.MESSAGE, Kind.NOTE]


HTML = Message("c.i.0.1", ROUTE, "a &lt; <b>b</b>", 0, Markup.HTML)


def test_telegram_is_told_that_it_is_html() -> None:
    api = Api(sent(512345678, 8))
    assert telegram.send(HTML, ACCOUNT, api) == Ok("512345678:8")
    assert [(about["json"]["text"], about["json"]["parse_mode"]) for _, _, about in api.asked] == [
        ("a &lt; <b>b</b>", "HTML")
    ]


def test_what_telegram_cannot_read_as_html_goes_out_as_words() -> None:
    why = error(400, "Bad Request: can't parse entities: Unmatched end tag at byte offset 9")
    api = Api(why, sent(512345678, 8))
    assert telegram.send(HTML, ACCOUNT, api) == Ok("512345678:8")
    assert [(about["json"]["text"], about["json"].get("parse_mode")) for _, _, about in api.asked] == [
        ("a &lt; <b>b</b>", "HTML"),
        ("a < b", None),
    ]


def test_any_other_refusal_is_one() -> None:
    api = Api(error(400, "Bad Request: chat not found"))
    assert isinstance(telegram.send(HTML, ACCOUNT, api), Refused)
    assert len(api.asked) == 1
