"""What WhatsApp reports of our messages.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages/status
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.channels.whatsapp import api
from chalicelib.channels.whatsapp.codes import REASONS
from chalicelib.model import Event, Reason, Receipt, State, Unknown, read_ours
from chalicelib.reading import Payload, ident, moment, rows, text

STATES: Mapping[str, State] = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "played": State.READ,
    "failed": State.FAILED,
}


def receipt(status: Payload) -> Event:
    """Read one status; its token is ours only if it looks so."""
    state = STATES.get(text(status["status"]))
    if state is None:
        return Unknown(f"status {text(status['status'])[:40]}")
    error = next(iter(rows(status.get("errors"))), {}) if state is State.FAILED else {}
    ours = text(status.get("biz_opaque_callback_data"))
    return Receipt(
        of=ident(status["id"]),
        state=state,
        at=moment(status["timestamp"]),
        reason=_reason(error) if state is State.FAILED else None,
        detail=api.told(error),
        ours=ours if read_ours(ours) else "",
    )


def _reason(error: Payload) -> Reason:
    code = error.get("code")
    return REASONS.get(code, Reason.REFUSED) if isinstance(code, int) else Reason.REFUSED
