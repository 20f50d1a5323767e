"""`make settings`: check the settings file as a whole and put it into the table that is running or deployed.

On the laptop that is the table of the running `make run`; with STAGE set it is that stage's table on AWS.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from chalicelib.channels import CHANNELS, MEDIA
from chalicelib.errors import OperatorError
from chalicelib.model import Saved
from chalicelib.settings import Settings, read
from chalicelib.store import Put, Store
from infra.environment import ROOT, RUNNING, environment_of


def choose(root: Path, environment: Mapping[str, str]) -> Path:
    """Find the settings file: THREADLINE_SETTINGS, else settings.toml, else the example."""
    named = environment.get("THREADLINE_SETTINGS", "")
    if named:
        path = Path(named)
        if not path.is_file():
            raise OperatorError(f"THREADLINE_SETTINGS names {named}, and there is no such file.")
        return path
    own = root / "settings.toml"
    return own if own.is_file() else root / "settings.example.toml"


def put(path: Path, environment: Mapping[str, str]) -> Settings:
    """Check a settings file and put it into the table; raises SettingsWrong, OperatorError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read: {type(error).__name__}.") from error
    settings = read(text, CHANNELS, MEDIA)
    try:
        _write(Store(environment["TABLE"]), text)
    except Exception as error:
        raise OperatorError(
            f"The table {environment['TABLE']} cannot be reached ({type(error).__name__}). "
            "On the laptop, is `make run` running? For a stage, are AWS_REGION and credentials set?"
        ) from error
    return settings


def _write(store: Store, text: str) -> None:
    before = store.find(Saved, "settings")
    store.write(Put(replace(before, value=text) if before else Saved("settings", text)))


def main() -> int:
    """Put the settings into force."""
    environment = environment_of(ROOT)
    if not environment.get("STAGE"):
        if not RUNNING.is_file():
            print("Nothing is running here: start `make run`, or name a deployed stage: make settings STAGE=prod.")
            return 1
        environment.update(json.loads(RUNNING.read_text())["aws"])
        os.environ.update(environment)
    environment.setdefault("TABLE", f"threadline-{environment['STAGE']}")
    try:
        path = choose(ROOT, environment)
        settings = put(path, environment)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return 1
    desks = ", ".join(f"{desk.name} in {desk.slack_channel}" for desk in settings.desks.values())
    print(f"{path.name} is in {environment['TABLE']}: {desks}. In force within a minute.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
