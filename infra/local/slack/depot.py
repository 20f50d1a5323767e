"""Where the bytes of files are put and fetched: Slack's upload addresses, and files.slack.com."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from infra.local import controls
from infra.local.blobs import Blob
from infra.local.faults import Plans
from infra.local.journal import Journal
from infra.local.multipart import multipart
from infra.local.server import Answer, Call
from infra.local.slack.cabinet import File, Step
from infra.local.slack.team import BOT_USER_ID, TEAM_ID
from infra.local.slack.workspace import Workspace

_SIGN_IN = b"<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"
BIGGEST_UPLOAD = 256 * 1024 * 1024
"""Slack takes 1 GB; here it is held in memory."""
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


class Depot:
    """Takes each upload once, and gives a file to whoever may see it; to others it shows a page to sign in."""

    def __init__(
        self, workspace: Workspace, token: str, lock: threading.RLock, journal: Journal, faults: Plans
    ) -> None:
        self._workspace, self._token, self._lock = workspace, token, lock
        self._journal, self._faults = journal, faults

    def serve(self, call: Call) -> Answer:
        head, _, rest = call.path.strip("/").partition("/")
        last = rest.rpartition("/")[2]
        if head == "control":
            return self._seen(last, call)
        if head == "upload":
            return self._spoiled("upload", lambda: self._put(last, call))
        return self._spoiled("download", lambda: self._get(rest, call))

    def _seen(self, file_id: str, call: Call) -> Answer:
        """Give a file to whoever looks at the workspace on this machine."""
        strange = controls.stranger(call)
        if strange:
            return strange
        with self._lock:
            file = self._workspace.cabinet.files.get(file_id)
            if file is None or file.deleted:
                return Answer(HTTPStatus.NOT_FOUND)
            return _sent(file)

    def _spoiled(self, what: str, act: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        with self._lock:
            fault = self._faults.take({what}.__contains__)
        time.sleep(fault.get("delay", 0))
        if fault.get("drop") == "before" or "status" in fault or "error" in fault:
            answer = Answer(fault.get("status", 500), b"", drop="drop" in fault)
        else:
            answer = act()
        if fault.get("drop") == "after":
            answer = Answer(drop=True)
        outcome = "line broke" if answer.drop else "ok" if answer.status == HTTPStatus.OK else str(answer.status)
        self._journal.add("call", method=what, outcome=outcome, ms=round((time.monotonic() - began) * 1000))
        return answer

    def _put(self, key: str, call: Call) -> Answer:
        if call.method != "POST":
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED)
        data = _body(call)
        with self._lock:
            file = self._workspace.cabinet.files.get(self._workspace.cabinet.uploads.get(key, ""))
            if file is None:
                return Answer(HTTPStatus.NOT_FOUND)
            if len(data) != file.blob.size:
                return Answer(HTTPStatus.BAD_REQUEST, b"The length is not what was announced.")
            del self._workspace.cabinet.uploads[key]
            file.blob, file.step = Blob(data, len(data), len(data)), Step.FILLED
        return Answer(200, f"OK - {len(data)}".encode(), {"Content-Type": "text/plain"})

    def _get(self, place: str, call: Call) -> Answer:
        """Find a file by `T…-F…/download/name`; who may not have it gets 200 all the same, as at Slack."""
        head, _, rest = place.partition("/")
        file_id = head.removeprefix(f"{TEAM_ID}-")
        with self._lock:
            file = self._workspace.cabinet.files.get(file_id)
            if not self._may(call, file):
                return Answer(200, _SIGN_IN, {"Content-Type": "text/html; charset=utf-8"})
            if file is None or file.deleted or unquote(rest.removeprefix("download/")) != file.about["name"]:
                return Answer(HTTPStatus.NOT_FOUND)
            return _sent(file)

    def _may(self, call: Call, file: File | None) -> bool:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != self._token or self._workspace.revoked:
            return False
        if "files:read" not in self._workspace.scopes:
            return False
        if file is None or file.deleted:
            return True
        channels = [self._workspace.channels[channel] for channel in file.shares]
        own = file.about["user"] == BOT_USER_ID
        return file.spoilt not in {"sign_in", "access_denied"} and (
            own or any(BOT_USER_ID in channel.members for channel in channels)
        )


def _sent(file: File) -> Answer:
    blob = Blob(slow=True, announced=file.blob.size) if file.spoilt == "slow" else file.blob
    return blob.answer({"Content-Type": file.about["mimetype"], "Content-Disposition": "attachment", **SAFE})


def _body(call: Call) -> bytes:
    """Take the bytes as they are, or the one file of a form."""
    if not call.headers.get("content-type", "").startswith("multipart/form-data"):
        return call.body
    return next((field.data for field in multipart(call).values()), b"")
