"""Mistakes on the way out: from a reply typed in Slack to the customer, and what is told of it."""

from __future__ import annotations

from tests.simulation.mutants.edits import mutant

MISTAKES = (
    mutant(
        "an event of Slack's that comes again is a reply again",
        "events",
        ("chalicelib.outbound.record", "import Insert\n", "import Insert, Put\n"),
        ("chalicelib.outbound.record", "world.store.write(Insert(own), ", "world.store.write(Put(own), "),
    ),
    mutant(
        "a reply in a thread that nobody knows yet is dropped, and nobody asks Slack what was missed",
        "slack blindness",
        ("chalicelib.outbound.reply", "        _keep(world, typed, before)\n", ""),
        ("chalicelib.sweep", "        bells[Side.SLACK] |= dict.fromkeys(missed.due(world))\n", ""),
    ),
    mutant(
        "a reply goes where the customer wrote from last, wherever it was typed",
        "slack events",
        (
            "chalicelib.outbound.address",
            "    if ts > home.route_ts:\n        return home.route\n",
            "    return home.route\n",
        ),
    ),
    mutant(
        "replies go out in the order in which Slack told of them",
        "events",
        ("chalicelib.outbound.record", 'f"{typed.ts:0>20}#{ulid}"', "ulid"),
    ),
    mutant(
        "a reply is recorded without a time at which it is due",
        "bells",
        ("chalicelib.outbound.record", "due=None if note else now + CLAIM_LIFE,", "due=None,"),
    ),
    mutant(
        "nobody asks whether a reply begins with the note mark",
        "calm",
        (
            "chalicelib.outbound.record",
            "    note = stays_inside(world, home, typed.channel, *typed.spellings, *before)\n",
            "    note = False\n",
        ),
    ),
    mutant(
        "whoever opted out is written to",
        "events",
        (
            "chalicelib.outbound.attempt",
            "        if self.known is not None and self.route.medium in self.known.opted_out:\n",
            "        if False:\n",
        ),
    ),
    mutant(
        "a reply is sent without claiming it first",
        "calm",
        (
            "chalicelib.outbound.attempt",
            "    mine = write(way.world, item, claimed_part(item, number, way.world.now()))\n",
            "    mine = claimed_part(item, number, way.world.now())\n",
        ),
    ),
    mutant(
        "a worker passes a reply that is still to go out",
        "providers",
        ("chalicelib.outbound.send", "        if owed(after) is Side.CUSTOMER:\n            break\n", ""),
    ),
    mutant(
        "nobody asks the provider what came of a stale claim",
        "providers",
        (
            "chalicelib.outbound.attempt",
            "    found = way.channel.look_up(way.message(item, number), way.account, way.world.http)\n",
            "    found: Found = Absent()\n",
        ),
    ),
    mutant(
        "where nobody can be asked it is sent again",
        "providers",
        (
            "chalicelib.outbound.attempt",
            'return way.world.store.change(item, lambda each: lost_track(each, number, "", now)) or item\n',
            "return None\n",
        ),
    ),
    mutant(
        "a claim is given back although the provider may have done it",
        "providers",
        (
            "chalicelib.outbound.attempt",
            "Ambiguous():\n            return mine  # the claim stays, and is looked up once it is stale\n",
            "Ambiguous(why):\n            due = now + CLAIM_LIFE\n",
        ),
    ),
    mutant(
        "an edit changes what is on its way or gone",
        "providers",
        (
            "chalicelib.settling",
            "item.state in waiting and all(part.state in waiting and not part.in_doubt for part in item.parts)",
            "bool(waiting)",
        ),
    ),
    mutant(
        "an edit that came too late is not told",
        "calm",
        (
            "chalicelib.outbound.late",
            "        if newer:\n            sentence",
            "        if False:\n            sentence",
        ),
    ),
    mutant(
        "a late receipt lowers what is known already",
        "events",
        (
            "chalicelib.model.lives",
            "    State.DELIVERED: frozenset({State.READ}),\n",
            "    State.DELIVERED: frozenset({State.READ, State.SENT, State.FAILED}),\n",
        ),
    ),
    mutant(
        "a reply that failed is not told",
        "providers",
        ("chalicelib.model.items", "        return item.shown is not item.state\n", "        return False\n"),
    ),
    mutant(
        "a customer who was answered still waits",
        "calm",
        (
            "chalicelib.inbound.progress",
            "    if home.waiting_since is None or state not in MARKS or item.their_id <= home.last_ts:\n",
            "    if home.waiting_since or item or state:\n",
        ),
    ),
    mutant(
        "the provider is asked while somebody else's claim is fresh",
        "providers",
        (
            "chalicelib.outbound.attempt",
            "    if claim is None or fresh(claim, now):\n",
            "    if claim is None:\n",
        ),
    ),
    mutant(
        "the very same words that went out before are taken for ours",
        "providers",
        (
            "chalicelib.outbound.attempt",
            "if ref is None or not ref.item]",
            "if ref is None or ref.id]",
        ),
    ),
    mutant(
        "a reply does not wait for the post above it",
        "slack blindness",
        (
            "chalicelib.outbound.address",
            "    if _undecided(around.home, pending, item, route):\n",
            "    if False:\n",
        ),
    ),
    mutant(
        "a reply goes out without its looks",
        "calm",
        (
            "chalicelib.outbound.send",
            "            return [run]\n        # Without time",
            "            return [run._replace(styles=frozenset())]\n        # Without time",
        ),
    ),
    mutant(
        "Telegram is not told that a text is HTML",
        "calm",
        ("chalicelib.channels.telegram.api", '            body["parse_mode"] = "HTML"\n', "            pass\n"),
    ),
)
