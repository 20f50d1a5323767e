"""Opening the page for whoever sits in front of this machine, and for nobody else."""

from __future__ import annotations

import sys
import threading
import webbrowser
from collections.abc import Mapping

REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
ALWAYS_A_SCREEN = ("darwin", "win32", "cygwin")


def wanted(environment: Mapping[str, str], *, terminal: bool, platform: str = sys.platform) -> bool:
    """Tell whether somebody sits here who has a browser and has not said no."""
    if environment.get("THREADLINE_BROWSER", "").lower() in ("no", "0", "false", "off"):
        return False
    if not terminal or any(environment.get(name) for name in REMOTE):
        return False
    return platform in ALWAYS_A_SCREEN or any(environment.get(name) for name in SCREENS)


def show(url: str) -> None:
    """Open an address, beside everything else: some browsers return only when they are closed."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
