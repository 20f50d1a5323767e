"""Mistakes at the desk: with verbs and forms, two desks, who is who, and what nobody types."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

FACTS, RECORD = "chalicelib.inbound.facts", "chalicelib.inbound.record"

MISTAKES = (
    mutant(
        "a form that is handed in twice counts twice",
        "desk calm",
        (
            "chalicelib.slack.desk.acts",
            "own = [Insert(Ref(",
            "own = [] if once else [Insert(Ref(",
        ),
    ),
    mutant(
        "whoever is given a conversation does not get it",
        "desk people",
        (
            "chalicelib.slack.desk.owning",
            "return Done((changed(world, replace(home, owner=user)), line))",
            "return Done((changed(world, home), line))",
        ),
    ),
    mutant(
        "words that nobody typed are posted, and stay here",
        "desk moves",
        (FACTS, "    if item.kind is Kind.SAID:\n        return _as_reply(turn, item, ts)\n", ""),
    ),
    mutant(
        "a form shows one way, and its words go another",
        "desk slack",
        (
            "chalicelib.slack.desk.replying",
            '    if way_of(here.reach.route) != meta.get("way"):\n',
            "    if False:\n",
        ),
    ),
    mutant(
        "a line that turns replies to another way is a line like any other",
        "moves desk",
        (FACTS, "    if items[0].kind is Kind.TURN:\n", "    if False:\n"),
    ),
    mutant(
        "a conversation that moves forgets where it was",
        "moves desk",
        ("chalicelib.inbound.moving", "        left=(*home.left, left),\n", ""),
    ),
    mutant(
        "a reply in a thread that was left is marked in the new one",
        "moves",
        (
            "chalicelib.inbound.draw",
            "    channel = place(home, item.their_id).slack_channel\n",
            "    channel = home.slack_channel\n",
        ),
    ),
    mutant(
        "what is typed in a thread that was left goes out",
        "moves",
        (
            "chalicelib.outbound.record",
            "    left = is_over(home, typed.channel, typed.thread_ts, typed.ts)\n",
            "    left = False\n",
        ),
    ),
    mutant(
        "whatever is snoozed sleeps on",
        "desk people",
        (
            "chalicelib.inbound.waking",
            "    return home.status is Status.SNOOZED and home.snoozed_until <= now\n",
            "    return home.status is Status.SNOOZED and home.snoozed_until > now * 2\n",
        ),
    ),
    mutant(
        "rules choose a desk for every message",
        "calm crashes",
        (
            RECORD,
            "current(here.contact, leads_to(settings, case), now)",
            "current(here.contact, [routed(settings, case, now)], now)",
        ),
        (RECORD, "import Desk, leads_to, routed", "import Desk, routed"),
    ),
    mutant(
        "the blocked are heard",
        "people desk",
        (
            RECORD,
            "    if here.contact is not None and here.contact.blocked_at and here.contact.current:\n",
            "    if False:\n",
        ),
    ),
    mutant(
        "what the blocked say is on record nowhere",
        "people desk",
        (
            RECORD,
            "    return write_once(world, ref, Insert(item), *writes, *also)\n\n\ndef _called",
            "    return write_once(world, ref, *writes, *also)\n\n\ndef _called",
        ),
    ),
    mutant(
        "nobody follows a contact to the one it went into",
        "people",
        (
            "chalicelib.contacts",
            "    while (contact := found.get(name)) is not None and contact.into:\n",
            "    while (contact := found.get(name)) is not None and contact.into == name:\n",
        ),
    ),
    mutant(
        "who is parted again does not get their addresses back",
        "people",
        (
            "chalicelib.inbound.joining",
            "    writes += [Replace(replace(each, contact=gone.id)) for each in known]\n",
            "",
        ),
    ),
    mutant(
        "a verb that met somebody else's change is let go",
        "desk people",
        (
            "chalicelib.slack.desk.acts",
            (
                "            world.pause(random.uniform(0, 0.02 * attempt))"
                "  # noqa: S311 - jitter; the first time nobody waits\n"
                "            continue\n"
            ),
            "            return Done()\n",
        ),
    ),
)
