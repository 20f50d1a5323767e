"""Whether `make run` opens a browser: only in front of somebody who has one and has not said no."""

from __future__ import annotations

import pytest

from infra.local.browser import wanted


@pytest.mark.parametrize("screen", [{"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_it_opens_where_there_is_a_screen(screen: dict[str, str]) -> None:
    assert wanted(screen, terminal=True, platform="linux")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_some_machines_always_have_a_screen(platform: str) -> None:
    assert wanted({}, terminal=True, platform=platform)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"},
        {"DISPLAY": ":0", "THREADLINE_BROWSER": "no"},
    ],
)
def test_it_stays_shut_where_nobody_would_see_it_or_somebody_said_so(environment: dict[str, str]) -> None:
    assert not wanted(environment, terminal=True, platform="linux")


def test_it_stays_shut_where_a_program_runs_us() -> None:
    assert not wanted({"DISPLAY": ":0"}, terminal=False, platform="linux")
