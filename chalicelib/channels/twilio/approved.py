"""Templates of Twilio's Content API that WhatsApp has approved.

https://www.twilio.com/docs/content/content-api-resources#fetch-content-and-approvals
"""

from __future__ import annotations

import json
import re
from typing import Any

from twilio.base.exceptions import TwilioException

from chalicelib.channels.twilio.api import UNREADABLE, Seam, client, outcome_of
from chalicelib.model import Account, Ambiguous, Outcome, Template
from chalicelib.reading import ident, part, text
from chalicelib.web import CallFailed, Http

PAGE, MOST = 500, 1_000
VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,60})\s*\}\}")
WORDS = ("header_text", "title", "body", "subtitle", "footer")
"""What is words in it, in the order in which a phone shows them; most have a body alone."""


def templates(account: Account, http: Http) -> tuple[Template, ...] | Outcome:
    """List what may be sent by WhatsApp where the window is over."""
    seam = Seam(account, http)
    try:
        rows = client(account, seam).content.v1.content_and_approvals.list(limit=MOST, page_size=PAGE)
        return tuple(_template(each) for each in rows if _is_approved(each))
    except CallFailed as failure:
        return failure.outcome
    except TwilioException as error:
        return outcome_of(error, seam.reply)
    except UNREADABLE as error:
        return Ambiguous(f"an unreadable list of templates ({type(error).__name__})")


def _is_approved(theirs: Any) -> bool:
    return text(part(theirs.approval_requests).get("status")).lower() == "approved"


def _template(theirs: Any) -> Template:
    """Read one; whatever is filled in anywhere in it, in a button's address too, is a variable."""
    _, content = next(iter(part(theirs.types).items()), ("", {}))
    words = "\n".join(filter(None, (text(part(content).get(name)) for name in WORDS)))
    words = VARIABLE.sub(lambda found: f"{{{{{found[1]}}}}}", words)
    return Template(
        ident(theirs.sid),
        text(theirs.language),
        words,
        text(theirs.friendly_name),
        tuple(dict.fromkeys(VARIABLE.findall(json.dumps(content)))),
        unsendable="" if words else "it has no words that could be shown here",
    )
