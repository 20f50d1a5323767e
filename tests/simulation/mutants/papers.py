"""Mistakes with the team's files: how they come to the customer, and what is told of those that do not."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

ATTACHED = "chalicelib.outbound.attached"

MISTAKES = (
    mutant(
        "nobody rings for the files of a reply",
        "calm",
        (
            "chalicelib.outbound.record",
            "        if is_carried(item):\n            world.queues.ring(Side.MEDIA, [Bell(home.id, home.id)])\n",
            "",
        ),
        (ATTACHED, "        world.queues.ring(Side.MEDIA, [Bell(item.conversation, item.conversation)])\n", ""),
        ("chalicelib.sweep", "Side.MEDIA", "Side.SLACK"),
    ),
    mutant(
        "a file of a reply is sent as often as there are files and words",
        "calm",
        (ATTACHED, "for number, takes in sent]\n", "for number, takes in sent * 2]\n"),
    ),
    mutant(
        "a file that did not come is forgotten",
        "slack outages",
        (
            ATTACHED,
            '    lost = [Part("", file=number) for number, _ in chosen if not _is_kept(item, number)]\n',
            "    lost: list[Part] = []\n",
        ),
    ),
)
