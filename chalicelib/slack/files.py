"""Files in Slack: shown in a thread, looked for there, taken away again.

https://docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.model import Absent, Found, Ok, Ours, Outcome, Reason, Refused
from chalicelib.slack.answers import not_found
from chalicelib.slack.blocks import Post

MOST = 10
"""Files in one post, as many as a person can put into one."""

GONE = frozenset({"file_not_found", "file_deleted", "file_is_deleted"})
"""Slack's words for a file it does not have, or that nobody has said is complete, or that was complete before."""
NOT_HERE = frozenset({"posting_to_channel_denied"})
"""Its words for a channel that takes no files: about ours they are not, since it does take words."""

Ask = Callable[..., Any]
"""Calls a method of Slack's: an answer is a dictionary, all else is an outcome."""


class Files:
    """What Slack has of the files that we bring, by the calls of `Threads`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def share(self, channel: str, thread_ts: str, post: Post, files: Sequence[tuple[str, str]]) -> Outcome:
        """Show uploaded files, each an id and a title, as one post: Slack does that once and never again.

        Ok carries no ts, because Slack makes the post in its own time. It takes no text beside the blocks.
        """
        answer = self._ask(
            "files.completeUploadExternal",
            json={
                "files": [{"id": file, "title": title} for file, title in files],
                "channel_id": channel,
                "thread_ts": thread_ts,
                "blocks": list(post.blocks),
                "username": post.username,
                "icon_emoji": post.icon_emoji,
            },
        )
        if isinstance(answer, Ours) and answer.why in NOT_HERE:
            return Refused(Reason.FILE_UNSHOWN, answer.why)
        if isinstance(answer, Refused):
            return replace(answer, reason=Reason.FILE_UNSHOWN)
        return Ok("") if isinstance(answer, dict) else answer

    def shared(self, channel: str, file: str) -> Found | None:
        """Tell where a file was first shown in a channel: Ok without a ts if Slack has it and does not show it.

        Absent where Slack knows no such file, which is so, too, as long as its upload was not completed.
        CannotTell where we are not allowed to ask, None where Slack does not answer at the moment.
        """
        answer = self._ask("files.info", params={"file": file})
        if isinstance(answer, dict):
            return Ok(min(_places(answer.get("file"), channel), default=""))
        return Absent() if _is_gone(answer) else not_found(answer)

    def discard(self, file: str) -> Outcome:
        """Take a file out of Slack, wherever it is shown; doing it twice is harmless."""
        answer = self._ask("files.delete", json={"file": file})
        return Ok(file) if isinstance(answer, dict) or _is_gone(answer) else answer


def _is_gone(answer: Any) -> bool:
    return isinstance(answer, Refused) and answer.detail in GONE


def _places(file: Any, channel: str) -> list[str]:
    """Name the posts of one channel that show a file; those of private channels are told apart."""
    shares = (file.get("shares") if isinstance(file, dict) else None) or {}
    return [str(place["ts"]) for kind in shares.values() for place in kind.get(channel) or ()]
