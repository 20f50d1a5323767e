"""The Web API's front: who may call what, how often, and what goes wrong on order."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.faults import CHECKS, KEPT, Plans
from infra.local.journal import Journal
from infra.local.server import Answer, Call, answer_json
from infra.local.slack import chat, conversations, files, people, reactions, views
from infra.local.slack.calls import Args, Refused, read_args, read_token
from infra.local.slack.limits import Limits
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

T2, T3, T4, SPECIAL = 20, 50, 100, 300
EVERY = "*"
FAULTS = {
    **{name: CHECKS[name] for name in ("status", "retry_after", "drop", "delay")},
    "error": lambda value: type(value) is str,
}


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its code, its calls a minute, the scope it needs and the arguments it must have."""

    run: Callable[[Workspace, Args], Json]
    per_minute: int
    scope: str = ""
    required: tuple[str, ...] = ()


METHODS = {
    "auth.test": Method(people.auth_test, SPECIAL),
    "chat.delete": Method(chat.delete, T3, "chat:write", ("channel", "ts")),
    "chat.getPermalink": Method(chat.get_permalink, SPECIAL, "", ("channel", "message_ts")),
    "chat.postEphemeral": Method(chat.post_ephemeral, T4, "chat:write", ("channel", "user")),
    "chat.postMessage": Method(chat.post_message, SPECIAL, "chat:write", ("channel",)),
    "chat.update": Method(chat.update, T3, "chat:write", ("channel", "ts")),
    "conversations.history": Method(conversations.history, T3, "", ("channel",)),
    "conversations.info": Method(conversations.info, T3, "", ("channel",)),
    "conversations.join": Method(conversations.join, T3, "channels:join", ("channel",)),
    "conversations.list": Method(conversations.list_channels, T2),
    "conversations.members": Method(conversations.members, T4, "", ("channel",)),
    "conversations.replies": Method(conversations.replies, T3, "", ("channel", "ts")),
    "files.completeUploadExternal": Method(files.complete, T4, "files:write"),
    "files.delete": Method(files.delete, T3, "files:write", ("file",)),
    "files.getUploadURLExternal": Method(files.get_upload_url, T4, "files:write"),
    "files.info": Method(files.info, T4, "files:read", ("file",)),
    "reactions.add": Method(reactions.add, T3, "reactions:write", ("name",)),
    "reactions.get": Method(reactions.get, T3, "reactions:read"),
    "reactions.remove": Method(reactions.remove, T2, "reactions:write", ("name",)),
    "team.info": Method(people.team_info, T3, "team:read"),
    "usergroups.list": Method(people.group_list, T2, "usergroups:read"),
    "users.info": Method(people.user_info, T4, "users:read", ("user",)),
    "users.list": Method(people.user_list, T2, "users:read"),
    "views.open": Method(views.open_view, T4, "", ("trigger_id", "view")),
    "views.publish": Method(views.publish, T4, "", ("user_id", "view")),
    "views.push": Method(views.push, T4, "", ("trigger_id", "view")),
    "views.update": Method(views.update, T4, "", ("view",)),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call: the answer, one word for it, and what it says."""

    answer: Answer
    outcome: str
    body: Json = field(default_factory=dict)


class Api:
    """Answers Web API calls; the last that the app made stay in `calls`."""

    def __init__(
        self,
        workspace: Workspace,
        token: str,
        lock: threading.RLock,
        journal: Journal,
        tell: Callable[[], None],
    ) -> None:
        self._workspace, self._token, self._lock = workspace, token, lock
        self._journal = journal
        self.limits = Limits(workspace.now)
        self.faults = Plans(tell, FAULTS)
        self.calls: deque[tuple[str, Json]] = deque(maxlen=KEPT)
        self.limited = True

    def reset(self) -> None:
        self.limits.reset()
        self.faults.clear()
        self.calls.clear()

    def serve(self, name: str, call: Call) -> Answer:
        began = time.monotonic()
        args = Args()
        try:
            args = read_args(call)
            result = self._serve(name, read_token(call, args), args)
        except Refused as refusal:
            result = _refused(refusal)
        told = {"method": name, **_place(args, result), "outcome": result.outcome}
        self._journal.add("call", **told, ms=round((time.monotonic() - began) * 1000))
        return result.answer

    def _serve(self, name: str, token: str, args: Args) -> Result:
        args.pop("token", None)
        with self._lock:
            self._workspace.ripen()
            self.calls.append((name, dict(args)))
            fault = self.faults.take({name, EVERY}.__contains__)
        return self._misfortune(fault) or self._carry_out(name, token, args, fault)

    def _misfortune(self, fault: Json) -> Result | None:
        """Spoil the call before it is done; a delay lets it be done afterwards."""
        time.sleep(fault.get("delay", 0))
        if fault.get("drop") == "before":
            return Result(Answer(drop=True), "line broke")
        if "error" in fault:
            error = fault["error"]
            return Result(answer_json({"ok": False, "error": error}, fault.get("status", 200)), str(error))
        if fault.get("status") == 429:  # noqa: PLR2004 - everyone knows it
            return _too_many(fault.get("retry_after", 1))
        return Result(Answer(fault["status"], b""), str(fault["status"])) if "status" in fault else None

    def _carry_out(self, name: str, token: str, args: Args, fault: Json) -> Result:
        with self._lock:
            headers = {"x-oauth-scopes": ",".join(sorted(self._workspace.scopes))}
            try:
                method = self._admit(name, token, args)
                seconds = self._wait(name, method, args)
                if seconds:
                    return _too_many(seconds)
                body = method.run(self._workspace, args)
                result = Result(answer_json(body, headers=headers), "ok", body)
            except Refused as refusal:
                result = _refused(refusal, headers)
        return Result(Answer(drop=True), "answer lost", result.body) if fault.get("drop") == "after" else result

    def _wait(self, name: str, method: Method, args: Args) -> int:
        return self.limits.wait(name, method.per_minute, args.word("channel")) if self.limited else 0

    def _admit(self, name: str, token: str, args: Args) -> Method:
        if not token:
            raise Refused("not_authed")
        if token != self._token:
            raise Refused("invalid_auth")
        if self._workspace.revoked:
            raise Refused("token_revoked")
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        if method.scope:
            self._workspace.need(method.scope)
        missing = [field for field in method.required if not args.word(field)]
        if missing:
            messages = [f"[ERROR] missing required field: {field}" for field in missing]
            raise Refused("invalid_arguments", response_metadata={"messages": messages})
        return method


def _too_many(seconds: int) -> Result:
    answer = answer_json({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})
    return Result(answer, "429", {"retry_after": seconds})


def _refused(refusal: Refused, headers: Mapping[str, str] | None = None) -> Result:
    return Result(answer_json(refusal.body, headers=headers), str(refusal), refusal.body)


def _place(args: Args, result: Result) -> Json:
    """Tell where a call was about, and how long the app was told to wait: never what it said."""
    stamps = [result.body.get(name) for name in ("ts", "message_ts")]
    stamps += [args.word(name) for name in ("ts", "timestamp", "message_ts")]
    place = {
        "channel": args.word("channel") or args.word("channel_id"),
        "ts": next((stamp for stamp in stamps if stamp), ""),
        "retry_after": result.body.get("retry_after", 0),
    }
    return {name: value for name, value in place.items() if value}
