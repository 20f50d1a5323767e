"""Mistakes in what carries both ways: bells, the sweep, and the table."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

_BELLS = "chalicelib.queues"
_SWEEP = "chalicelib.sweep"

MISTAKES = (
    mutant(
        "marks and cards are drawn although Slack has asked to be left alone with them",
        "slack rush",
        ("chalicelib.inbound.pen", "    return turn.draws_at <= turn.world.now()\n", "    return True\n"),
    ),
    mutant(
        "who begins a turn does not look whether Slack takes drawings",
        "slack rush",
        (
            "chalicelib.inbound.deliver",
            "return max((gate.until for gate in (here, *gates) if gate is not None), default=0)",
            "return 0",
        ),
    ),
    mutant(
        "nobody heeds that Slack has no time for drawings",
        "slack rush",
        ("chalicelib.inbound.pen", "    if isinstance(outcome, Busy):\n", "    if isinstance(outcome, Item):\n"),
    ),
    mutant(
        "every bell of a conversation bears the same id",
        "calm",
        (_BELLS, '"MessageDeduplicationId": uuid.uuid4().hex,', '"MessageDeduplicationId": bell.about,'),
    ),
    mutant(
        "nobody rings but the sweep",
        "calm",
        (
            "chalicelib.inbound.receive",
            "                world.queues.ring(side, rings)\n",
            "                pass\n",
        ),
    ),
    mutant(
        "nobody rings, and the sweep is off",
        "calm",
        (
            "chalicelib.inbound.receive",
            "                world.queues.ring(side, rings)\n",
            "                pass\n",
        ),
        ("app", "    sweep_up(world())\n", "    pass\n"),
    ),
    mutant(
        "the sweep is off",
        "bells",
        ("app", "    sweep_up(world())\n", "    pass\n"),
    ),
    mutant(
        "the sweep rings for conversations and forgets what is in them",
        "bells",
        (_SWEEP, "            return _item_bells(world, thing, home)\n", "            return []\n"),
    ),
    mutant(
        "a conflict of transactions is not tried again",
        "table",
        ("chalicelib.store.tries", '        "TransactionConflict",\n', ""),
        ("chalicelib.store.tries", '        "TransactionConflictException",\n', ""),
    ),
    mutant(
        "a row is written over whatever has become of it",
        "events",
        (
            "chalicelib.store.table",
            "                return self._row.version == thing.version\n",
            "                return None\n",
        ),
    ),
)
