"""What happens between customers and Slack, for whoever watches: doors, the application's lines, bells, clocks.

Only ids, names and numbers: never a body, the value of a header, or anything secret.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

LOGGER = "threadline.events"
OURS = frozenset({"n", "at", "kind", "source"})
"""What a change says about itself; no id of a line may take its place."""


Watcher = Callable[..., None]
"""Hears of each thing that happens: its kind, and what is to be said about it. A Journal's `add` is one."""


def nobody(_kind: str, **_about: Any) -> None:
    """Watch nothing."""


class Lines(logging.Handler):
    """Tells a watcher the application's own lines from INFO on, whatever the terminal is to show."""

    def __init__(self, watch: Watcher) -> None:
        super().__init__(logging.INFO)
        self._watch = watch
        self._logger = logging.getLogger(LOGGER)
        self._level = self._logger.level
        self._others = [(handler, handler.level) for handler in self._logger.handlers]
        for handler, level in self._others:
            handler.setLevel(max(level, self._level))
        self._logger.setLevel(min(self._level or logging.INFO, logging.INFO))
        self._logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        ids = {name: _plain(value) for name, value in getattr(record, "ids", {}).items() if name not in OURS}
        self._watch("line", **{**ids, "event": record.getMessage(), "level": record.levelname})

    def close(self) -> None:
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level)
        for handler, level in self._others:
            handler.setLevel(level)
        super().close()


def _plain(value: object) -> Any:
    """Make it something JSON has a word for."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)
