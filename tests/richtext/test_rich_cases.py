"""The specification: one file per case, with a text in every form it can come in, and each that it goes out in.

A new case is a new file in `cases/`.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from chalicelib.model import Capabilities, Item, Kind, Markup
from chalicelib.richtext import (
    Rich,
    Run,
    changed,
    entities,
    found,
    html,
    kept,
    linked,
    literal,
    mrkdwn,
    parts,
    plain,
    slack,
    stripped,
    whatsapp,
)
from chalicelib.slack.said import drawn, told
from infra.local.slack.block_kit import find_problems
from infra.local.telegram.wire import read as telegram_reads

CASES = {path.stem: tomllib.loads(path.read_text()) for path in sorted(Path(__file__).parent.glob("cases/*.toml"))}
NAMES = {"user:U0BOB": "@Bob", "channel:C0HELP": "#help", "group:S0TEAM": "@support"}

READERS = {
    "slack": lambda case: slack.read([{"type": "rich_text", "elements": json.loads(case["slack"])}]),
    "blocks": lambda case: slack.read(json.loads(case["blocks"])),
    "mrkdwn": lambda case: mrkdwn.read(case["mrkdwn"]),
    "telegram": lambda case: entities.read(case["telegram"], json.loads(case["entities"])),
    "whatsapp": lambda case: whatsapp.read(case["whatsapp"]),
    "text": lambda case: linked(literal(case["text"])),
}


def sent(rich: Rich, markup: Markup) -> str:
    texts, _ = parts(rich, Capabilities("", "", 10**6, markup=markup))
    return "".join(texts)


def in_slack(rich: Rich) -> list[Any]:
    """What a customer's words look like there."""
    if not rich:
        return []
    blocks = drawn(told(Item("C", "I", Kind.MESSAGE, 0, "o", rich=kept(rich, "\0"))))
    assert find_problems(blocks) == []
    return [container for block in blocks for container in block["elements"]]


WRITERS = {
    "plain": plain.write,
    "whatsapp": lambda rich: sent(rich, Markup.WHATSAPP),
    "telegram": lambda rich: sent(rich, Markup.HTML),
    "email": html.email,
    "slack": in_slack,
}


def named(rich: Rich) -> Rich:
    def name(run: Run) -> list[Run]:
        return [run._replace(text=NAMES.get(run.mention, run.text), mention="")]

    return stripped(changed(rich, name))


def tree(case: str, form: str) -> Rich:
    rich: Rich = READERS[form](CASES[case]["in"])
    return rich


EACH_IN = [(case, form) for case, about in CASES.items() for form in READERS if form in about["in"]]


def test_there_are_cases() -> None:
    assert len(CASES) > 40
    assert all(about["out"].keys() == WRITERS.keys() for about in CASES.values())


@pytest.mark.parametrize(("case", "form"), EACH_IN)
def test_each_form_it_comes_in_goes_out_as_said(case: str, form: str) -> None:
    rich, out = named(tree(case, form)), CASES[case]["out"]
    expected = {**out, "slack": json.loads(out["slack"])}
    assert {name: write(rich) for name, write in WRITERS.items()} == expected


@pytest.mark.parametrize("case", CASES)
def test_telegram_takes_it(case: str) -> None:
    for form in READERS.keys() & CASES[case]["in"].keys():
        telegram_reads(html.telegram(named(tree(case, form))), "HTML")


@pytest.mark.parametrize(("case", "form"), EACH_IN)
def test_a_tree_survives_the_way_through_slack(case: str, form: str) -> None:
    rich = tree(case, form)
    containers = slack.write(rich, mentions=True)
    safe = changed(rich, lambda run: [run._replace(link="") if "script:" in run.link else run])
    assert slack.read([{"type": "rich_text", "elements": containers}]) == safe


@pytest.mark.parametrize(("case", "form"), EACH_IN)
def test_a_tree_survives_the_way_through_the_table(case: str, form: str) -> None:
    rich = tree(case, form)
    assert (found(kept(rich, "\0")) or ()) == rich
