"""What is too long to be shown at once: where its beginning ends."""

from __future__ import annotations

from chalicelib.richtext.cutting import cut
from chalicelib.richtext.tree import Rich, Ruler


def beginning(rich: Rich, most: int) -> tuple[Rich, int]:
    """Cut a text after `most` characters, where it pauses, and tell how many are left; looks cost nothing.

    `plain.write` of the same tree is the whole, for a file beside it.
    """
    ruler = Ruler(rich)
    if len(ruler.words) <= most:
        return rich, 0
    end = cut(ruler.words, 0, most, lambda _: True)
    begun = ruler.words[:end].rstrip()
    return ruler.between(0, len(begun)), len(ruler.words) - len(begun)
