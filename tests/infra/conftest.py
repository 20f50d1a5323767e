from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infra.package import ROOT, package


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Package the real app without its dependencies, which no template depends on."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    (project / "infra").mkdir()
    shutil.copy(ROOT / "infra" / "resources.yaml", project / "infra")
    shutil.copy(ROOT / "app.py", project)
    (project / "requirements.txt").touch()
    package(project, project / "out")
    return project / "out"
