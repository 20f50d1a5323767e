"""An AWS that lives as long as we do: ministack on loopback, with the data resources of resources.yaml."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import botocore.session
import yaml

from infra.local.server import PortBusy

TEMPLATE = Path(__file__).parents[1] / "resources.yaml"
DATA = frozenset({"AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket"})
REGION = "us-east-1"
STACK = "threadline"
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}  # accepted by nobody else

# It lives exactly as long as the pipe to us, however we end.
LAUNCH = """
import os, shutil, sys, threading

def follow():
    sys.stdin.buffer.read()
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os._exit(0)

threading.Thread(target=follow, daemon=True).start()
from ministack.app import main
main()
"""


class AwsFailed(Exception):
    """The embedded AWS did not start, or did not take the template."""


class Aws:
    """A running embedded AWS and the names of what is in it. Everything is in memory.

    With `guarded`, whoever comes with a role's credentials has that role's rights and no others.
    """

    table: str
    inbound_url: str
    outbound_url: str
    media_url: str
    bucket: str

    def __init__(self, port: int = 0, stage: str = "local", *, guarded: bool = False) -> None:
        self.stage = stage
        self._guard = {"AUTH": "true"} if guarded else {}
        self.port = port or _free_port()
        _refuse_a_busy(self.port)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._home = tempfile.TemporaryDirectory(prefix="threadline-aws-", ignore_cleanup_errors=True)
        self._log = Path(self._home.name) / "log"
        self._process = self._launch()
        self._clients: dict[str, Any] = {}
        self._template = json.dumps(data_resources())
        try:
            self._wait()
            self._create()
        except BaseException:
            self.close()
            raise

    def environment(self) -> dict[str, str]:
        """Give what the app finds in its environment here; unset AWS_PROFILE beside it."""
        return {
            **KEYS,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "STAGE": self.stage,
            "TABLE": self.table,
            "INBOUND_QUEUE_URL": self.inbound_url,
            "OUTBOUND_QUEUE_URL": self.outbound_url,
            "MEDIA_QUEUE_URL": self.media_url,
            "BUCKET": self.bucket,
            "PARTIAL_FAILURES": "1",
        }

    def client(self, service: str) -> Any:
        """Give a botocore client of this AWS; one per service, safe to share between threads."""
        if service not in self._clients:
            self._clients[service] = botocore.session.Session().create_client(
                service,
                region_name=REGION,
                endpoint_url=self.endpoint,
                aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            )
        return self._clients[service]

    def reset(self) -> None:
        """Empty everything and create the resources anew, under the same names."""
        status, answer = self._ask("POST", "/_ministack/reset")
        if status != 200:  # noqa: PLR2004 - HTTP's word for done
            raise AwsFailed(f"reset: {answer[:200]!r}")
        self._create()

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for client in self._clients.values():
            client.close()
        self._home.cleanup()

    def _launch(self) -> subprocess.Popen[bytes]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MINISTACK_"))
        }
        place = {"BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port)}
        memory_only = {"PERSIST_STATE": "0", "S3_PERSIST": "0", "LOCALSTACK_PERSISTENCE": "0"}
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-c", LAUNCH],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={
                    **inherited,
                    **place,
                    **memory_only,
                    **KEYS,  # it checks who signed an address
                    **self._guard,
                    "TMPDIR": self._home.name,
                    "LOG_LEVEL": "WARNING",
                },
                start_new_session=True,  # Ctrl-C is for us; we stop it ourselves
            )

    def _wait(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self._ask("GET", "/_ministack/ready")[0] == 200:  # noqa: PLR2004
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise AwsFailed(f"the embedded AWS did not start: {self._log.read_text(errors='replace')[-2000:]}")

    def _ask(self, method: str, path: str) -> tuple[int, bytes]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def _create(self) -> None:
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=STACK,
            TemplateBody=self._template,
            Parameters=[{"ParameterKey": "Stage", "ParameterValue": self.stage}],
        )
        end = time.monotonic() + 10
        while (stack := cloudformation.describe_stacks(StackName=STACK)["Stacks"][0])["StackStatus"] in (
            "CREATE_IN_PROGRESS",
            "REVIEW_IN_PROGRESS",
        ) and time.monotonic() < end:
            time.sleep(0.005)
        if stack["StackStatus"] != "CREATE_COMPLETE":
            raise AwsFailed(f"{stack['StackStatus']}: {stack.get('StackStatusReason', 'no reason given')}")
        made = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
        names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in made}
        self.table, self.bucket = names["Table"], names["Bucket"]
        self.inbound_url, self.outbound_url, self.media_url = (
            names[name] for name in ("Inbound", "Outbound", "Media")
        )


@contextmanager
def embedded_aws(port: int = 0, stage: str = "local", *, guarded: bool = False) -> Iterator[Aws]:
    """Run an embedded AWS for the length of a `with`."""
    with closing(Aws(port, stage, guarded=guarded)) as aws:
        yield aws


def data_resources() -> dict[str, Any]:
    """Take from the template what holds data, leaving out what needs Lambda or an API."""
    template = yaml.safe_load(TEMPLATE.read_text())
    kept = {name: entry for name, entry in template["Resources"].items() if entry.get("Type") in DATA}
    return {"Parameters": {"Stage": template["Parameters"]["Stage"]}, "Resources": kept}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_a_busy(port: int) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortBusy(port) from error
