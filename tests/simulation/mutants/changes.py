"""Mistakes with what people change, take back and react to, on both sides."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

CHANGES, REDRAW = "chalicelib.inbound.changes", "chalicelib.inbound.redraw"
MENDING = "chalicelib.outbound.mending"

MISTAKES = (
    mutant(
        "what a customer changed is on record, and its post is not drawn anew",
        "events slack",
        (CHANGES, "replace(item, stale=True, due=", "replace(item, stale=False, due="),
    ),
    mutant(
        "what Slack has no time to draw anew is taken for drawn",
        "slack events",
        (REDRAW, "    if not drawn(turn, outcome):\n        return False\n", "    drawn(turn, outcome)\n"),
    ),
    mutant(
        "what WhatsApp's users take back is struck out like anybody's",
        "events calm",
        ("chalicelib.channels.whatsapp", "        redacts=True,\n", ""),
    ),
    mutant(
        "what was said of a message that is taken back stays",
        "events slack",
        (CHANGES, "[_redacted_with_it(turn, each) for each in later]\n", "[]\n"),
    ),
    mutant(
        "a reaction is put on record and not on the post",
        "events slack calm",
        (REDRAW, "    if name:\n", "    if name == old:\n"),
    ),
    mutant(
        "an edit of what has gone is kept, and nobody tells the customer",
        "calm providers",
        (MENDING, "        outcome = _call(way, before, part)\n", '        outcome = Ok("")\n'),
    ),
    mutant(
        "a reply that is deleted stays on the phone",
        "calm providers",
        (MENDING, "        if part.state in THERE and part.id:\n", "        if part.state in () and part.id:\n"),
    ),
)
