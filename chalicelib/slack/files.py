"""Files in Slack: brought, shown in a thread, looked for there, taken away again.

https://docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, BinaryIO

from chalicelib.errors import Malformed
from chalicelib.model import (
    Absent,
    Ambiguous,
    Attachment,
    Busy,
    Carriage,
    Found,
    Ok,
    Ours,
    Outcome,
    Reason,
    Refused,
    Source,
    hosts_of,
)
from chalicelib.reading import part, text, untrusted
from chalicelib.slack.answers import not_found
from chalicelib.slack.blocks import Post
from chalicelib.slack.dropped import read_file
from chalicelib.web import CallFailed, Http, Reply, retry_after

MOST = 10
"""Files in one post, as many as a person can put into one."""

GONE = frozenset({"file_not_found", "file_deleted", "file_is_deleted"})
"""Slack's words for a file it does not have, or that nobody has said is complete, or that was complete before."""
UPLOAD_SECONDS = 30.0
"""For the bytes of one file."""
SLACK, HOME = "https://slack.com/", "files.slack.com"
HOSTS = (".slack.com",)
"""Where bytes may be brought: to files.slack.com, so far."""
NOT_TAKEN: Mapping[str, Reason] = {
    "file_upload_size_restricted": Reason.FILE_TOO_BIG,
    "missing_argument": Reason.FILE_EMPTY,  # a length of 0 is none to Slack
}
NOT_HERE = frozenset({"posting_to_channel_denied"})
"""Its words for a channel that takes no files: about ours they are not, since it does take words."""

Ask = Callable[..., Any]
"""Calls a method of Slack's: an answer is a dictionary, all else is an outcome."""


class Files:
    """What Slack has of the files that we bring, by the calls of `Threads`."""

    def __init__(self, ask: Ask, http: Http, base_url: str, token: Callable[[], str]) -> None:
        self._ask, self._http, self._base_url, self._token = ask, http, base_url, token

    def upload(self, name: str, size: int, stream: BinaryIO) -> str | Outcome:
        """Bring one file, and return its id. Nobody sees it before it is shared, so doing it twice is harmless."""
        asked = self._ask("files.getUploadURLExternal", params={"filename": name, "length": size})
        if isinstance(asked, Refused):
            return replace(asked, reason=NOT_TAKEN.get(asked.detail, Reason.FILE_UNSHOWN))
        if not isinstance(asked, dict):
            outcome: Outcome = asked
            return outcome
        url = str(asked.get("upload_url", ""))
        if not Source(url, (*HOSTS, *hosts_of(self._base_url))).allows(url):
            return Refused(Reason.FILE_UNSHOWN, "it was to be brought to a place which is not Slack's")
        kind = {"Content-Type": "application/octet-stream"}
        try:
            reply = self._http("POST", url, headers=kind, data=stream, seconds=UPLOAD_SECONDS)
        except CallFailed as failure:
            return failure.outcome
        return str(asked.get("file_id", "")) if reply.status == HTTPStatus.OK else _not_taken(reply)

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

    def about(self, file: str) -> tuple[Attachment, Source] | Outcome:
        """Tell what a file that somebody dropped is now, and where its bytes are; refused if they are not ours."""
        answer = self._ask("files.info", params={"file": file})
        if isinstance(answer, Ours) and answer.why == "access_denied":
            return Refused(Reason.FILE_REFUSED, "Slack does not show it to Threadline")
        if isinstance(answer, Refused):
            return replace(answer, reason=Reason.FILE_GONE if _is_gone(answer) else Reason.FILE_REFUSED)
        if not isinstance(answer, dict):
            outcome: Outcome = answer
            return outcome
        try:
            with untrusted():
                told = part(answer["file"])
                found, url = read_file(told), text(told.get("url_private_download") or told.get("url_private"))
        except Malformed:
            return Ambiguous("an unreadable answer")
        if found.carriage is Carriage.LOST:
            return Refused(found.why or Reason.FILE_GONE, found.detail)
        if not url:
            return Refused(Reason.FILE_REFUSED, "Slack does not say where it is")
        # Our token goes nowhere else than where Slack has its files, or to a stand-in.
        ours = hosts_of(self._base_url)
        hosts = (HOME,) if ours == hosts_of(SLACK) else (HOME, *ours)
        return found, Source(url, hosts, {"Authorization": f"Bearer {self._token()}"}, found.size, found.mime)

    def discard(self, file: str) -> Outcome:
        """Take a file out of Slack, wherever it is shown; doing it twice is harmless."""
        answer = self._ask("files.delete", json={"file": file})
        return Ok(file) if isinstance(answer, dict) or _is_gone(answer) else answer


def _not_taken(reply: Reply) -> Outcome:
    """Sort the answers of the place that takes the bytes: it has no words of its own."""
    why = f"HTTP {reply.status}"
    match reply.status:
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return Busy("Slack asks us to wait", retry_after(reply.headers))
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return Refused(Reason.FILE_TOO_BIG, why)
        case status if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refused(Reason.FILE_UNSHOWN, why)
    return Ambiguous(why)


def _is_gone(answer: Any) -> bool:
    return isinstance(answer, Refused) and answer.detail in GONE


def _places(file: Any, channel: str) -> list[str]:
    """Name the posts of one channel that show a file; those of private channels are told apart."""
    shares = (file.get("shares") if isinstance(file, dict) else None) or {}
    return [str(place["ts"]) for kind in shares.values() for place in kind.get(channel) or ()]
