"""Customer to Slack: `receive` at the door, `deliver` behind the bell."""

from chalicelib.inbound.deliver import deliver
from chalicelib.inbound.joining import merge
from chalicelib.inbound.receive import receive
from chalicelib.inbound.rooms import look_at_room
from chalicelib.inbound.unpack import reread, unpack

__all__ = ["deliver", "look_at_room", "merge", "receive", "reread", "unpack"]
