"""Why something did not get through, in words for the team."""

from __future__ import annotations

from chalicelib.model import Reason
from chalicelib.slack.words import clean

REASONS = {
    Reason.BAD_ADDRESS: "the address does not exist or cannot be written to.",
    Reason.BLOCKED: "they have blocked us.",
    Reason.OPTED_OUT: "they asked not to be written to.",
    Reason.WINDOW: "more than 24 hours have passed since they last wrote, and then WhatsApp allows no free text.",
    Reason.TOO_LONG: "the text is longer than the channel takes.",
    Reason.UNREACHABLE: "their phone cannot be reached at the moment.",
    Reason.FILTERED: "a carrier took it for spam and dropped it.",
    Reason.EXPIRED: "it could not be sent for a whole day.",
    Reason.REFUSED: "the provider refused it.",
    Reason.NO_SENDER: "the number or sender they wrote to cannot send; an administrator has to look.",
    Reason.NO_ROUTE: "there is no address to send it to.",
    Reason.GAVE_UP: "three attempts brought no answer, and the provider has no trace of it.",
    Reason.LOST_TRACK: "the provider's answer was lost, and there is nobody to ask.",
    Reason.UNCONFIRMED: "the provider confirms what it takes, and was silent: most likely it never left.",
    Reason.UNHEARD: "it was edited before we heard of it; if it was not a note, send it.",
    Reason.TURNED_UP: "it turned up here after it had been given up; if it is still wanted, send it.",
    Reason.TOO_LATE: "the provider allows that for a while only.",
    Reason.OTHER_PARTS: "the new words do not fit into the messages that went out.",
    Reason.NOTE_BETWEEN: "it was a note in between, and what was a note stays inside.",
    Reason.FORM_MISSING: "Slack did not tell of all that it said in between, which may have been a note.",
    Reason.UNSURE: "it is not known whether the earlier words arrived.",
    Reason.FILE_EMPTY: "the file is empty.",
    Reason.FILE_TOO_BIG: "the file is too big.",
    Reason.FILE_KIND: "files of this kind cannot be sent there.",
    Reason.FILE_GONE: "the file is not there any more.",
    Reason.FILE_SLOW: "the file could not be fetched in time.",
    Reason.FILE_REFUSED: "whoever has the file would not hand it out.",
    Reason.FILE_UNSHOWN: "Slack would not show the file.",
}

SAFE_AGAIN = frozenset(
    {
        Reason.WINDOW,
        Reason.UNREACHABLE,
        Reason.FILTERED,
        Reason.EXPIRED,
        Reason.REFUSED,
        Reason.NO_SENDER,
        Reason.GAVE_UP,
        Reason.LOST_TRACK,
        Reason.UNCONFIRMED,
        Reason.UNHEARD,
        Reason.TURNED_UP,
        Reason.FILE_SLOW,
        Reason.FILE_REFUSED,
    }
)
"""Where another try may end otherwise; the others would only fail again."""


def why(reason: Reason, detail: str) -> str:
    """Say why, with the other side's own words where it gave some."""
    ours = REASONS[reason]
    return f"{ours} ({clean(detail, 200)})" if detail else ours
