"""What we say in Slack, and how each call ended. slack_sdk lives here, imported where it is first used.

https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.model import (
    NO_TIME,
    Absent,
    Ambiguous,
    Busy,
    Claim,
    Found,
    Ok,
    Ours,
    Outcome,
    Refused,
    Saved,
    Stamp,
    born,
)
from chalicelib.slack.answers import not_found, outcome_of
from chalicelib.slack.blocks import Post
from chalicelib.slack.files import Files
from chalicelib.slack.modals import Modals
from chalicelib.slack.moves import Moves
from chalicelib.slack.names import Names
from chalicelib.slack.rooms import Room, room_of
from chalicelib.slack.stamp import bears, sealed
from chalicelib.store import Put, Store
from chalicelib.web import Http, call

TIMEOUT_SECONDS = 10
LISTED = 200
"""Messages in a page: as many as Slack recommends at most."""

AROUND = 60_000
"""Ms around a claim within which its post is looked for: the clocks may differ, and a worker lives for 30 s."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of messages as Slack lists them, and whether there are more behind it."""

    messages: tuple[dict[str, Any], ...]
    more: bool


class Threads:
    """Slack's Web API as far as we use it, without retries of its own: those could post twice.

    No call is begun while `has_time` says no.
    """

    def __init__(
        self,
        token: Callable[[], str],
        base_url: str,
        store: Store,
        has_time: Callable[[], bool] = lambda: True,
        http: Http = call,
    ) -> None:
        self._token = token
        self._base_url = base_url
        self._store = store
        self._has_time = has_time
        self._made: tuple[str, Any] | None = None
        self._team = self._address = ""
        self._names = Names(self._read)
        self.moves = Moves(store)
        self.files = Files(self._ask, http, base_url, token)
        self.modals = Modals(self._ask, http, base_url)

    def post(self, channel: str, thread_ts: str, post: Post, stamp: Stamp) -> Outcome:
        """Post once; `stamp` travels with it. Ok carries the ts."""
        return self._write(
            "chat.postMessage",
            channel=channel,
            text=post.text,
            blocks=list(post.blocks) or None,
            thread_ts=thread_ts or None,
            reply_broadcast=post.broadcast or None,
            username=post.username or None,
            icon_emoji=None if post.icon_url else post.icon_emoji or None,  # Slack would show the emoji
            icon_url=post.icon_url or None,
            metadata=sealed(stamp),
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
        )

    def update(self, channel: str, ts: str, post: Post) -> Outcome:
        """Draw a post of ours anew; doing it twice is harmless."""
        return self._write(
            "chat.update", channel=channel, ts=ts, text=post.text, blocks=list(post.blocks), parse="none"
        )

    def mark(self, channel: str, ts: str, name: str) -> Outcome:
        """Put a reaction on a message; doing it twice is harmless."""
        return self._write("reactions.add", channel=channel, timestamp=ts, name=name)

    def unmark(self, channel: str, ts: str, name: str) -> Outcome:
        """Take a reaction of ours off a message; one that is not there is off already."""
        outcome = self._write("reactions.remove", channel=channel, timestamp=ts, name=name)
        return Ok("") if isinstance(outcome, Refused) and outcome.detail == "no_reaction" else outcome

    def delete(self, channel: str, ts: str) -> Outcome:
        """Take a post of ours out of Slack; doing it twice is harmless."""
        return self._write("chat.delete", channel=channel, ts=ts)

    def find(self, channel: str, thread_ts: str, claim: Claim) -> Found | None:
        """Look for what a claim was for, since it was first tried: in its thread, or in the channel for a head.

        Of several copies the first. CannotTell where we are not allowed to read, None where Slack does not
        answer at the moment.
        """
        oldest = f"{max(born(claim.post) - AROUND, 0) / 1000:.6f}"
        latest = f"{(claim.at + 2 * AROUND) / 1000:.6f}"
        asked = {
            "channel": channel,
            "oldest": oldest,
            "latest": latest,
            "include_all_metadata": True,
            "limit": 200,
        }
        method = "conversations.replies" if thread_ts else "conversations.history"
        if thread_ts:
            asked["ts"] = thread_ts
        cursor, copies = "", []
        for _ in range(10):
            outcome = self._read(method, **asked, cursor=cursor or None)
            if not isinstance(outcome, dict):
                return not_found(outcome)
            copies += [each["ts"] for each in outcome.get("messages", ()) if bears(each, claim.post)]
            cursor = (outcome.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Ok(min(copies)) if copies else Absent()
        return None

    def heads(self, channel: str, before: str) -> Leaf | Outcome:
        """List a page of a channel's own messages, newest first; a thread's head tells of its latest reply."""
        return self._leaf("conversations.history", channel=channel, latest=before or None)

    def replies(self, channel: str, thread_ts: str, oldest: str, latest: str) -> Leaf | Outcome:
        """List a page of what was said in a thread between two moments, oldest first, without its head."""
        leaf = self._leaf("conversations.replies", channel=channel, ts=thread_ts, oldest=oldest, latest=latest)
        if not isinstance(leaf, Leaf):
            return leaf
        return replace(leaf, messages=tuple(each for each in leaf.messages if each.get("ts") != thread_ts))

    def _leaf(self, method: str, **asked: str | None) -> Leaf | Outcome:
        answer = self._read(method, **asked, limit=LISTED)
        if not isinstance(answer, dict):
            return answer
        more = bool((answer.get("response_metadata") or {}).get("next_cursor"))
        return Leaf(tuple(answer.get("messages") or ()), more)

    def permalink(self, channel: str, ts: str) -> str:
        """Link to a message, or nothing if Slack will not say."""
        answer = self._read("chat.getPermalink", channel=channel, message_ts=ts)
        return str(answer.get("permalink", "")) if isinstance(answer, dict) else ""

    def room(self, channel: str) -> Room | Outcome:
        """Ask what a channel is now."""
        answer = self._read("conversations.info", channel=channel)
        if answer == Ours("channel_not_found"):
            return Room(gone=True)
        return room_of(answer["channel"]) if isinstance(answer, dict) else answer

    def called(self, mention: str, *, ask: bool = True) -> str | None:
        """Say what is mentioned as `user:U0BOB`; empty if it has no name, None if Slack does not answer now."""
        return self._names.of(mention, ask=ask)

    def is_ours(self, user: str) -> bool | None:
        """Tell whether a user is a person of our own workspace; None if Slack does not answer now."""
        team = self.team()
        return self._names.is_of(user, team) if isinstance(team, str) else None

    def zone(self, user: str) -> str:
        """Name the time zone somebody of the team lives in; empty if Slack does not say."""
        return self._names.zone(user)

    def team(self) -> str | Outcome:
        """Name the workspace our token belongs to: asked once, then kept in the table with its address."""
        if not self._team:
            name = f"slack team {hashlib.sha256(self._token().encode()).hexdigest()[:16]}"
            saved = self._store.find(Saved, name)
            if saved is None or " " not in saved.value:
                answer = self._read("auth.test")
                if not isinstance(answer, dict):
                    return answer
                saved = Saved(name, f"{answer['team_id']} {answer.get('url') or ''}")
                self._store.write(Put(saved))
            self._team, _, self._address = saved.value.partition(" ")
        return self._team

    def link(self, channel: str, ts: str, thread_ts: str) -> str:
        """Link to a message without asking Slack, or nothing if our workspace has no address."""
        if not self._address:
            return ""
        channel = self.moves.known(channel)
        link = f"{self._address.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
        return link if thread_ts in ("", ts) else f"{link}?thread_ts={thread_ts}&cid={channel}"

    def _write(self, method: str, **arguments: Any) -> Outcome:
        answer = self._ask(method, json=_given(arguments))
        return Ok(str(answer.get("ts", ""))) if isinstance(answer, dict) else answer

    def _read(self, method: str, **arguments: Any) -> dict[str, Any] | Outcome:
        """Ask for something; Slack's reading methods take no JSON."""
        return self._ask(method, params=_given(arguments))

    def _ask(self, method: str, **how: Any) -> dict[str, Any] | Outcome:
        """Call Slack, if there is time for it, in the channel as it is called by now."""
        return self.moves.through(lambda there: self._ask_once(method, there), how)

    def _ask_once(self, method: str, how: dict[str, Any]) -> dict[str, Any] | Outcome:
        """Call Slack once, if there is time for it, and tell an answer from the ways in which there is none."""
        if not self._has_time():
            return NO_TIME
        from slack_sdk.errors import SlackApiError, SlackClientError  # noqa: PLC0415 - 78 ms, for workers only

        try:
            answer: dict[str, Any] = self._client().api_call(method, **how).data
        except SlackApiError as error:
            return outcome_of(error.response)
        except urllib.error.URLError as error:
            if isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
                return Busy("Slack cannot be reached")
            return Ambiguous("Slack did not answer")
        except (OSError, http.client.HTTPException, SlackClientError, json.JSONDecodeError, AttributeError):
            # slack_sdk trips over JSON that is no object.
            return Ambiguous("Slack did not answer")
        return answer

    def _client(self) -> Any:
        token = self._token()
        if self._made is None or self._made[0] != token:
            from slack_sdk import WebClient  # noqa: PLC0415

            client = WebClient(token, base_url=self._base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
            self._made = (token, client)
        return self._made[1]


def _given(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}
