"""Whether a conversation is open: resolve, reopen, and what follows from each status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.contacts import pointed
from chalicelib.model import Contact, Conversation, Status
from chalicelib.services import World
from chalicelib.slack.asked import Press
from chalicelib.slack.desk.acts import Done, changed, told
from chalicelib.slack.desk.answers import Answer
from chalicelib.slack.desk.doing import do
from chalicelib.store import Replace

OPEN, SNOOZED, RESOLVED = Status

AFTER: Mapping[tuple[str, Status], tuple[Status, str]] = {
    ("resolve", OPEN): (RESOLVED, "resolved this."),
    ("resolve", SNOOZED): (RESOLVED, "resolved this."),
    ("reopen", RESOLVED): (OPEN, "reopened this."),
    ("reopen", SNOOZED): (OPEN, "took this up again before its time."),
    ("snooze", OPEN): (SNOOZED, "snoozed this until {at}."),
    ("snooze", SNOOZED): (SNOOZED, "snoozed this until {at}."),
    ("snooze", RESOLVED): (SNOOZED, "reopened this for {at}."),
}
"""What a verb makes of a status, and how the thread tells; what is not here is so already."""

SO_ALREADY = {"resolve": "It is resolved already.", "reopen": "It is open already."}
DONE = {"resolve": "Resolved.", "reopen": "It is open again.", "snooze": "Snoozed."}


def resolve(world: World, asked: Press) -> Answer:
    """Close a conversation: it waits for nothing any more."""
    return do(world, asked, lambda home, contact: turned(world, home, contact, "resolve", asked.by.user))


def reopen(world: World, asked: Press) -> Answer:
    """Open a conversation again, or take it up before its time."""
    return do(world, asked, lambda home, contact: turned(world, home, contact, "reopen", asked.by.user))


def turned(world: World, home: Conversation, contact: Contact | None, verb: str, by: str, until: int = 0) -> Done:
    """Change a conversation's status, and its contact's pointer with it: that one routes what comes next."""
    found = AFTER.get((verb, home.status))
    if found is None or (home.status is SNOOZED and home.snoozed_until == until):
        return Done(told=SO_ALREADY.get(verb, "It is snoozed until then already."))
    status, words = found
    waits = None if status is RESOLVED else home.waiting_since
    after = replace(home, status=status, snoozed_until=until, waiting_since=waits)
    person = contact and pointed(contact, home, status, world.now())
    pointer = [Replace(person)] if person and person != contact else []
    line = told(world, home, by, words.replace("{at}", f"{{at:{until}}}"))
    return Done((changed(world, after), line, *pointer), DONE[verb])
