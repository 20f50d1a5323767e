"""All mistakes there are, in the order of the design's promises."""

from __future__ import annotations

from tests.simulation.mutants import doors, inwards, onwards, outwards
from tests.simulation.mutants.edits import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *doors.MISTAKES,
    *inwards.MISTAKES,
    *outwards.MISTAKES,
    *onwards.MISTAKES,
)
