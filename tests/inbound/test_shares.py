"""Messages with files: one post with both, in order, once; and what the thread shows where none comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import services
from chalicelib.inbound.bursts import ALBUM, BEHIND, next_post
from chalicelib.inbound.late import late_files, left
from chalicelib.inbound.shares import GLANCE
from chalicelib.model import (
    Absent,
    Attachment,
    Carriage,
    Claim,
    Item,
    Kind,
    Reason,
    Side,
    State,
    Status,
    born,
    new_id,
    owed,
)
from chalicelib.patience import FILE
from chalicelib.queues import Bell
from chalicelib.store import Replace
from infra.local.slack.team import BOB, SUPPORT, TEAM_ID
from tests.files import ANA, ROUTE, brought, lost, sent, uploaded
from tests.house import House

COMPLETE, INFO = "files.completeUploadExternal", "files.info"
PATIENCE = FILE / 1000
NOW = 1_789_000_000_000
NOT_BROUGHT = "The picture “cat.png” that came with “look” could not be brought here,"
WHATSAPP = replace(ROUTE, medium="whatsapp", to=f"whatsapp:{ANA}")


@pytest.fixture
def thread(house: House) -> House:
    """A house with a thread, in which Ana said hello."""
    house.twilio.write(ANA, "hello")
    house.run()
    return house


def shown(post: dict[str, Any]) -> str:
    """What a reader sees of a post: its words, and the files below them."""
    said = "".join(
        element.get("text") or element.get("fallback", "")
        for block in post.get("blocks", ())
        for part in block.get("elements", ())
        for element in part.get("elements", (part,))
    )
    files = [file.get("title") or file.get("mode", "") for file in post.get("files", ())]
    return said + "".join(f" <{file}>" for file in files)


def seen(house: House, number: int = -1) -> list[str]:
    return [shown(post) for post in house.thread(number)]


def called(house: House, method: str) -> int:
    return sum(name == method for name, _ in house.slack.calls)


def posts(house: House) -> int:
    return called(house, "chat.postMessage") - 1  # the card is none


def again(house: House, item: Item) -> Item:
    found = house.store.find(Item, item.conversation, item.id)
    assert found is not None
    return found


def ring(house: House, item: Item) -> None:
    house.bells.ring(Side.SLACK, [Bell(item.conversation, SUPPORT)])


def rest(house: House) -> None:
    """Nothing is owed any more, to anybody."""
    assert [item.kind for item in house.items() if owed(item)] == []


# ------------------------------------------------------------------------------ one post


def test_words_and_their_file_are_one_post_under_the_customers_name(thread: House) -> None:
    item = brought(thread, sent(thread, "look", "cat.png"))
    thread.run()
    assert seen(thread)[1:] == ["Ana · SMS\nlook <cat.png>"]
    post = thread.thread()[-1]
    assert post["username"] == "Ana · SMS"
    assert posts(thread) == 1
    assert again(thread, item).slack_ts == post["ts"]
    assert again(thread, item).attachments[0].carriage is Carriage.KEPT
    rest(thread)


def test_a_file_without_words_is_no_empty_message(thread: House) -> None:
    brought(thread, sent(thread, "", "cat.png"))
    thread.run()
    assert seen(thread)[1:] == ["Ana · SMS\n <cat.png>"]


def test_a_file_opens_a_thread(house: House) -> None:
    brought(house, sent(house, "look", "cat.png"))
    house.run()
    assert seen(house) == ["Ana · SMS\nlook <cat.png>"]


def test_a_file_post_sets_the_facts_of_its_conversation(thread: House) -> None:
    brought(thread, sent(thread, "look", "cat.png"))
    thread.run()
    (home,) = thread.conversations()
    ts = thread.thread()[-1]["ts"]
    assert (home.route_ts, home.last_ts) == (ts, ts)


def test_what_stands_in_the_words_is_literal(thread: House) -> None:
    brought(thread, sent(thread, "<!channel> *hi* &amp; <https://evil.example|bank>", "cat.png"))
    thread.run()
    asked = next(asked for method, asked in thread.slack.calls if method == COMPLETE)
    assert "initial_comment" not in asked
    assert "<!channel> *hi* &amp; <" in shown(thread.thread()[-1])
    assert all(block["type"] == "rich_text" for block in thread.thread()[-1]["blocks"])


# ------------------------------------------------------------------------------ waiting for a file


def test_text_after_a_waiting_file_waits(thread: House) -> None:
    item = sent(thread, "look", "cat.png")
    sent(thread, "see the crack?")
    thread.run()
    assert seen(thread)[1:] == []
    brought(thread, item)
    thread.run()
    assert seen(thread)[1:] == ["Ana · SMS\nlook <cat.png>", "see the crack?"]


def test_other_conversations_do_not_wait(thread: House) -> None:
    sent(thread, "look", "cat.png")
    thread.twilio.write("+15551230002", "quick")
    thread.run()
    assert seen(thread) == ["quick"]


def test_marks_and_the_card_do_not_wait(thread: House) -> None:
    sent(thread, "look", "cat.png")
    ts = thread.say("Hello Ana", 0)
    thread.run()
    thread.later(70)
    (reply,) = [post for post in thread.thread() if post["ts"] == ts]
    assert [mark["name"] for mark in reply["reactions"]] != []


def test_bells_stop_ringing_while_a_file_is_on_its_way(thread: House) -> None:
    sent(thread, "look", "cat.png")
    thread.run(most=5)


def test_after_a_while_it_goes_on_without_the_file(thread: House) -> None:
    sent(thread, "look", "cat.png")
    sent(thread, "see the crack?")
    thread.later(PATIENCE + 61)
    lines = [line for post in seen(thread)[1:] for line in post.split("  ")]
    assert any("look\n[picture: cat.png: still on its way]" in line for line in lines)
    assert any("see the crack?" in line for line in lines)


def test_a_file_that_comes_late_has_a_post_of_its_own(thread: House) -> None:
    item = sent(thread, "look at this", "cat.png")
    thread.later(PATIENCE + 61)
    item = again(thread, item)
    assert owed(item) is Side.MEDIA
    (waiting,) = item.attachments
    ready = Attachment("picture", "cat.png", "image/png", carriage=Carriage.READY, slack_id=uploaded(thread))
    assert waiting.carriage is Carriage.WAITING
    late(thread, item, ready)
    thread.run()
    assert seen(thread)[-1] == "Ana · SMS\nThe picture “cat.png” that came with “look at this” <cat.png>"
    rest(thread)


def late(house: House, item: Item, ready: Attachment) -> None:
    """Let a file come whose message is posted."""
    after = replace(item, attachments=(left(ready),))
    house.store.write(Replace(after), *late_files(item, [ready], TEAM_ID, house.clock.ms()))
    ring(house, item)


def test_what_is_given_up_in_time_is_told_in_the_post(thread: House) -> None:
    lost(thread, sent(thread, "look", "cat.png"))
    thread.run()
    assert seen(thread)[1:] == ["look\n[picture: cat.png: could not be brought here, because the file is too big]"]
    rest(thread)


def test_of_several_files_those_that_came_are_shown_and_the_others_named(thread: House) -> None:
    item = sent(thread, "look", "cat.png", "dog.png", "cow.png")
    brought(thread, item, 1)
    thread.later(PATIENCE + 61)
    post = shown(thread.thread()[-1])
    assert post.startswith("Ana · SMS\nlook\n[picture: cat.png: still on its way]")
    assert post.endswith(" <dog.png>")
    assert owed(again(thread, item)) is Side.MEDIA


# ------------------------------------------------------------------------------ albums and bursts


def test_an_album_is_one_post_with_its_words_in_order(thread: House) -> None:
    first = sent(thread, "one", "1.png", album="A", sequence=1)
    second = sent(thread, "", "2.png", album="A", sequence=2)
    third = sent(thread, "three", "3.png", album="A", sequence=3)
    for each in (third, first):
        brought(thread, each)
    thread.run()
    assert seen(thread)[1:] == []
    brought(thread, second)
    thread.run()
    (post,) = thread.thread()[1:]
    assert [file["title"] for file in post["files"]] == ["1.png", "2.png", "3.png"]
    assert shown(post).index("one") < shown(post).index("three")
    assert {again(thread, each).slack_ts for each in (first, second, third)} == {post["ts"]}
    rest(thread)


def test_when_we_are_behind_messages_with_files_are_one_post_and_words_another(thread: House) -> None:
    items = [sent(thread, f"p{number}", f"{number}.png") for number in range(3)]
    sent(thread, "and so on")
    for item in items:
        brought(thread, item)
    thread.clock.ahead += BEHIND / 1000
    thread.run()
    pictures, words = thread.thread()[1:]
    assert [file["title"] for file in pictures["files"]] == ["0.png", "1.png", "2.png"]
    assert shown(words).endswith("and so on")
    assert called(thread, COMPLETE) == 1


def test_an_album_of_which_a_webhook_comes_a_little_later_is_one_post(
    thread: House,
) -> None:
    first = sent(thread, "one", "1.png", album="A", sequence=1)
    coming = [lambda: brought(thread, sent(thread, "", "2.png", album="A", sequence=2))]

    def comes(seconds: float) -> None:
        thread._pause(seconds)
        if coming:
            coming.pop()()

    thread.world = services._made["world"] = replace(thread.world, pause=comes)
    brought(thread, first)
    thread.run()
    assert [[file["title"] for file in post["files"]] for post in thread.thread()[1:]] == [["1.png", "2.png"]]
    assert sum(thread.pauses) <= ALBUM / 1000
    rest(thread)


def test_what_is_too_many_files_for_one_post_follows_in_another(thread: House) -> None:
    brought(thread, sent(thread, "all", *(f"{number}.png" for number in range(12))))
    thread.run()
    first, second = thread.thread()[1:]
    assert [len(post["files"]) for post in (first, second)] == [10, 2]
    assert shown(second).startswith("Ana · SMS\nThe 2 files that came with “all”")
    rest(thread)


def picture(text: str = "", born_at: int = NOW - 60_000, how: Carriage = Carriage.READY, **about: Any) -> Item:
    files = (Attachment("picture", carriage=how, slack_id="F1"),)
    return message(text, born_at, attachments=files, **about)


def message(text: str = "hi", born_at: int = NOW - 60_000, **about: Any) -> Item:
    return Item("C", new_id(born_at), Kind.MESSAGE, born_at, "", text=text, route=ROUTE, author="Ana", **about)


YOUNG = NOW - 1_000

TABLE: dict[str, tuple[Sequence[Item], int]] = {
    "pictures sent one after another": ([picture(), picture()], 2),
    "words after a picture": ([picture(), message()], 1),
    "a picture after words": ([message(), picture()], 1),
    "a picture on its way": ([picture(born_at=YOUNG, how=Carriage.WAITING), message()], 0),
    "a picture for which nobody waits any more": ([picture(how=Carriage.WAITING), message()], 2),
    "words before a picture on its way": ([message(), picture(born_at=YOUNG, how=Carriage.WAITING)], 1),
    "an album, young": ([picture(born_at=YOUNG, album="A")] * 3, 3),
    "an album of which one is on its way": (
        [picture(album="A"), picture(born_at=YOUNG, how=Carriage.WAITING, album="A")],
        0,
    ),
    "two albums": ([picture(album="A"), picture(album="A"), picture(album="B")], 2),
    "an album with one that will not come": ([picture(album="A"), picture(album="A", how=Carriage.LOST)], 2),
    "eleven pictures": ([picture()] * 11, 10),
    "eleven pictures that may come late": ([picture(how=Carriage.WAITING)] * 11, 10),
}


@pytest.mark.parametrize("name", TABLE)
def test_which_of_what_waits_is_one_post(name: str) -> None:
    waiting, most = TABLE[name]
    chosen = next_post(waiting, NOW)
    assert chosen == list(waiting[:most])


def test_what_is_claimed_goes_together_whatever_waits() -> None:
    claim = Claim(new_id(NOW), NOW)
    mine = [picture(born_at=YOUNG, claim=claim), picture(born_at=YOUNG, claim=claim)]
    assert next_post([*mine, picture()], NOW) == mine


# ------------------------------------------------------------------------------ where it stands


def test_a_file_that_slack_shows_later_holds_its_own_conversation_only(thread: House) -> None:
    thread.slack.files.file_posts(delay=10)
    brought(thread, sent(thread, "look", "cat.png"))
    sent(thread, "after")
    thread.run()
    assert seen(thread)[1:] == []
    thread.twilio.write("+15551230002", "quick")
    thread.run()
    assert seen(thread) == ["quick"]
    thread.clock.ahead += 10
    thread.run()
    assert seen(thread, 0)[1:] == ["Ana · SMS\nlook <cat.png>", "after"]
    assert called(thread, INFO) == 0


def test_where_slacks_event_is_lost_it_is_asked(thread: House) -> None:
    item = sent(thread, "look", "cat.png")
    thread.slack.drop_events(1)
    brought(thread, item)
    thread.run()
    assert again(thread, item).slack_ts == ""
    thread.later(60)
    assert again(thread, item).slack_ts == thread.thread()[-1]["ts"]
    assert (called(thread, COMPLETE), called(thread, INFO)) == (1, 1)
    rest(thread)


def test_any_bell_of_the_conversation_has_it_looked_up(thread: House) -> None:
    thread.slack.drop_events(1)
    brought(thread, sent(thread, "look", "cat.png"))
    thread.run()
    thread.clock.ahead += GLANCE / 1000
    sent(thread, "after")
    thread.run()
    assert seen(thread)[1:] == ["Ana · SMS\nlook <cat.png>", "after"]


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_lost_answer_neither_loses_nor_doubles_anything(thread: House, drop: str) -> None:
    thread.slack.fail(COMPLETE, {"drop": drop})
    brought(thread, sent(thread, "look", "cat.png"))
    sent(thread, "after")
    thread.run()
    for _ in range(3):
        thread.later(70)
    assert seen(thread)[1:] == ["Ana · SMS\nlook <cat.png>", "after"]
    rest(thread)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_and_neither_where_the_event_is_lost_too(thread: House, drop: str) -> None:
    thread.slack.fail(COMPLETE, {"drop": drop})
    item = sent(thread, "look", "cat.png")
    thread.slack.hold_events()
    brought(thread, item)
    thread.run()
    thread.slack.drop_events(1_000)
    for _ in range(4):
        thread.later(70)
    assert seen(thread)[1:] == ["Ana · SMS\nlook <cat.png>"]
    rest(thread)


def test_a_file_that_slack_never_shows_is_brought_anew_and_the_words_go_on(thread: House) -> None:
    thread.slack.files.file_posts(never=1)
    item = sent(thread, "look", "cat.png")
    brought(thread, item)
    sent(thread, "after")
    thread.run()
    old = again(thread, item).attachments[0].slack_id
    thread.later(61)
    assert [line for post in seen(thread)[1:] for line in ("look", "after") if line in post] == ["look", "after"]
    waiting = again(thread, item).attachments[0]
    assert (waiting.carriage, waiting.slack_id, waiting.unshared) == (Carriage.WAITING, "", 1)
    assert owed(again(thread, item)) is Side.MEDIA
    assert thread.world.slack.files.shared(SUPPORT, old) == Absent()


def test_what_slack_never_shows_is_given_up_in_the_end(thread: House) -> None:
    thread.slack.files.file_posts(never=3)
    item = brought(thread, sent(thread, "look", "cat.png"))
    thread.slack.hold_events()
    for _ in range(3):
        thread.run_bells()
        thread.clock.ahead += 61
        ring(thread, item)
        thread.run_bells()
        carried_again(thread)
    thread.run_bells()
    assert sum("still on its way" in post for post in seen(thread)) == 1
    assert seen(thread)[-1] == (f"{NOT_BROUGHT} because Slack would not show the file.")
    rest(thread)


def carried_again(house: House) -> None:
    """Do what the carrier does: what waits is uploaded anew, if need be for a post of its own."""
    for item in house.items():
        if any(each.carriage is Carriage.WAITING for each in item.attachments):
            if item.state is not State.POSTED:
                brought(house, item)
                continue
            (waiting,) = item.attachments
            ready = replace(waiting, carriage=Carriage.READY, slack_id=uploaded(house))
            late(house, item, ready)


def test_a_file_that_slack_shows_at_the_last_moment_is_not_thrown_away_with_its_post(
    thread: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not there when Slack was asked, and is when it is taken back: one post with its file is left."""
    thread.slack.files.file_posts(delay=100)
    item = brought(thread, sent(thread, "look", "cat.png"))
    thread.run()
    discard = thread.world.slack.files.discard

    def shown_first(file: str) -> Any:
        thread.slack.files.file_posts(delay=0)
        thread.slack.quiet()
        return discard(file)

    monkeypatch.setattr(thread.world.slack.files, "discard", shown_first)
    thread.later(61)
    thread.run()
    carried_again(thread)
    thread.run()
    whole = [post for post in thread.thread() if any(file.get("title") for file in post.get("files", ()))]
    assert [shown(post) for post in whole] == ["Ana · SMS\nThe picture “cat.png” that came with “look” <cat.png>"]
    assert [post for post in thread.thread() if post.get("files") and post not in whole] == []
    assert sum("look\n" in post or post == "look" for post in seen(thread)) == 1
    assert again(thread, item).state is State.POSTED


def test_whoever_was_answered_before_their_file_came_waits_again(thread: House) -> None:
    item = sent(thread, "look at this", "cat.png", route=thread.conversations()[0].route)
    thread.later(PATIENCE + 61)
    thread.say("What do you mean?", 0)
    thread.run()
    thread.later(70)
    assert thread.conversations()[0].waiting_since is None
    ready = replace(item.attachments[0], carriage=Carriage.READY, slack_id=uploaded(thread))
    late(thread, again(thread, item), ready)
    thread.run()
    (home,) = thread.conversations()
    assert (home.waiting_since is not None, home.last_ts) == (True, thread.thread()[-1]["ts"])


# ------------------------------------------------------------------------------ what Slack will not take


def test_where_slack_refuses_the_post_the_words_go_first_and_the_file_by_itself(thread: House) -> None:
    thread.slack.fail(COMPLETE, {"error": "invalid_blocks"})
    brought(thread, sent(thread, "look", "cat.png"))
    sent(thread, "after")
    thread.run()
    assert seen(thread)[1:] == [
        "look\n[picture: cat.png: still on its way]",
        "Ana · SMS\nThe picture “cat.png” that came with “look” <cat.png>",
        "after",
    ]
    rest(thread)


@pytest.mark.parametrize(
    "error", ["posting_to_channel_denied", "slack_connect_blocked_file_type", "file_not_found"]
)
def test_where_slack_will_not_have_the_file_the_thread_says_why(thread: House, error: str) -> None:
    thread.slack.fail(COMPLETE, {"error": error}, times=2)
    brought(thread, sent(thread, "look", "cat.png"))
    sent(thread, "after")
    thread.run()
    assert seen(thread)[1:] == [
        "look\n[picture: cat.png: still on its way]",
        f"{NOT_BROUGHT} because Slack would not show the file ({error}).",
        "after",
    ]
    rest(thread)


def test_where_the_thread_is_gone_the_file_goes_into_a_fresh_one(thread: House) -> None:
    thread.slack.delete(SUPPORT, thread.threads()[0])
    brought(thread, sent(thread, "look", "cat.png"))
    thread.slack.fail(COMPLETE, {"error": "thread_not_found"})
    thread.run()
    thread.later(70)
    assert seen(thread) == ["Ana · SMS\nlook <cat.png>"]
    rest(thread)


def test_a_slack_that_is_busy_is_asked_again(thread: House) -> None:
    thread.slack.fail(COMPLETE, {"status": 429, "retry_after": 2})
    brought(thread, sent(thread, "look", "cat.png"))
    thread.run()
    assert seen(thread)[1:] == ["Ana · SMS\nlook <cat.png>"]


def test_a_channel_that_is_archived_keeps_everything_waiting(thread: House) -> None:
    thread.slack.archive(SUPPORT)
    item = brought(thread, sent(thread, "look", "cat.png"))
    thread.run()
    assert again(thread, item).attachments[0].carriage is Carriage.READY
    thread.slack.unarchive(SUPPORT)
    thread.later(200)
    assert seen(thread)[1:] == ["Ana · SMS\nlook <cat.png>"]


def test_a_thread_that_nobody_owns_is_opened_again_for_all_to_see(thread: House) -> None:
    thread.slack.press(BOB, SUPPORT, thread.threads()[0], "resolve")
    thread.run()
    brought(thread, sent(thread, "broken again", "cat.png"))
    thread.run()
    _, words, file = thread.thread()[1:]
    assert (words["subtype"], shown(words)) == (
        "thread_broadcast",
        "broken again\n[picture: cat.png: still on its way]Reopened",
    )
    assert shown(file) == "Ana · SMS\nThe picture “cat.png” that came with “broken again” <cat.png>"
    assert thread.conversations()[0].status is Status.OPEN
    rest(thread)


# ------------------------------------------------------------------------------ races


def test_a_file_that_comes_while_its_words_are_being_posted_follows_them(thread: House) -> None:
    item = sent(thread, "look", "cat.png")
    thread.clock.ahead += PATIENCE
    thread.slack.hold_events()
    thread.slack.fail("chat.postMessage", {"drop": "after"})
    ring(thread, item)
    thread.run_bells()
    assert again(thread, item).claim is not None
    brought(thread, item)
    thread.slack.release_events()
    thread.run()
    assert seen(thread)[1:] == [
        "look\n[picture: cat.png: still on its way]",
        "Ana · SMS\nThe picture “cat.png” that came with “look” <cat.png>",
    ]
    rest(thread)


def test_a_file_that_is_given_up_while_its_words_are_being_posted_is_told(thread: House) -> None:
    item = sent(thread, "look", "cat.png")
    thread.clock.ahead += PATIENCE
    thread.slack.hold_events()
    thread.slack.fail("chat.postMessage", {"drop": "after"})
    ring(thread, item)
    thread.run_bells()
    lost(thread, item, Reason.FILE_GONE)
    thread.slack.release_events()
    thread.run()
    assert seen(thread)[-1] == (f"{NOT_BROUGHT} because the file is not there any more.")
    rest(thread)


def test_a_post_that_turns_up_after_its_file_was_taken_back_is_removed(thread: House) -> None:
    item = sent(thread, "look", "cat.png")
    thread.slack.files.file_posts(delay=100)
    brought(thread, item)
    thread.run()
    thread.later(61)
    assert again(thread, item).attachments[0].carriage is Carriage.WAITING
    thread.later(100)
    thread.run()
    assert [post for post in thread.thread() if post.get("files")] == []
    assert sum("look" in post for post in seen(thread)) == 1


def test_a_reply_is_addressed_to_the_medium_of_the_file_above_it(thread: House) -> None:
    """A reply that is typed while it is not known where the file stands waits for that."""
    thread.slack.hold_events()
    item = brought(thread, sent(thread, "look", "cat.png", route=WHATSAPP))
    thread.run_bells()
    thread.clock.ahead += 3
    thread.say("Nice cat", 0)
    thread.slack.release_events()
    thread.run()
    reply = next(each for each in thread.items() if each.kind is Kind.REPLY)
    assert reply.route is not None
    assert reply.route.medium == "whatsapp"
    assert again(thread, item).state is State.POSTED
    assert born(item.id) < born(reply.id)


def test_the_story_of_a_file_post_is_in_the_steps_of_its_item(thread: House) -> None:
    item = brought(thread, sent(thread, "look", "cat.png"))
    thread.run()
    assert [step.what for step in again(thread, item).steps] == ["claimed", "seen in Slack", "posted"]
