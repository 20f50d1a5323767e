from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation.__main__ import Impossible, main, read
from tests.simulation.play import play
from tests.simulation.storm import STORMS

A_FEW = {1: "crashes", 3: "providers"}
"""All of them are what `make simulate` is for."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", A_FEW, ids=A_FEW.get)
def test_every_promise_is_kept_in_a_storm(seed: int) -> None:
    assert play(seed, minutes=3.0).failures == ()


@pytest.mark.slow
def test_a_storm_tells_the_same_story_in_another_process() -> None:
    told = "from tests.simulation.play import play; print(play(7, minutes=1.0).digest)"
    other = subprocess.run(
        [sys.executable, "-c", told],
        env={**os.environ, "PYTHONHASHSEED": "17"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert other.stdout.strip() == play(7, minutes=1.0).digest


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SEEDS": "-1"}, "SEEDS is '-1'; it has to be a whole number from 1 to 10000000."),
        ({"SEEDS": "0"}, "SEEDS is '0'; it has to be a whole number from 1 to 10000000."),
        ({"SEED": "abc"}, "SEED is 'abc'; it has to be a whole number from 0 to 10000000."),
        ({"FIRST": "1.5"}, "FIRST is '1.5'; it has to be a whole number from 0 to 10000000."),
        ({"JOBS": "none"}, "JOBS is 'none'; it has to be a whole number from 1 to 256."),
        ({"FIRST": "-1"}, "FIRST is '-1'; it has to be a whole number from 0 to 10000000."),
        ({"JOBS": "-1"}, "JOBS is '-1'; it has to be a whole number from 1 to 256."),
        ({"SEED": "10000001"}, "SEED is '10000001'; it has to be a whole number from 0 to 10000000."),
        ({"SEED": "0" * 20}, "SEED is '00000000000000000000'; it has to be a whole number from 0 to 10000000."),
        ({"SEED": "٣"}, "SEED is '٣'; it has to be a whole number from 0 to 10000000."),
        ({"STORM": "hail"}, f"There is no storm called 'hail'; there are {', '.join(STORMS)}."),
    ],
)
def test_a_setting_that_cannot_be_says_so(given: dict[str, str], said: str) -> None:
    with pytest.raises(Impossible) as refused:
        read(given)
    assert str(refused.value) == said


def test_two_hundred_seeds_are_played_unless_told() -> None:
    assert read({}).seeds == range(200)
    assert read({"SEEDS": "", "FIRST": "40", "JOBS": "3"}).seeds == range(40, 240)
    assert read({"SEED": "17"}).seeds == range(17, 18)
    assert read({"SEED": " "}).seeds == range(200)


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("-h", 0), ("17", 2), ("--seed=17", 2)])
def test_any_argument_is_answered_with_how_it_is_used(
    argument: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument], {}) == status
    told = capsys.readouterr()
    assert "make simulate SEED=17" in (told.err if status else told.out)


def test_the_program_ends_with_2_where_a_setting_cannot_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {"SEEDS": "many"}) == 2
    assert "SEEDS is 'many'" in capsys.readouterr().err
