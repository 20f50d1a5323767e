"""A headless Chromium, for the page's tests, pictures and bench."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
    "--no-sandbox",  # it only ever opens our own page, and CI's containers have no sandbox to give
    "--font-render-hinting=none",
)


class NoBrowser(Exception):
    """There is no Chromium on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "This needs Chromium: on Debian and Ubuntu `apt install chromium`; "
            "elsewhere set THREADLINE_CHROMIUM to the browser's program."
        )


def program() -> str:
    """Find the browser; raises NoBrowser."""
    given = os.environ.get("THREADLINE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not given:
        raise NoBrowser
    return given


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser; raises NoBrowser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
