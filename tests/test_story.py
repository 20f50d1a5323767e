"""The main job, both ways, on every channel."""

from __future__ import annotations

from tests.house import House, reactions


def test_an_sms_becomes_a_thread_and_the_reply_comes_back_delivered(house: House) -> None:
    house.twilio.write("+15551230001", "Is my order ready?")
    house.run()
    assert house.texts() == ["Is my order ready?"]
    house.say("Yes, come by!")
    house.run()
    assert house.on_phone(house.twilio.phone("+15551230001")) == ["Yes, come by!"]
    assert reactions(house.thread()[-1]) == ["ballot_box_with_check"]


def test_a_whatsapp_message_becomes_a_thread_and_the_reply_comes_back_delivered(house: House) -> None:
    house.whatsapp.write("5511987654321", "Olá", name="Ana")
    house.run()
    assert house.texts() == ["Olá"]
    house.say("Oi Ana")
    house.run()
    assert house.on_phone(house.whatsapp.phone("5511987654321")) == ["Oi Ana"]
    assert reactions(house.thread()[-1]) == ["ballot_box_with_check"]


def test_a_telegram_message_becomes_a_thread_and_the_reply_is_marked_as_sent(house: House) -> None:
    house.telegram.write("512345678", "Hi", first_name="Ana")
    house.run()
    assert house.texts() == ["Hi"]
    house.say("Hello Ana")
    house.run()
    assert house.on_phone(house.telegram.phone("512345678")) == ["Hello Ana"]
    assert reactions(house.thread()[-1]) == ["heavy_check_mark"]
