"""All mistakes there are, in the order of the design's promises."""

from __future__ import annotations

from tests.simulation.mutants import changes, desks, doors, inwards, onwards, outwards, papers, pictures
from tests.simulation.mutants.edits import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *doors.MISTAKES,
    *inwards.MISTAKES,
    *pictures.MISTAKES,
    *outwards.MISTAKES,
    *papers.MISTAKES,
    *onwards.MISTAKES,
    *changes.MISTAKES,
    *desks.MISTAKES,
)
