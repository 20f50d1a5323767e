"""The team's choices: desks, which conversation goes to which, texts. Read from TOML, checked as a whole.

A settings file that is wrong is refused with every mistake in it, each in one line, before anything changes.
"""

from chalicelib.settings.choices import NOTE_MARK, Desk, Hours, Rule, Settings
from chalicelib.settings.reading import read
from chalicelib.settings.routing import Case, leads_to, routed
from chalicelib.settings.texts import Texts

__all__ = [
    "NOTE_MARK",
    "Case",
    "Desk",
    "Hours",
    "Rule",
    "Settings",
    "Texts",
    "leads_to",
    "read",
    "routed",
]
