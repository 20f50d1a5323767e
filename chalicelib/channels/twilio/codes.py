"""What Twilio's error codes mean to us.

https://www.twilio.com/docs/api/errors
The same codes answer a request and arrive later in a status callback.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.model import Reason

REASONS: Mapping[int, Reason] = {
    11200: Reason.FILE_SLOW,  # it could not fetch what we sent: no answer, or none that is good
    11205: Reason.FILE_SLOW,
    11751: Reason.FILE_TOO_BIG,
    12300: Reason.FILE_KIND,
    21211: Reason.BAD_ADDRESS,
    21606: Reason.NO_SENDER,
    21610: Reason.OPTED_OUT,
    21612: Reason.UNREACHABLE,
    21614: Reason.BAD_ADDRESS,  # a landline
    21617: Reason.TOO_LONG,
    21621: Reason.FILE_KIND,  # no MMS from that number
    21703: Reason.NO_SENDER,  # an empty messaging service
    30003: Reason.UNREACHABLE,
    30004: Reason.BLOCKED,
    30005: Reason.BAD_ADDRESS,
    30006: Reason.BAD_ADDRESS,  # a landline, or a carrier that takes none
    30007: Reason.FILTERED,
    30008: Reason.UNREACHABLE,  # "unknown error": in practice the carrier gave up
    30009: Reason.UNREACHABLE,
    30011: Reason.FILE_KIND,  # no MMS there
    30019: Reason.FILE_TOO_BIG,  # for the carrier; words are cut before they could be
    30036: Reason.EXPIRED,
    30410: Reason.UNREACHABLE,
    30450: Reason.FILTERED,
    63003: Reason.BAD_ADDRESS,
    63007: Reason.NO_SENDER,
    63014: Reason.BLOCKED,
    63015: Reason.UNREACHABLE,  # the sandbox, and the customer never joined it
    63016: Reason.WINDOW,
    63019: Reason.FILE_SLOW,  # it fetched nothing
    63020: Reason.NO_SENDER,  # its WhatsApp account is not set up
    63024: Reason.BAD_ADDRESS,
    63033: Reason.BLOCKED,
    63034: Reason.FILE_TOO_BIG,
    63036: Reason.UNREACHABLE,  # no RCS on that phone
    63106: Reason.UNREACHABLE,
}
"""Why a message did not arrive; what is not here was refused for a reason only Twilio's words can tell."""

WINDOW = 63016

BUSY: Mapping[int, bool] = {
    14107: True,
    20429: True,
    21611: True,  # the sender's queue is full
    63017: True,
    63018: True,
}
"""Refused before it was taken, and welcome again later; does the whole line have to wait?"""

OURS = frozenset(
    {
        20003,  # credentials
        20005,  # account not active
        21609,  # our callback address
        30002,  # account suspended
        63038,  # the account's daily limit
    }
)
"""Mended by an administrator. Codes about one text, country or sender (21408, 21606, 21617 …) are not here:

a gate would then hold everybody's replies back for the sake of one.
"""
