from __future__ import annotations

from infra.local.slack.team import BOB, SUPPORT
from tests.simulation.town import Town, town

ANA = "+15551230001"


def story(here: Town) -> None:
    """Let a customer write and a team member answer."""
    here.sweep_every_minute()
    here.clock.spawn("ana", lambda: here.twilio.write(ANA, "Hello, is anybody there?"))
    here.clock.run(here.clock.now + 30)
    here.clock.spawn("bob", lambda: here.slack.say(BOB, SUPPORT, "Yes, we are.", here.threads()[0]))
    here.clock.run(here.clock.now + 300)


def test_a_message_reaches_its_thread_and_a_reply_the_customer() -> None:
    with town(1) as here:
        story(here)
        texts = [each["text"] for each in here.slack.thread(SUPPORT, here.threads()[0])]
        assert texts[1:] == ["Hello, is anybody there?", "Yes, we are."]
        assert [each["text"] for each in here.twilio.phone(ANA)] == ["Hello, is anybody there?", "Yes, we are."]


def test_a_seed_tells_the_same_story_twice() -> None:
    digests = []
    for _ in range(2):
        with town(7) as here:
            story(here)
            digests.append(here.diary.digest())
    assert digests[0] == digests[1]
