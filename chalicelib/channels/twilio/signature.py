"""Whether Twilio signed a request, by the SDK's validator with its traps guarded.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit, urlunsplit

from chalicelib.model import Account
from chalicelib.signing import same
from chalicelib.web import Request


class _Fields(dict[str, list[str]]):
    """A form with repeated names, in the shape that the SDK's validator asks for."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def genuine(request: Request, account: Account) -> bool:
    """Check address and form against every key that is good; raises ValueError, TypeError or Malformed."""
    from twilio.request_validator import RequestValidator  # noqa: PLC0415 - only this door pays for it

    given = request.headers.get("x-twilio-signature", "")
    fields, url = _signed(request, account)
    keys, algorithm = _keys(request, account)
    ours, theirs = account.secret("TWILIO_ACCOUNT_SID"), fields.get("AccountSid")
    # A subaccount signs with its own token. One that is named under ours is not Twilio's doing, and a reply
    # could not go out through it.
    if not given or (ours and fields and theirs != [ours]):
        return False
    fits = [RequestValidator(key).validate(url, fields, given, algorithm) for key in keys]
    return any(fits)


def _signed(request: Request, account: Account) -> tuple[_Fields, str]:
    """Put together what was signed: the form, and the address exactly as Twilio was told it."""
    base = urlsplit(account.webhook_url)
    path = f"{base.path}/{request.path_rest}" if request.path_rest else base.path
    # Twilio leaves out user, password and fragment; the validator does not.
    url = urlunsplit((base.scheme, base.netloc.rpartition("@")[2], path, base.query, ""))
    digest = request.query.get("bodySHA256", "")
    if digest and "form" not in request.headers.get("content-type", ""):
        if not same(digest.lower(), hashlib.sha256(request.body).hexdigest()):
            raise ValueError("the body does not fit its digest")
        return _Fields(), f"{url}{'&' if base.query else '?'}bodySHA256={digest}"
    fields = _Fields()
    for name, value in request.form():
        fields.setdefault(name, []).append(value)
    return fields, url


def _keys(request: Request, account: Account) -> tuple[tuple[str, ...], str]:
    from twilio.request_validator import (  # noqa: PLC0415
        HMAC_SHA1,
        HMAC_SHA256,
        SIGNATURE_SETTINGS_HEADER,
        get_signature_algorithm,
    )

    settings = request.headers.get(SIGNATURE_SETTINGS_HEADER.lower())
    if settings is None:
        return account.accepted("TWILIO_AUTH_TOKEN"), HMAC_SHA1
    known = get_signature_algorithm(settings).upper() == HMAC_SHA256
    return (account.accepted("TWILIO_WEBHOOKS_SHARED_KEY") if known else ()), HMAC_SHA256
