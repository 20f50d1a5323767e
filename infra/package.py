"""Make what is deployed: Chalice's package under our template, its zip compiled and trimmed.

`python -m infra.package [out]` leaves `sam.yaml` and `deployment.zip` in `out`. One package serves every
stage: the stage is a parameter of the stack.
"""

from __future__ import annotations

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"
SPOKEN = frozenset({"dynamodb", "s3", "sqs", "ssm"})
"""The AWS services we call; botocore carries the descriptions of some 400 others."""
EPOCH = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out").resolve()
    package(ROOT, out)
    before, after = rework(out / "deployment.zip")
    print(f"{out / 'deployment.zip'}: {after / 1e6:.1f} MB, compiled and trimmed, from {before / 1e6:.1f} MB")


def package(project: Path, out: Path) -> None:
    """Let Chalice package a project under its merge template."""
    shutil.rmtree(out, ignore_errors=True)
    template = project / "infra" / "resources.yaml"
    command = [sys.executable, "-c", CHALICE, "package", "--merge-template", str(template), str(out)]
    # Chalice wants a region though it writes none: the template names it by reference.
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ}
    subprocess.run(command, cwd=project, env=environment, check=True)


def rework(archive: Path) -> tuple[int, int]:
    """Halve the cold start: compile, since Lambda cannot keep what it compiles, and drop what is not used."""
    before = archive.stat().st_size
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place)
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(tree)
        trim(tree)
        compiled(tree)
        pack(tree, archive)
    return before, archive.stat().st_size


def trim(tree: Path) -> None:
    for service in (tree / "botocore" / "data").glob("*/"):
        if service.name not in SPOKEN:
            shutil.rmtree(service)


def compiled(tree: Path) -> None:
    """Compile everything; unchecked, because the zip's dates would make every file look changed."""
    fine = compileall.compile_dir(
        tree,
        quiet=2,
        workers=0,
        stripdir=str(tree),
        prependdir="/var/task",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not fine:
        print("some files could not be compiled; they are compiled anew at every cold start")


def pack(tree: Path, archive: Path) -> None:
    """Zip a tree so that the same tree makes the same bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(each for each in tree.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    main()
