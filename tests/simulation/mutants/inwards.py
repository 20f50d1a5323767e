"""Mistakes on the way in: from what is on record to the thread it stands in."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

MISTAKES = (
    mutant(
        "a post is made without claiming it first",
        "calm",
        (
            "chalicelib.inbound.posts",
            "mine = turn.world.store.write(*(Replace(with_claim(item, claim, len(items))) for item in items))",
            "mine = list(items)",
        ),
    ),
    mutant(
        "of a burst only the first message is claimed",
        "slack rush",
        (
            "chalicelib.inbound.posts",
            "mine = turn.world.store.write(*(Replace(with_claim(item, claim, len(items))) for item in items))",
            "mine = turn.world.store.write(Replace(with_claim(items[0], claim, 1)))",
        ),
    ),
    mutant(
        "a worker passes a post that it cannot make now, and does not look again what is to be next",
        "slack",
        (
            "chalicelib.inbound.deliver",
            "        if not _tell(turn, items):\n            return None\n",
            "        _tell(turn, items)\n",
        ),
        (
            "chalicelib.inbound.deliver",
            "        elif owed.posts and number:\n            owed = _owed(turn, until)\n",
            "",
        ),
    ),
    mutant(
        "what comes in while a post is made waits until the others are made",
        "slack rush",
        (
            "chalicelib.inbound.deliver",
            "        elif owed.posts and number:\n            owed = _owed(turn, until)\n",
            "",
        ),
    ),
    mutant(
        "what comes in while a card is made waits until the others are made",
        "slack rush",
        (
            "chalicelib.inbound.deliver",
            "                return None\n            owed = _owed(turn, until)\n        elif",
            "                return None\n        elif",
        ),
    ),
    mutant(
        "what was written before a claimed post does not wait for it",
        "slack",
        ("chalicelib.store.rows", 'item.claim is not None else ""', 'item.claim is None else ""'),
    ),
    mutant(
        "nobody looks in Slack what came of a stale claim, and nobody hears Slack tell of it",
        "slack",
        (
            "chalicelib.inbound.turn",
            "    found = turn.world.slack.find(there.slack_channel, there.ts, claim)\n",
            "    found: object = Absent()\n",
        ),
        ("chalicelib.outbound.reply", "    Posted: witness,\n", "    Posted: lambda *_: None,\n"),
    ),
    mutant(
        "whatever stands in the thread is taken for the post one looks for",
        "slack crashes",
        (
            "chalicelib.slack.stamp",
            "return stamp is not None and stamp.post == post",
            "return stamp is not None and bool(post)",
        ),
    ),
    mutant(
        "nobody hears Slack tell of our own posts",
        "slack blindness",
        ("chalicelib.outbound.reply", "    Posted: witness,\n", "    Posted: lambda *_: None,\n"),
    ),
    mutant(
        "a second copy of a post is left standing",
        "slack blindness",
        (
            "chalicelib.inbound.copies",
            "    outcome = turn.world.slack.delete(channel, copy.their_id)\n",
            '    outcome: Outcome = Ok("")\n',
        ),
        ("chalicelib.inbound.copies", " Item, Ref, Refused,", " Item, Ok, Outcome, Ref, Refused,"),
    ),
    mutant(
        "attempts are not counted",
        "slack outages",
        ("chalicelib.settling", "count=earlier.count + 1)", "count=earlier.count)"),
    ),
    mutant(
        "a claim is given back although Slack may have done it, and nobody hears Slack tell of it",
        "slack",
        (
            "chalicelib.inbound.posts",
            "        case Ambiguous(why):\n            _while_claimed(\n",
            (
                "        case Ambiguous(why):\n"
                "            release(turn, mine, now + CLAIM_LIFE, why, before)\n"
                "        case Closed(why):\n"
                "            _while_claimed(\n"
            ),
        ),
        ("chalicelib.outbound.reply", "    Posted: witness,\n", "    Posted: lambda *_: None,\n"),
    ),
    mutant(
        "a 500 of Slack is taken for a no, and nobody hears Slack tell of what it did",
        "slack",
        (
            "chalicelib.slack.answers",
            '        return Ambiguous(error or f"HTTP {response.status_code}")\n',
            '        return Busy(error or f"HTTP {response.status_code}")\n',
        ),
        ("chalicelib.outbound.reply", "    Posted: witness,\n", "    Posted: lambda *_: None,\n"),
    ),
    mutant(
        "what is given up is given up without a word",
        "outages slack",
        (
            "chalicelib.inbound.posts",
            "    if item.kind not in (Kind.LINE, Kind.TURN):",
            "    if False:",
        ),
    ),
    mutant(
        "what comes late is not marked as late",
        "events",
        (
            "chalicelib.inbound.facts",
            'return home.posted_order != "" and ',
            "return False and ",
        ),
    ),
    mutant(
        "the card is never drawn anew",
        "calm",
        (
            "chalicelib.inbound.thread",
            "    if look != home.drawn or doubt != home.doubt:\n",
            "    if False:\n",
        ),
    ),
    mutant(
        "a resolved conversation stays resolved when its customer writes again",
        "calm bells",
        (
            "chalicelib.inbound.facts",
            "    if after.status is not Status.OPEN:\n",
            "    if after.status is Status.SNOOZED:\n",
        ),
    ),
    mutant(
        "a gate of Slack's is shut for nobody, and no worker remembers that Slack wants to be left alone",
        "rush slack",
        ("chalicelib.inbound.deliver", "gate is not None and waits(gate, began)", "gate is not None and False"),
        (
            "chalicelib.inbound.turn",
            "        world.pace.spent(channel, world.now() + outcome.wait)\n",
            "        pass\n",
        ),
    ),
    mutant(
        "a burst is settled only for its first message",
        "rush",
        (
            "chalicelib.inbound.facts",
            "[Replace(_settled(turn, item, ts)) for item in items]",
            "[Replace(_settled(turn, items[0], ts))]",
        ),
    ),
    mutant(
        "somebody else's claim stops nobody, and nobody hears Slack tell of our own posts",
        "slack crashes",
        ("chalicelib.inbound.turn", "    if fresh(claim, turn.world.now()):\n", "    if False:\n"),
        ("chalicelib.outbound.reply", "    Posted: witness,\n", "    Posted: lambda *_: None,\n"),
    ),
    mutant(
        "a customer's words go to Slack as its markup",
        "calm",
        ("chalicelib.slack.words", "escape(text[:TEXT_AT_MOST])[:TEXT_AT_MOST]", "text[:TEXT_AT_MOST]"),
    ),
    mutant(
        "how a customer's words look is not on record",
        "calm",
        ("chalicelib.inbound.record", "            rich=event.rich,\n", ""),
    ),
    mutant(
        "how a message looks after a customer's edit is not on record",
        "events",
        ("chalicelib.inbound.record", "            rich=message.rich,\n", ""),
    ),
)
