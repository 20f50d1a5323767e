"""What a run says when it is over: what was tried, what was counted, and how to play a failing seed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.simulation.play import Verdict

NOUGHT = ("lost", "doubled", "reordered", "misled")
"""What has to be zero."""
WIDE = 76


def table(verdicts: Sequence[Verdict], elapsed: float) -> str:
    """Tell a whole run in a screen."""
    counts, tried, storms = Counter[str](), Counter[str](), Counter[str]()
    for each in verdicts:
        counts += each.counts
        tried += each.tried
        storms[each.storm] += 1
    spent = sum(each.seconds for each in verdicts)
    failed = [each for each in verdicts if each.failures]
    return "\n".join(
        (
            *_section("Storms", storms.items()),
            *_section("Tried", sorted(tried.items())),
            *_section("Counted", sorted((name, count) for name, count in counts.items() if name not in NOUGHT)),
            *_section("Must be zero", ((name, counts[name]) for name in NOUGHT)),
            "",
            f"{len(verdicts)} seeds in {elapsed:.0f} s ({spent / max(len(verdicts), 1):.2f} s of processor each), "
            f"{len(failed)} of them failed" + (":" if failed else "."),
            *(f"  {each.seed} ({each.storm}): {len(each.failures)}" for each in failed[:20]),
            *([f"Play one again: make simulate SEED={failed[0].seed}"] if failed else []),
        )
    )


def _section(title: str, rows: Iterable[tuple[str, int]]) -> list[str]:
    return ["", title, *(f"  {name} {'.' * (WIDE - 12 - len(name))} {count:>8,}" for name, count in rows)]


def told(verdict: Verdict, most: int = 3) -> str:
    """Tell what failed in a seed."""
    head = f"Seed {verdict.seed} ({verdict.storm}) failed; play it again with make simulate SEED={verdict.seed}"
    more = len(verdict.failures) - most
    rest = [f"  … and {more} more"] if more > 0 else []
    return "\n".join([head, *(f"  - {each}" for each in verdict.failures[:most]), *rest])
