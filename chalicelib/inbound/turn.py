"""One turn at one conversation: what it is now, what Slack is told, and what it had been told before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib import logs
from chalicelib.gates import close, close_ours, waited_out
from chalicelib.inbound.entries import bell_of
from chalicelib.inbound.witness import keep_copy
from chalicelib.model import (
    Absent,
    Busy,
    CannotTell,
    Claim,
    Conversation,
    Ok,
    Ours,
    Outcome,
    Refused,
    Side,
    Stamp,
    Thread,
)
from chalicelib.services import World
from chalicelib.settling import fresh
from chalicelib.slack.answers import GONE
from chalicelib.slack.blocks import Post, plain_version
from chalicelib.slack.told import Posted

WATCHED = 15_000
"""Ms for which bells wait at a shut gate, a few at a time: what rings for longer ones counts in minutes."""


@dataclass(slots=True)
class Turn:
    """A conversation as it stands after each step of this turn."""

    world: World
    home: Conversation
    team: str
    draws_at: int = 0
    """From when on Slack takes marks, cards and deletions here; posts do not wait for it."""
    has_moved: bool = False
    """The conversation went to another desk, whose worker sees to the rest."""

    def keep(self, step: Callable[[Conversation], Conversation | None]) -> None:
        """Change the conversation and go on with what it is now."""
        self.home = self.world.store.change(self.home, step) or self.home

    def also_at(self, claim: Claim | None, ts: str, item: str = "", channel: str = "") -> None:
        """Put the other copy on record where a post is settled at one ts and was seen at another."""
        if claim is not None and claim.ts not in ("", ts):
            stamp = Stamp(claim.post, self.home.id, item)
            keep_copy(self.world, Posted(self.team, channel or self.home.slack_channel, claim.ts, stamp))

    def ring(self) -> bool:
        """Ask for another turn, at the tail of the queue; False if nobody heard it."""
        return self.world.queues.ring(Side.SLACK, [bell_of(self.home)])


def noted(turn: Turn, event: str, outcome: Outcome, ts: str = "", **ids: object) -> None:
    """Note what became of something we did in Slack; `ts` is the post it was done to, if it is not new."""
    ts = ts or (outcome.id if isinstance(outcome, Ok) else "")
    name = type(outcome).__name__
    logs.note(
        event,
        **{"outcome": name, "conversation": turn.home.id, "channel": turn.home.slack_channel, "ts": ts, **ids},
    )


def say(turn: Turn, words: Post, stamp: Stamp, there: Thread) -> Outcome:
    """Post; short waits are waited out, and what Slack refuses is tried once as plain text."""
    return say_one_of(turn, (words, plain_version(words)), stamp, there)[0]


def say_one_of(turn: Turn, looks: Sequence[Post], stamp: Stamp, there: Thread) -> tuple[Outcome, Post]:
    """Post something as it should look, or as the first of its other looks that Slack does not refuse."""
    first, *others = looks
    outcome = _say_once(turn, first, stamp, there)
    if waited_out(turn.world, outcome):
        outcome = _say_once(turn, first, stamp, there)
    if not others or not isinstance(outcome, Refused) or outcome.detail in GONE:
        return outcome, first
    logs.alarm("slack.refused", why=outcome.detail, conversation=turn.home.id)
    return say_one_of(turn, others, stamp, there)


def hand_over(turn: Turn, words: Post, files: Sequence[tuple[str, str]]) -> Outcome:
    """Have Slack make a post with files; short waits are waited out."""
    home, slack = turn.home, turn.world.slack

    def share() -> Outcome:
        return slack.files.share(home.slack_channel, home.thread_ts, words, files)

    outcome = _paced(turn, home.slack_channel, share)
    return _paced(turn, home.slack_channel, share) if waited_out(turn.world, outcome) else outcome


def _say_once(turn: Turn, words: Post, stamp: Stamp, there: Thread) -> Outcome:
    channel, slack = there.slack_channel, turn.world.slack
    return _paced(turn, channel, lambda: slack.post(channel, there.ts, words, stamp))


def _paced(turn: Turn, channel: str, call: Callable[[], Outcome]) -> Outcome:
    """Make a post no sooner than Slack takes one in this channel."""
    world = turn.world
    wait = world.pace.step(channel, world.now())
    if wait:
        world.pause(wait / 1000)
    outcome = call()
    if isinstance(outcome, Busy) and outcome.wait:
        world.pace.spent(channel, world.now() + outcome.wait)
    return outcome


def earlier(turn: Turn, claim: Claim, there: Thread) -> Ok | Absent | None:
    """Find out what became of a claim that somebody else made; None if it is too early to say."""
    if claim.ts:
        return Ok(claim.ts)
    if fresh(claim, turn.world.now()):
        return None
    found = turn.world.slack.find(there.slack_channel, there.ts, claim)
    if isinstance(found, CannotTell):
        logs.alarm("post.not_looked_up", conversation=turn.home.id, post=claim.post)
        return Absent()
    return found


def shut_out(turn: Turn, outcome: Busy | Ours, channel: str = "") -> int:
    """Shut the channel's gate and return until when."""
    channel = channel or turn.home.slack_channel
    if isinstance(outcome, Ours):
        return close_ours(turn.world, "slack", channel, outcome.why)
    if outcome.wait is not None and outcome.wait <= WATCHED:
        turn.ring()
    return close(turn.world, "slack", channel, outcome)
