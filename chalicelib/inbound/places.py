"""Where in Slack something of a conversation stands: in its thread, or in one that it has left since."""

from __future__ import annotations

from chalicelib.model import Conversation, Item, Thread


def place(home: Conversation, ts: str) -> Thread:
    """Tell in which thread of a conversation a post stands that Slack dates `ts`."""
    return next((thread for thread in home.left if ts <= thread.left), now_at(home))


def now_at(home: Conversation) -> Thread:
    """Name the thread in which a conversation goes on; its `ts` is empty until it is opened."""
    return Thread(home.slack_channel, home.thread_ts, "")


def stands_at(home: Conversation, item: Item, ts: str) -> Thread:
    """Tell in which thread a post stands that is of an item, or is about it."""
    return read_thread(item.thread) if item.thread else place(home, ts)


def spot_for(home: Conversation, item: Item) -> Thread:
    """Tell in which thread an item is to be posted."""
    return read_thread(item.thread) if item.thread else now_at(home)


def channels_of(home: Conversation) -> tuple[str, ...]:
    """Name the channels in which something of a conversation stands, beginning with where it goes on."""
    return tuple(dict.fromkeys((home.slack_channel, *(thread.slack_channel for thread in home.left))))


def goes_on(home: Conversation, thread: Thread) -> Thread:
    """Name the thread in which a conversation went on when it left this one."""
    threads = [*home.left, now_at(home)]
    return threads[threads.index(thread) + 1] if thread in home.left else threads[-1]


def is_over(home: Conversation, channel: str, thread_ts: str, ts: str) -> bool:
    """Tell whether something was typed in a thread after the conversation had left it."""
    return any(
        thread.slack_channel == channel
        and ts > thread.left
        and (channel != home.slack_channel or thread.ts == thread_ts)
        for thread in home.left
    )


def read_thread(name: str) -> Thread:
    """Read `<channel>:<ts>`."""
    channel, _, ts = name.partition(":")
    return Thread(channel, ts, "")
