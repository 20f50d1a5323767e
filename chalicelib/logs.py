"""JSON lines with the ids of what they are about, without the empty; never text, bodies, signatures or tokens."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_logger = logging.getLogger("threadline.events")  # Chalice takes the app's own name for itself
_bound: ContextVar[dict[str, object]] = ContextVar("bound", default={})  # noqa: B039 - replaced, never changed


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"at": record.created, "level": record.levelname, "event": record.getMessage()}
        return json.dumps({**line, **getattr(record, "ids", {})}, default=str)


def set_up(level: str = "INFO") -> None:
    """Write our lines to standard error, once."""
    if not _logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_JsonLines())
        _logger.addHandler(handler)
        _logger.propagate = False
    # A level nobody knows must not keep the doors shut.
    _logger.setLevel(level if level in logging.getLevelNamesMapping() else "INFO")
    # At DEBUG urllib3 writes paths, and Telegram's carry the token.
    logging.getLogger("urllib3").setLevel(logging.INFO)


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Put these ids on every line written inside."""
    token = _bound.set({**_bound.get(), **ids})
    try:
        yield
    finally:
        _bound.reset(token)


def note(event: str, **ids: object) -> None:
    """Say that something happened; where nobody listens, nothing is put together."""
    if _logger.isEnabledFor(logging.INFO):
        _logger.info(event, extra={"ids": _told(ids)})


def alarm(event: str, error: BaseException | None = None, **ids: object) -> None:
    """Say that something went wrong: its kind and its place, never its message, which may quote a secret."""
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        ids["error"] = type(error).__name__
        ids["where"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-8:]]
    _logger.error(event, extra={"ids": _told(ids)})


def _told(ids: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in (_bound.get() | ids).items() if value not in (None, "")}
