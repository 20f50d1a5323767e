"""Where what `*`, `_` and `~` open ends within a line."""

from __future__ import annotations

import re

URL = r"(?i:https?)://(?:[^\s<>|()]|\([^\s<>|()]*\))+(?<![.,!?;:'\"*_~`\]])"
CODE = r"`[^\S\n]*[^`\s][^`\n]*`"
_WHOLE = re.compile(f"{CODE}|{URL}")
_CLOSING = {mark: re.compile(rf"(?<=\S){re.escape(mark)}(?![\w*_~`])") for mark in "*_~"}


class Marks:
    """The marks of a text: each place is walked over once for each of them, however many open and never close."""

    def __init__(self, typed: str) -> None:
        self._typed = typed
        self.walked: dict[tuple[str, int], int] = {}

    def end(self, mark: str, start: int) -> int:
        """Find what closes the words that begin at `start`, passing over code and addresses; 0 if nothing does."""
        place, end = start, 0
        fresh = []
        while not end and place < len(self._typed) and self._typed[place] != "\n":
            if (mark, place) in self.walked:
                end = self.walked[mark, place]
                break
            fresh.append((mark, place))
            whole = _WHOLE.match(self._typed, place)
            place = whole.end() if whole else place + 1
            end = place if _CLOSING[mark].match(self._typed, place) else 0
        self.walked.update(dict.fromkeys(fresh, end))
        return end
