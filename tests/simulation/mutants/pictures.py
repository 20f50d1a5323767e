"""Mistakes with customers' files: how they come into the thread, and what becomes of those that do not."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

SHARES = "chalicelib.inbound.shares"
FACTS = "chalicelib.inbound.facts"

MISTAKES = (
    mutant(
        "a post with files is made without claiming it first",
        "pictures calm",
        (SHARES, "mine = turn.world.store.write(*map(Replace, claimed))", "mine = claimed"),
    ),
    mutant(
        "words do not wait for their files",
        "calm pictures",
        ("chalicelib.inbound.bursts", "and now < born(item.id) + FILE", "and now < born(item.id)"),
    ),
    mutant(
        "nobody hears Slack tell of a post with files, and nobody asks",
        "pictures calm",
        ("chalicelib.outbound.reply", "    Shown: witness_file,\n", "    Shown: lambda *_: None,\n"),
        (SHARES, "    if isinstance(found, Ok) and found.id:\n", "    if False:\n"),
    ),
    mutant(
        "a post with files is taken for made as soon as Slack says ok",
        "pictures",
        (
            SHARES,
            "        return False  # Slack tells where it stands\n",
            "        settle(mine, mine[0].slack_ts)\n        return True\n",
        ),
    ),
    mutant(
        "what Slack has and does not show is waited for",
        "pictures",
        (SHARES, "        _take_back(turn, items, shown)\n", "        look_again(turn, items)\n"),
    ),
    mutant(
        "what Slack has and does not show is brought anew, and not taken back",
        "pictures",
        (
            SHARES,
            "            outcome = turn.world.slack.files.discard(each.slack_id)\n",
            "            outcome = Ok('')\n",
        ),
        ("chalicelib.inbound.witness", "or keep_copy(world, posted):", "or False:"),
    ),
    mutant(
        "a file that came while its words were being posted is forgotten",
        "pictures",
        (FACTS, "    late = list(filter(_comes_late, item.attachments))\n", "    late: list[Attachment] = []\n"),
    ),
    mutant(
        "whoever brings a file rings for nobody",
        "calm",
        ("chalicelib.carry.settle", "        world.queues.ring(Side.SLACK, [bell_of(home)])\n", "        pass\n"),
    ),
    mutant(
        "a file that comes after its message is put with it all the same",
        "pictures providers",
        (
            "chalicelib.carry.settle",
            "    if item.state is State.POSTED and after.carriage is not Carriage.WAITING:\n",
            "    if item.state is State.UNKNOWN:\n",
        ),
    ),
    mutant(
        "nobody comes again for a file that was not to be had",
        "pictures providers",
        (
            "chalicelib.sweep",
            "    carrier = [(Side.MEDIA, own)] if side and is_carried(item) else []\n",
            "    carrier: list[tuple[Side, Bell]] = []\n",
        ),
    ),
)
