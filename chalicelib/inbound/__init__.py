"""Customer to Slack: `receive` at the door, `deliver` behind the bell."""

from chalicelib.inbound.deliver import deliver
from chalicelib.inbound.receive import receive, unpack

__all__ = ["deliver", "receive", "unpack"]
