"""How long something that has waited in vain is left alone before it is looked at again."""

from __future__ import annotations

MINUTE = 60_000
FILE = 20_000
"""Ms for which a customer's message waits for its files; then it is shown without them."""
LONGEST = 8
"""Minutes between two looks at what has waited for long."""


def as_long_again(waited: int) -> int:
    """Tell how many ms to leave something alone that has waited in vain: 1, 2, 4, then 8 minutes."""
    return int(min(2 ** (max(waited // MINUTE, 1).bit_length() - 1), LONGEST) * MINUTE)
