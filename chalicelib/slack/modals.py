"""What one person sees and nobody else: modals, their App Home, a sentence that only they can read.

https://docs.slack.dev/reference/methods/views.open and
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from chalicelib.model import Ok, Outcome, Reason, Refused
from chalicelib.slack.views import Block
from chalicelib.slack.words import told
from chalicelib.web import CallFailed, Http, judge

HOOKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
"""Where Slack has itself answered."""

Ask = Callable[..., Any]
"""Asks Slack: a method and its arguments; an answer is a dictionary, all else an outcome."""


class Modals:
    """Slack's views and ephemeral sentences, each in one call; a view's id is in Ok."""

    def __init__(self, ask: Ask, http: Http, base_url: str) -> None:
        self._ask = ask
        self._http = http
        self._own = urlsplit(base_url)

    def open(self, trigger: str, view: Block) -> Outcome:
        """Open a modal for whoever pulled this trigger, within three seconds and once."""
        return self._show("views.open", trigger_id=trigger, view=view)

    def push(self, trigger: str, view: Block) -> Outcome:
        """Open a modal upon the one that is open; Slack takes three upon each other."""
        return self._show("views.push", trigger_id=trigger, view=view)

    def update(self, view_id: str, view: Block) -> Outcome:
        """Put a modal in the place of one that is open."""
        return self._show("views.update", view_id=view_id, view=view)

    def publish(self, user: str, view: Block) -> Outcome:
        """Draw somebody's App Home."""
        return self._show("views.publish", user_id=user, view=view)

    def answer(self, response_url: str, words: str, thread_ts: str = "") -> Outcome:
        """Say something to whoever pressed, beside what they pressed; the words are ours."""
        there = urlsplit(response_url)
        slacks = there.scheme == "https" and there.hostname in HOOKS
        if not slacks and (there.scheme, there.netloc) != (self._own.scheme, self._own.netloc):
            return Refused(Reason.REFUSED, "not an address of Slack's")
        body: dict[str, Any] = {"response_type": "ephemeral", "replace_original": False, "text": words}
        body |= {"thread_ts": thread_ts} if thread_ts else {}
        try:
            reply = self._http("POST", response_url, json=body)
        except CallFailed as failed:
            return failed.outcome
        return Ok("") if 200 <= reply.status < 300 else judge(reply, "response_url")  # noqa: PLR2004

    def whisper(self, channel: str, thread_ts: str, user: str, words: str) -> Outcome:
        """Say something in a thread that only one person sees."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        answer = self._ask(
            "chat.postEphemeral",
            json={"channel": channel, "user": user, "text": told(words)} | thread,
        )
        return Ok("") if isinstance(answer, dict) else answer

    def _show(self, method: str, **arguments: Any) -> Outcome:
        answer = self._ask(method, json=arguments)
        if not isinstance(answer, dict):
            return answer  # type: ignore[no-any-return]  # an outcome
        view: Mapping[str, Any] = answer.get("view") or {}
        return Ok(str(view.get("id", "")))
