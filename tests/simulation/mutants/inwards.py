"""Mistakes on the way in: from a customer's words to the thread they stand in."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

MISTAKES = (
    mutant(
        "a webhook that comes again is recorded again",
        (
            "chalicelib.inbound.entries",
            "world.store.write(Insert(ref), *writes)",
            "world.store.write(Put(ref), *writes)",
        ),
    ),
    mutant(
        "a webhook is answered 2xx although it could not be written down",
        (
            "chalicelib.inbound.receive",
            "    take(world, line, map(fitted, events) if large else events)\n",
            (
                "    try:\n"
                "        take(world, line, map(fitted, events) if large else events)\n"
                "    except Exception as error:\n"
                '        logs.alarm("webhook.broke", error)\n'
            ),
        ),
    ),
    mutant(
        "a reference of a customer's message lives for a day",
        (
            "chalicelib.inbound.record",
            "    ref = Ref(line.channel, line.name, event.id, item.conversation, item.id)\n",
            "    ref = Ref(line.channel, line.name, event.id, item.conversation, item.id, expires=now + DAY)\n",
        ),
    ),
    mutant(
        "the order is that of arrival",
        (
            "chalicelib.model.items",
            'f"{believed(at, arrived):015d}#{sequence:012d}',
            'f"{arrived:015d}#{sequence:012d}',
        ),
    ),
    mutant(
        "what nobody can read is not kept",
        ("chalicelib.inbound.receive", "    if unread or large:\n", "    if large:\n"),
    ),
    mutant(
        "a post is made without claiming it first",
        (
            "chalicelib.inbound.posts",
            "mine = turn.world.store.write(*(Replace(with_claim(item, claim, len(items))) for item in items))",
            "mine = list(items)",
        ),
    ),
    mutant(
        "of a burst only the first message is claimed",
        (
            "chalicelib.inbound.posts",
            "mine = turn.world.store.write(*(Replace(with_claim(item, claim, len(items))) for item in items))",
            "mine = turn.world.store.write(Replace(with_claim(items[0], claim, 1)))",
        ),
    ),
    mutant(
        "a worker passes a post that it cannot make now",
        (
            "chalicelib.inbound.deliver",
            "        if not _tell(turn, items):\n            return None\n",
            "        _tell(turn, items)\n",
        ),
    ),
    mutant(
        "what comes in while a post is made waits until the others are made",
        (
            "chalicelib.inbound.deliver",
            "        elif owed.posts and number:\n            owed = _owed(turn)\n",
            "",
        ),
    ),
    mutant(
        "what comes in while a card is made waits until the others are made",
        (
            "chalicelib.inbound.deliver",
            "                return None\n            owed = _owed(turn)\n        elif",
            "                return None\n        elif",
        ),
    ),
    mutant(
        "what was written before a claimed post does not wait for it",
        ("chalicelib.store.rows", 'item.claim is not None else ""', 'item.claim is None else ""'),
    ),
    mutant(
        "nobody looks in Slack what came of a stale claim, and nobody hears Slack tell of it",
        (
            "chalicelib.inbound.turn",
            "    found = turn.world.slack.find(turn.home.slack_channel, thread_ts, claim)\n",
            "    found: object = Absent()\n",
        ),
        ("chalicelib.outbound.reply", "            witness(world, event)\n", "            pass\n"),
    ),
    mutant(
        "whatever stands in the thread is taken for the post one looks for",
        (
            "chalicelib.slack.threads",
            "return stamp is not None and stamp.post == post",
            "return stamp is not None and bool(post)",
        ),
    ),
    mutant(
        "nobody hears Slack tell of our own posts",
        ("chalicelib.outbound.reply", "            witness(world, event)\n", "            pass\n"),
    ),
    mutant(
        "a second copy of a post is left standing",
        (
            "chalicelib.inbound.copies",
            "    outcome = turn.world.slack.delete(turn.home.slack_channel, copy.their_id)\n",
            '    outcome: Outcome = Ok("")\n',
        ),
        ("chalicelib.inbound.copies", " Ok, Ours, Ref,", " Ok, Ours, Outcome, Ref,"),
    ),
    mutant(
        "attempts are not counted",
        ("chalicelib.settling", "count=earlier.count + 1)", "count=earlier.count)"),
    ),
    mutant(
        "a claim is given back although Slack may have done it",
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
    ),
    mutant(
        "a 500 of Slack is taken for a no",
        (
            "chalicelib.slack.answers",
            '        return Ambiguous(error or f"HTTP {response.status_code}")\n',
            '        return Busy(error or f"HTTP {response.status_code}")\n',
        ),
    ),
    mutant(
        "what is given up is given up without a word",
        (
            "chalicelib.inbound.posts",
            "    if item.kind is not Kind.LINE:",
            "    if False:",
        ),
    ),
    mutant(
        "what comes late is not marked as late",
        (
            "chalicelib.inbound.facts",
            'return home.posted_order != "" and ',
            "return False and ",
        ),
    ),
    mutant(
        "the card is never drawn anew",
        (
            "chalicelib.inbound.thread",
            "    if drawn != home.drawn or doubt != home.doubt:\n",
            "    if False:\n",
        ),
    ),
    mutant(
        "a resolved conversation stays resolved when its customer writes again",
        ("chalicelib.inbound.facts", "    if after.status is Status.RESOLVED:\n", "    if False:\n"),
    ),
)
