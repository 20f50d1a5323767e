"""`make settings`, short of being a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.errors import OperatorError, SettingsWrong
from chalicelib.model import Saved
from chalicelib.store import Store
from infra.environment import environment_of, port_of
from infra.local.aws import Aws
from infra.settings import choose, put
from tests.house import SETTINGS


def test_settings_are_put_into_the_table_as_they_are_written(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(SETTINGS)
    put(choose(tmp_path, {}), {"TABLE": aws.table})
    saved = Store(aws.table).find(Saved, "settings")
    assert saved is not None
    assert saved.value == SETTINGS


def test_a_wrong_file_leaves_what_was_in_force(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(SETTINGS)
    put(tmp_path / "settings.toml", {"TABLE": aws.table})
    (tmp_path / "settings.toml").write_text("desks = 1")
    with pytest.raises(SettingsWrong):
        put(tmp_path / "settings.toml", {"TABLE": aws.table})
    saved = Store(aws.table).find(Saved, "settings")
    assert saved is not None
    assert saved.value == SETTINGS


@pytest.mark.usefixtures("aws")
def test_a_table_that_cannot_be_reached_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(SETTINGS)
    with pytest.raises(OperatorError, match="The table nowhere cannot be reached"):
        put(tmp_path / "settings.toml", {"TABLE": "nowhere"})


def test_what_env_says_counts_for_every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("THREADLINE_PORT=8100\nTHREADLINE_SETTINGS=\n")
    monkeypatch.delenv("THREADLINE_PORT", raising=False)
    assert port_of(environment_of(tmp_path)) == 8100
    monkeypatch.setenv("THREADLINE_PORT", "9000")
    assert port_of(environment_of(tmp_path)) == 9000


@pytest.mark.parametrize("port", ["80", "99999", "80000000", "eight"])
def test_a_port_that_cannot_be_is_refused(port: str) -> None:
    with pytest.raises(ValueError):
        port_of({"THREADLINE_PORT": port})
