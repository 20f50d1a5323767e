"""What Lambda hands to a function beside the event."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from infra.local.aws import REGION

ACCOUNT = "000000000000"
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Context:
    """The context object of one invocation; the clock runs from its making."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    memory_limit_in_mb: str = "512"
    function_version: str = "$LATEST"
    ends: float = field(default_factory=lambda: time.monotonic() + TIMEOUT)

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        return "local"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.ends - time.monotonic()) * 1000))
