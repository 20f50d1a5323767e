"""Who may know whom: the rules of the layout, kept by reading every import there is."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]

GROUND = {
    "errors",
    "filetypes",
    "finding",
    "logs",
    "merging",
    "model",
    "patience",
    "reading",
    "richtext",
    "settings",
    "settling",
    "signing",
    "telling",
    "vcard",
    "streams",
    "web",
}
"""Modules without I/O of their own, but for web's one seam."""

MAY_KNOW = {
    **dict.fromkeys(GROUND, GROUND),
    "channels": GROUND | {"channels"},
    "store": GROUND | {"store"},
    "bucket": GROUND,
    "queues": GROUND,
    "slack": GROUND | {"slack", "store"},
    "contacts": GROUND | {"store"},
    "search": GROUND | {"contacts", "store"},
    "services": GROUND | {"bucket", "channels", "queues", "slack", "store"},
    "gates": GROUND | {"services", "slack", "store"},
    "health": GROUND | {"gates", "services", "store"},
    "team": GROUND | {"queues", "services", "slack", "store"},
}
"""Module or package -> what of ours it may import. What is not here are the flows, which see everything."""

FLOWS = {"inbound", "outbound", "missed", "carry", "operate", "raw", "sweep", "slack.desk"}

OWNERS = {
    "chalice": {"app"},
    "pynamodb": {"store"},
    "slack_sdk": {"slack"},
    "twilio": {"channels.twilio"},
    "requests": {"web"},
    "os": {"services"},
}
SHARED_BY_STAND_INS = [
    f"{name}.py"
    for name in ("server", "journal", "phones", "outside", "webhooks", "faults", "watched", "multipart")
]
CLIENTS = {"sqs": {"queues"}, "s3": {"bucket"}, "ssm": {"services"}}


def name_of(path: Path) -> str:
    """app, store, slack.threads, channels.twilio …: a module without its root and without __init__."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part not in ("chalicelib", "__init__"))


def unit_of(module: str) -> str:
    """The unit that the rules speak of: the package, or slack.desk, which is a flow among Slack's modules."""
    return "slack.desk" if f"{module}.".startswith("slack.desk.") else module.partition(".")[0]


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> set[str]:
    """The units of ours that a module imports, other than its own."""
    found = {
        unit_of(name.removeprefix("chalicelib."))
        for name in (f"{each}." for each in imports(path))
        if name.startswith("chalicelib.")
    }
    desk = {"slack.desk" for each in imports(path) if each.startswith("chalicelib.slack.desk")}
    return {unit for unit in found | desk if unit}


def test_a_module_knows_only_what_it_may() -> None:
    units = [(path, unit_of(name_of(path))) for path in SHIPPED]
    ruled = [(path, unit) for path, unit in units if unit not in FLOWS | {"app", ""}]
    too_much = {name_of(path): ours(path) - {unit} - MAY_KNOW[unit] for path, unit in ruled}
    assert {name: known for name, known in too_much.items() if known} == {}


def test_only_the_doors_and_the_flows_know_the_flows() -> None:
    others = [path for path in SHIPPED if unit_of(name_of(path)) not in FLOWS | {"app"}]
    assert {name_of(path): ours(path) & FLOWS for path in others if ours(path) & FLOWS} == {}


def test_a_channel_does_not_know_another() -> None:
    strangers = {
        (name_of(path), each)
        for path in SHIPPED
        if name_of(path).startswith("channels.")
        for each in imports(path)
        if each.startswith("chalicelib.channels.") and each.split(".")[2] != name_of(path).split(".")[1]
    }
    assert strangers == set()


@pytest.mark.parametrize("library", OWNERS)
def test_each_dependency_has_one_owner(library: str) -> None:
    users = {
        name_of(path) for path in SHIPPED if any(f"{each}.".startswith(f"{library}.") for each in imports(path))
    }
    assert {
        user for user in users if not any(f"{user}.".startswith(f"{owner}.") for owner in OWNERS[library])
    } == set()


@pytest.mark.parametrize("service", CLIENTS)
def test_each_aws_service_has_one_owner(service: str) -> None:
    users = {name_of(path) for path in SHIPPED if f'create_client("{service}"' in path.read_text()}
    assert users == CLIENTS[service]


def test_handlers_of_events_are_declared_in_app_py_and_nowhere_else() -> None:
    assert not [
        name_of(path) for path in SHIPPED[1:] if "Blueprint" in path.read_text() or "@app." in path.read_text()
    ]


def test_nothing_that_ships_knows_the_laptop_or_the_tests() -> None:
    strangers = {each for path in SHIPPED for each in imports(path) if each.split(".")[0] in ("infra", "tests")}
    assert strangers == set()


def test_the_stand_ins_and_the_page_do_not_know_the_application() -> None:
    stand_ins = [
        path
        for name in ("slack", "twilio", "whatsapp", "telegram", "page")
        for path in (ROOT / "infra" / "local" / name).rglob("*.py")
    ]
    stand_ins += [ROOT / "infra" / "local" / name for name in SHARED_BY_STAND_INS]
    assert not [
        path.name
        for path in stand_ins
        if any(each.split(".")[0] in ("chalicelib", "app") for each in imports(path))
    ]


def test_a_module_is_short_enough_to_hold_in_the_head() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in SHIPPED}
    assert {name: length for name, length in lengths.items() if length > 260} == {}


def test_no_two_test_modules_have_one_name() -> None:
    """Most directories of tests are no packages: pytest refuses the second module of a name."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []
