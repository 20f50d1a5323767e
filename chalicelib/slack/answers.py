"""What Slack's answers mean for us: each refusal sorted into one of the six outcomes.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from __future__ import annotations

import re
from typing import Any

from chalicelib.model import Absent, Ambiguous, Busy, CannotTell, Found, Ok, Ours, Outcome, Reason, Refused
from chalicelib.web import retry_after

GONE = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})
"""Slack's words for a thread that is no more."""

MUST_NOT_LOOK = frozenset({"missing_scope", "not_allowed_token_type", "method_not_supported_for_channel_type"})
"""Its words for a reading that will never be allowed."""

ERROR = re.compile(r"[a-z][a-z0-9_]*")

RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
PERHAPS_DONE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Slack says of these that some of it may have happened."""
OURS = frozenset(
    {
        "access_denied",
        "account_inactive",
        "accesslimited",
        "channel_is_limited_access",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_only_channel",
        "team_added_to_org",
        "team_not_found",
        "two_factor_setup_required",
        "channel_not_found",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "posting_to_channel_denied",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
DONE_ALREADY = frozenset({"already_reacted"})


def outcome_of(response: Any) -> Outcome:
    """Sort Slack's refusals by what they mean for us."""
    error = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if not ERROR.fullmatch(error):
        error = ""  # slack_sdk puts a page that is no JSON here, word for word
    if response.status_code == 429 or error in RATE_LIMITED:  # noqa: PLR2004 - Too Many Requests
        return Busy("Slack asks us to wait", retry_after(response.headers))
    if error in DONE_ALREADY:
        return Ok("")
    if error in OURS:
        return Ours(error)
    if response.status_code >= 500 or error in PERHAPS_DONE or not error:  # noqa: PLR2004 - a server's fault
        return Ambiguous(error or f"HTTP {response.status_code}")
    return Refused(Reason.REFUSED, error)


def not_found(outcome: Outcome) -> Found | None:
    """Sort what kept a look-up from being answered: None where it is only too early to say."""
    match outcome:
        case Refused(_, detail) if detail in GONE:
            return Absent()
        case Ours(why) | Refused(_, why) if why in MUST_NOT_LOOK:
            return CannotTell()
    return None
