"""Mistakes on the way in: from a customer's words to the thread they stand in."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

MISTAKES = (
    mutant(
        "a webhook that comes again is recorded again",
        "events rush",
        (
            "chalicelib.inbound.entries",
            "world.store.write(Insert(ref), *writes)",
            "world.store.write(Put(ref), *writes)",
        ),
    ),
    mutant(
        "a webhook is answered 2xx although it could not be written down",
        "table",
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
        "months",
        (
            "chalicelib.inbound.record",
            "    ref = Ref(line.channel, line.name, event.id, item.conversation, item.id)\n",
            "    ref = Ref(line.channel, line.name, event.id, item.conversation, item.id, expires=now + DAY)\n",
        ),
    ),
    mutant(
        "the order is that of arrival",
        "events",
        (
            "chalicelib.model.items",
            'f"{believed(at, arrived):015d}#{sequence:012d}',
            'f"{arrived:015d}#{sequence:012d}',
        ),
    ),
    mutant(
        "what nobody can read is not kept",
        "calm",
        ("chalicelib.inbound.receive", "    if unread or large:\n", "    if large:\n"),
    ),
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
            "        elif owed.posts and number:\n            owed = _owed(turn)\n",
            "",
        ),
    ),
    mutant(
        "what comes in while a post is made waits until the others are made",
        "slack rush",
        (
            "chalicelib.inbound.deliver",
            "        elif owed.posts and number:\n            owed = _owed(turn)\n",
            "",
        ),
    ),
    mutant(
        "what comes in while a card is made waits until the others are made",
        "slack rush",
        (
            "chalicelib.inbound.deliver",
            "                return None\n            owed = _owed(turn)\n        elif",
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
            "    found = turn.world.slack.find(turn.home.slack_channel, thread_ts, claim)\n",
            "    found: object = Absent()\n",
        ),
        ("chalicelib.outbound.reply", "            witness(world, event)\n", "            pass\n"),
    ),
    mutant(
        "whatever stands in the thread is taken for the post one looks for",
        "slack crashes",
        (
            "chalicelib.slack.threads",
            "return stamp is not None and stamp.post == post",
            "return stamp is not None and bool(post)",
        ),
    ),
    mutant(
        "nobody hears Slack tell of our own posts",
        "slack blindness",
        ("chalicelib.outbound.reply", "            witness(world, event)\n", "            pass\n"),
    ),
    mutant(
        "a second copy of a post is left standing",
        "slack blindness",
        (
            "chalicelib.inbound.copies",
            "    outcome = turn.world.slack.delete(turn.home.slack_channel, copy.their_id)\n",
            '    outcome: Outcome = Ok("")\n',
        ),
        ("chalicelib.inbound.copies", " Ok, Ours, Ref,", " Ok, Ours, Outcome, Ref,"),
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
        ("chalicelib.outbound.reply", "            witness(world, event)\n", "            pass\n"),
    ),
    mutant(
        "a 500 of Slack is taken for a no, and nobody hears Slack tell of what it did",
        "slack",
        (
            "chalicelib.slack.answers",
            '        return Ambiguous(error or f"HTTP {response.status_code}")\n',
            '        return Busy(error or f"HTTP {response.status_code}")\n',
        ),
        ("chalicelib.outbound.reply", "            witness(world, event)\n", "            pass\n"),
    ),
    mutant(
        "what is given up is given up without a word",
        "outages slack",
        (
            "chalicelib.inbound.posts",
            "    if item.kind is not Kind.LINE:",
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
            "    if drawn != home.drawn or doubt != home.doubt:\n",
            "    if False:\n",
        ),
    ),
    mutant(
        "a resolved conversation stays resolved when its customer writes again",
        "calm bells",
        ("chalicelib.inbound.facts", "    if after.status is Status.RESOLVED:\n", "    if False:\n"),
    ),
    mutant(
        "a customer's message has no time at which it is due, and the clock sees to no conversation",
        "bells crashes",
        (
            "chalicelib.inbound.entries",
            "believed(at, now), order, due=now + CLAIM_LIFE, **rest)",
            "believed(at, now), order, due=None, **rest)",
        ),
        ("chalicelib.sweep", "            return [(Side.SLACK, bell_of(thing))]\n", "            return []\n"),
    ),
    mutant(
        "two first messages at once open a thread each",
        "rush calm",
        (
            "chalicelib.contacts",
            "return [Insert(Known(address.key, contact, how, out, back)) for address in unknown]",
            "return [Put(Known(address.key, contact, how, out, back)) for address in unknown]  # type: ignore",
        ),
        ("chalicelib.contacts", "import Insert, Replace, Store", "import Insert, Put, Replace, Store"),
    ),
    mutant(
        "an edit of a message that is not here yet is dropped",
        "events months",
        (
            "chalicelib.inbound.record",
            "        return _message(world, line, message, Insert(seen)) or _edit(world, line, event)\n",
            "        return None\n",
        ),
    ),
    mutant(
        "a STOP is words like any other",
        "events",
        (
            "chalicelib.inbound.record",
            "    if isinstance(event, MessageReceived) and event.wish is not None:\n",
            "    if False:\n",
        ),
    ),
    mutant(
        "a START that comes late undoes a younger STOP",
        "events",
        ("chalicelib.contacts", "if name != medium or since > at}", "if name != medium}"),
    ),
    mutant(
        "a gate of Slack's is shut for nobody",
        "rush slack",
        ("chalicelib.inbound.deliver", "gate is not None and waits(gate, began)", "gate is not None and False"),
    ),
    mutant(
        "a burst is settled only for its first message",
        "rush",
        (
            "chalicelib.inbound.facts",
            "*(Replace(_settled(turn, item, ts)) for item in items), Put(ref)",
            "Replace(_settled(turn, items[0], ts)), Put(ref)",
        ),
    ),
    mutant(
        "somebody else's claim stops nobody, and nobody hears Slack tell of our own posts",
        "slack crashes",
        ("chalicelib.inbound.turn", "    if fresh(claim, turn.world.now()):\n", "    if False:\n"),
        ("chalicelib.outbound.reply", "            witness(world, event)\n", "            pass\n"),
    ),
)
