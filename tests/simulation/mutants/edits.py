"""A mistake as an edit of the application's source, made while a module is imported; no file is touched."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Self

ROOT = Path(__file__).parents[3]


class DoesNotFit(Exception):
    """The code has changed, and a mistake can no longer be made where it was made before."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One place of one module: what stands there, and what somebody wrote instead."""

    module: str
    old: str
    new: str

    def made_in(self, source: str) -> str:
        found = source.count(self.old)
        if found != 1:
            raise DoesNotFit(f"{self.module} has this {found} times, and not once: {self.old!r}")
        return source.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake that a tired programmer could make; `name` is a sentence that says what is wrong."""

    name: str
    storms: tuple[str, ...]
    """Where it does harm; their seeds are played first."""
    edits: tuple[Edit, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(edit.module for edit in self.edits))

    def made_in(self, module: str, source: str) -> str:
        """Make all of this mistake that is in one module."""
        for edit in self.edits:
            if edit.module == module:
                source = edit.made_in(source)
        return source


def mutant(name: str, storms: str, *edits: tuple[str, str, str]) -> Mutant:
    return Mutant(name, tuple(storms.split()), tuple(Edit(*edit) for edit in edits))


def path_of(module: str) -> Path:
    """Find where a module's source lies."""
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


class Meddler(importlib.abc.MetaPathFinder):
    """Stands first where Python looks for modules, and hands out those that a mistake is in."""

    def __init__(self, mistake: Mutant) -> None:
        self._mistake = mistake
        self.made: set[str] = set()

    def __enter__(self) -> Self:
        early = [module for module in self._mistake.modules if module in sys.modules]
        if early:
            raise DoesNotFit(f"imported before anything could be changed in it: {', '.join(early)}")
        sys.meta_path.insert(0, self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.meta_path.remove(self)

    @property
    def missed(self) -> list[str]:
        """Modules that nobody has imported, so that nothing is wrong with them."""
        return [module for module in self._mistake.modules if module not in self.made]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._mistake.modules:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            self.made.add(fullname)
            spec.loader = _Changed(fullname, spec.origin, self._mistake)
        return spec


class _Changed(importlib.machinery.SourceFileLoader):
    """Loads a module with a mistake in it, past the cache of compiled ones."""

    def __init__(self, fullname: str, path: str, mistake: Mutant) -> None:
        super().__init__(fullname, path)
        self._mistake = mistake

    def get_code(self, fullname: str) -> CodeType:
        source = self._mistake.made_in(fullname, Path(self.path).read_text("utf-8"))
        code: CodeType = compile(source, self.path, "exec", dont_inherit=True)
        return code
