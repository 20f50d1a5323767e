from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.mutants.edits import ROOT, DoesNotFit, Edit, Mutant, path_of
from tests.simulation.mutants.table import MUTANTS


@pytest.mark.parametrize("mistake", MUTANTS, ids=lambda mistake: mistake.name)
def test_every_mistake_can_still_be_made_in_the_code(mistake: Mutant) -> None:
    for module in mistake.modules:
        path = path_of(module)
        changed = mistake.made_in(module, path.read_text("utf-8"))
        compile(changed, str(path), "exec", dont_inherit=True)


def test_a_mistake_breaks_no_more_than_it_says(tmp_path: Path) -> None:
    """A name that is not there would be caught for another reason than the table says."""
    for place, mistake in enumerate(MUTANTS):
        for module in mistake.modules:
            changed = mistake.made_in(module, path_of(module).read_text("utf-8"))
            (tmp_path / f"{place}_{module.replace('.', '_')}.py").write_text(changed, "utf-8")
    rules = ["--isolated", "--no-cache", "--select", "F821,F811,F823"]
    told = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *rules, tmp_path], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout


def test_each_has_a_name_of_its_own() -> None:
    assert len({mistake.name for mistake in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("source", ["", "here = 1\nhere = 1\n"])
def test_an_edit_whose_place_is_gone_or_there_twice_does_not_fit(source: str) -> None:
    with pytest.raises(DoesNotFit):
        Edit("app", "here = 1", "here = 2").made_in(source)


def test_the_application_that_is_imported_has_the_mistake_in_it() -> None:
    told = (
        "from tests.simulation.mutants.edits import Meddler, mutant\n"
        "edit = ('chalicelib.settling', 'CLAIM_LIFE = 60_000', 'CLAIM_LIFE = 7')\n"
        "with Meddler(mutant('a claim is stale at once', '', edit)) as meddler:\n"
        "    import app\n"
        "    from chalicelib.inbound.entries import CLAIM_LIFE\n"
        "    print(CLAIM_LIFE, meddler.missed)\n"
    )
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "7 []\n"


def test_what_is_imported_already_cannot_be_changed() -> None:
    told = (
        "import app\n"
        "from tests.simulation.mutants.edits import Meddler, mutant\n"
        "edit = ('chalicelib.settling', 'CLAIM_LIFE = 60_000', 'CLAIM_LIFE = 7')\n"
        "with Meddler(mutant('a claim is stale at once', '', edit)):\n"
        "    pass\n"
    )
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "imported before anything could be changed in it: chalicelib.settling" in done.stderr
