"""Mistakes at the door: what becomes of a customer's words and wishes until they are on record."""

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
        "events rush",
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
    ),
    mutant(
        "a STOP is words like any other",
        "events",
        (
            "chalicelib.inbound.record",
            "    if isinstance(event, MessageReceived) and event.wish is not None:\n        name",
            "    if False:\n        name",
        ),
    ),
)
