"""What Meta's error codes mean to us.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
The same codes answer a request and arrive later in a status.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.model import Reason

REASONS: Mapping[int, Reason] = {
    131021: Reason.BAD_ADDRESS,  # to ourselves
    131026: Reason.UNREACHABLE,  # no WhatsApp there, an old one, or they blocked us: Meta does not say which
    131030: Reason.BAD_ADDRESS,  # not on the list of a test number
    131047: Reason.WINDOW,
    131049: Reason.FILTERED,
    131050: Reason.OPTED_OUT,
    130497: Reason.REFUSED,
    135000: Reason.REFUSED,
    132000: Reason.REFUSED,  # these are about one template: its variables, or that it is not there any more
    132001: Reason.REFUSED,
    132005: Reason.TOO_LONG,
    132007: Reason.REFUSED,
    132012: Reason.REFUSED,
    132015: Reason.REFUSED,  # paused, for its readers did not like it
    132016: Reason.REFUSED,
    130472: Reason.FILTERED,  # the customer is part of an experiment of Meta's
}
"""Why a message did not arrive; what is not here was refused for a reason only Meta's words can tell."""

WINDOW = 131047

BUSY: Mapping[int, tuple[int | None, bool]] = {
    4: (None, True),
    80007: (None, True),
    130429: (None, True),
    131016: (None, True),
    131048: (3_600_000, True),  # too many of our messages were reported: hours
    131056: (6_000, False),  # one message every six seconds to one customer
    131057: (None, True),  # maintenance
    133016: (None, True),
}
"""Refused before it was taken, and welcome again: after how long, and does the whole line have to wait?"""

AMBIGUOUS = frozenset({1, 2, 131000})
"""Something went wrong at Meta, and nobody says when."""

OURS = frozenset({0, 3, 10, 33, 190, 368, 131031, 131037, 131042, 133010, *range(200, 300)})
"""Mended by an administrator. Codes about one country (130497) or one text (135000) are not here:

a gate would then hold everybody's replies back for the sake of one.
"""
