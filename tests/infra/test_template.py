"""The template as it is deployed: what we rely on, and what must not be in it."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from samtranslator.translator.transform import transform

from infra.package import ROOT, compiled, pack, trim

FUNCTIONS = {"APIHandler", "Carry", "Deliver", "Operate", "Send", "Sweep"}
MAPPINGS = {"Carry": "Media", "Deliver": "Inbound", "Send": "Outbound"}


@pytest.fixture(scope="session")
def template(packaged: Path) -> dict[str, Any]:
    """Load the template as CloudFormation sees it, after its Serverless transform."""
    sam = yaml.safe_load((packaged / "sam.yaml").read_text())
    for resource in sam["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://code/app.zip"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        plain: dict[str, Any] = transform(sam, {}, NoManagedPolicies())
    return plain


@pytest.fixture(scope="session")
def resources(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: entry.get("Properties", {}) for name, entry in template["Resources"].items()}


class NoManagedPolicies:
    def load(self) -> dict[str, str]:
        return {}


def of(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: entry["Properties"] for name, entry in template["Resources"].items() if entry["Type"] == kind}


def every(value: Any, key: str) -> Iterator[Any]:
    """Walk to everything that stands under a key, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from every(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner, key)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# --------------------------------------------------------------------------- the whole


@pytest.mark.slow
def test_cfn_lint_has_nothing_to_say(packaged: Path) -> None:
    linter = Path(sys.executable).parent / "cfn-lint"
    command = [linter, packaged / "sam.yaml"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, "")


def test_every_entry_of_ours_meets_one_of_chalices(template: dict[str, Any]) -> None:
    untyped = [
        name
        for name, entry in yaml.safe_load((ROOT / "infra" / "resources.yaml").read_text())["Resources"].items()
        if "Type" not in entry
    ]
    assert [name for name in untyped if "Type" not in template["Resources"].get(name, {})] == []


def test_names_depend_on_the_stage_and_nothing_else(resources: dict[str, Any]) -> None:
    names = {"TableName", "QueueName", "BucketName", "FunctionName", "LogGroupName"}
    given = [
        properties[name]
        for entry, properties in resources.items()
        for name in names & set(properties)
        if "Permission" not in entry and "SqsEventSource" not in entry and "FilterPattern" not in properties
    ]
    assert len(given) == 20
    assert [name for name in given if "threadline-${Stage}" not in str(name)] == []


# --------------------------------------------------------------------------- data


def test_the_table_can_be_restored_and_not_be_deleted_by_accident(template: dict[str, Any]) -> None:
    entry = template["Resources"]["Table"]
    table = entry["Properties"]
    assert (entry["DeletionPolicy"], entry["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["DeletionProtectionEnabled"]
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def index(entry: dict[str, Any]) -> tuple[str, list[str], str]:
    keys = [key["AttributeName"] for key in entry["KeySchema"]]
    return entry["IndexName"], keys, entry["Projection"]["ProjectionType"]


def test_the_table_has_its_indexes(resources: dict[str, Any]) -> None:
    table = resources["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["PK", "SK"]
    assert [index(entry) for entry in table["LocalSecondaryIndexes"]] == [("undone", ["PK", "undone"], "ALL")]
    assert [index(entry) for entry in table["GlobalSecondaryIndexes"]] == [
        ("due", ["due_shard", "due_at"], "KEYS_ONLY"),
        ("board", ["board", "waiting"], "KEYS_ONLY"),
    ]


def test_the_store_and_the_template_agree_on_keys_and_indexes(resources: dict[str, Any]) -> None:
    from chalicelib.store.rows import Row  # noqa: PLC0415 - brings pynamodb

    table = resources["Table"]
    ours = {entry["IndexName"]: index(entry)[1:] for entry in table["LocalSecondaryIndexes"]}
    ours |= {entry["IndexName"]: index(entry)[1:] for entry in table["GlobalSecondaryIndexes"]}
    for name, theirs in Row._indexes.items():
        schema = theirs._get_schema()
        in_order = sorted(schema["key_schema"], key=lambda key: str(key["KeyType"]))  # HASH, then RANGE
        keys = [key["AttributeName"] for key in in_order]
        assert (keys, schema["projection"]["ProjectionType"]) == ours[name]
    types = {entry["AttributeName"]: entry["AttributeType"] for entry in table["AttributeDefinitions"]}
    attributes = {each.attr_name: each.attr_type for each in Row.get_attributes().values()}
    assert types == {name: attributes[name] for name in types}


def test_every_queue_is_fifo_encrypted_and_given_fresh_ids(template: dict[str, Any]) -> None:
    queues = of(template, "AWS::SQS::Queue")
    names = ("Inbound", "Outbound", "Media")
    assert set(queues) == {*names, *(f"{name}Dead" for name in names)}
    for queue in queues.values():
        assert (queue["FifoQueue"], queue["ContentBasedDeduplication"]) == (True, False)
        assert queue["SqsManagedSseEnabled"]


@pytest.mark.parametrize(("function", "queue"), MAPPINGS.items())
def test_a_queue_outlasts_its_worker_and_has_dead_letters(
    resources: dict[str, Any], function: str, queue: str
) -> None:
    properties = resources[queue]
    assert properties["VisibilityTimeout"] >= 6 * resources[function]["Timeout"]
    redrive = properties["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [f"{queue}Dead", "Arn"]}
    assert redrive["maxReceiveCount"] >= 5
    assert resources[f"{queue}Dead"]["MessageRetentionPeriod"] == 14 * 86400
    assert properties["DeduplicationScope"] == "messageGroup"
    assert properties["FifoThroughputLimit"] == "perMessageGroupId"


def test_only_outbound_waits(resources: dict[str, Any]) -> None:
    assert [resources[name].get("DelaySeconds") for name in ("Outbound", "Inbound", "Media")] == [2, None, None]


def test_the_bucket_is_private_encrypted_and_forgets(resources: dict[str, Any]) -> None:
    bucket = resources["Bucket"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert list(every(bucket, "SSEAlgorithm")) == ["AES256"]
    rules = bucket["LifecycleConfiguration"]["Rules"]
    forgotten = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert forgotten == {"raw/": 90, "files/": 14}  # and customers' pictures never
    (statement,) = resources["BucketPolicy"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


# --------------------------------------------------------------------------- functions


def test_the_functions_are_those_of_the_app(template: dict[str, Any]) -> None:
    functions = of(template, "AWS::Lambda::Function")
    assert set(functions) == FUNCTIONS
    for name, function in functions.items():
        assert (function["Timeout"], function["MemorySize"]) == (120 if name == "Carry" else 30, 512)
        assert function["Architectures"] == ["arm64"]
        assert "ReservedConcurrentExecutions" not in function


@pytest.mark.parametrize(("function", "queue"), MAPPINGS.items())
def test_a_worker_is_heard_when_it_names_what_failed(resources: dict[str, Any], function: str, queue: str) -> None:
    mapping = resources[f"{function}{function}SqsEventSource"]
    assert mapping["EventSourceArn"] == {"Fn::Sub": f"${{{queue}.Arn}}"}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BatchSize"] == (1 if function == "Carry" else 10)
    assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2
    assert resources[function]["Environment"]["Variables"]["PARTIAL_FAILURES"] == "1"


def test_only_workers_are_told_that_they_are_heard(resources: dict[str, Any]) -> None:
    told = {name for name in FUNCTIONS if "PARTIAL_FAILURES" in resources[name]["Environment"]["Variables"]}
    assert told == set(MAPPINGS)


def test_the_environment_has_names_and_no_secrets(resources: dict[str, Any]) -> None:
    expected = {
        "STAGE": {"Ref": "Stage"},
        "TABLE": {"Ref": "Table"},
        "INBOUND_QUEUE_URL": {"Ref": "Inbound"},
        "OUTBOUND_QUEUE_URL": {"Ref": "Outbound"},
        "MEDIA_QUEUE_URL": {"Ref": "Media"},
        "BUCKET": {"Ref": "Bucket"},
        "THREADLINE_SECRETS": {"Fn::Sub": "/threadline/${Stage}"},
    }
    for name in FUNCTIONS:
        variables = dict(resources[name]["Environment"]["Variables"])
        assert list(variables.pop("THREADLINE_PUBLIC_URL")) == ["Fn::If"]
        variables.pop("PARTIAL_FAILURES", None)
        assert variables == expected


def test_sweep_comes_every_minute(resources: dict[str, Any]) -> None:
    assert resources["SweepSweepEvent"]["ScheduleExpression"] == "rate(1 minute)"


def test_the_api_is_throttled_and_names_its_function_without_asking_it(resources: dict[str, Any]) -> None:
    (settings,) = resources["RestAPIapiStage"]["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] > 0
    uris = {str(uri) for uri in every(resources["RestAPI"]["Body"], "uri")}
    assert len(uris) == 1, "a route of app.py is missing under RestAPI in infra/resources.yaml"
    assert "function:threadline-${Stage}-api/invocations" in uris.pop()


# --------------------------------------------------------------------------- rights


def statements(template: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, statement)
        for name, role in of(template, "AWS::IAM::Role").items()
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_every_function_has_a_role_of_its_own(resources: dict[str, Any]) -> None:
    roles = {str(resources[name]["Role"]) for name in FUNCTIONS}
    assert len(roles) == len(FUNCTIONS)


def test_no_right_is_for_everything(template: dict[str, Any]) -> None:
    assert len(statements(template)) > 10
    for name, statement in statements(template):
        assert [action for action in as_list(statement["Action"]) if "*" in action] == [], name
        for resource in as_list(statement["Resource"]):
            assert isinstance(resource, dict), name
            assert re.search(r"Table|Inbound|Outbound|Media|Bucket|Logs|parameter/threadline/", str(resource)), (
                name
            )


def test_no_managed_policy_comes_in_by_the_back_door(template: dict[str, Any]) -> None:
    assert [arn for arns in every(template["Resources"], "ManagedPolicyArns") for arn in arns] == []


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        ("ApiHandlerRole", "sqs:ReceiveMessage", []),
        ("DeliverRole", "sqs:ReceiveMessage", ["Inbound"]),
        ("SendRole", "sqs:ReceiveMessage", ["Outbound"]),
        ("CarryRole", "sqs:ReceiveMessage", ["Media"]),
        ("CarryRole", "s3:GetObject", ["Bucket/files/"]),
        ("CarryRole", "s3:PutObject", ["Bucket/files/", "Bucket/pictures/"]),
        ("CarryRole", "s3:DeleteObject", ["Bucket/files/"]),
        ("DeliverRole", "s3:DeleteObject", ["Bucket/files/"]),
        ("ApiHandlerRole", "s3:DeleteObject", []),
        ("SendRole", "s3:DeleteObject", []),
        ("SweepRole", "sqs:ReceiveMessage", []),
        ("OperateRole", "sqs:ReceiveMessage", []),
        ("OperateRole", "s3:GetObject", ["Bucket/raw/"]),
        ("OperateRole", "s3:PutObject", []),
        ("ApiHandlerRole", "s3:PutObject", ["Bucket/raw/"]),
        ("DeliverRole", "s3:GetObject", ["Bucket/raw/"]),
        ("SendRole", "s3:GetObject", ["Bucket/files/"]),
        ("SendRole", "s3:PutObject", []),
        ("ApiHandlerRole", "s3:GetObject", ["Bucket/files/", "Bucket/pictures/"]),
    ],
)
def test_each_may_touch_only_what_is_its_business(
    template: dict[str, Any], role: str, action: str, allowed: list[str]
) -> None:
    touched = [
        resource
        for name, statement in statements(template)
        if name == role and action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]
    found = [
        re.findall(r"(Inbound|Outbound|Media|Bucket)(?:\.Arn\}(/[a-z]+/))?", str(each))[0] for each in touched
    ]
    assert ["".join(each) for each in found] == allowed


def test_logs_are_kept_for_a_while_and_written_by_their_function_only(template: dict[str, Any]) -> None:
    groups = of(template, "AWS::Logs::LogGroup")
    assert len(groups) == len(FUNCTIONS)
    assert {group["RetentionInDays"] for group in groups.values()} == {30}
    writers = [
        statement["Resource"]["Fn::GetAtt"][0]
        for _, statement in statements(template)
        if "logs:PutLogEvents" in statement["Action"]
    ]
    assert sorted(writers) == sorted(groups)


# --------------------------------------------------------------------------- alarms


def test_what_needs_a_person_rings(template: dict[str, Any]) -> None:
    alarms = of(template, "AWS::CloudWatch::Alarm")
    watched = {
        (alarm["MetricName"], str(alarm["Dimensions"][0]["Value"]))
        for alarm in alarms.values()
        if "Dimensions" in alarm
    }
    for queue in MAPPINGS.values():
        dead = {"Fn::GetAtt": [f"{queue}Dead", "QueueName"]}
        assert ("ApproximateNumberOfMessagesVisible", str(dead)) in watched
        age = {"Fn::GetAtt": [queue, "QueueName"]}
        assert ("ApproximateAgeOfOldestMessage", str(age)) in watched
    assert {"5XXError", "Errors", "Invocations"} <= {metric for metric, _ in watched}
    assert all(alarm["AlarmActions"] for alarm in alarms.values())


def test_what_only_our_own_log_tells_rings_too(template: dict[str, Any]) -> None:
    counted: dict[tuple[str, str], set[str]] = {}
    for each in of(template, "AWS::Logs::MetricFilter").values():
        (metric,) = each["MetricTransformations"]
        events = re.findall(r'\$\.event = "([a-z_.]+)"', each["FilterPattern"])
        name = (str(metric["MetricNamespace"]), metric["MetricName"])
        counted.setdefault(name, set()).update(f"{event} of {each['LogGroupName']['Ref']}" for event in events)
    alarms = of(template, "AWS::CloudWatch::Alarm").values()
    heard = {(str(alarm["Namespace"]), alarm["MetricName"]) for alarm in alarms if "Dimensions" not in alarm}
    assert heard == set(counted)
    assert sorted(set().union(*counted.values())) == [
        "bell.broke of CarryLogs",
        "bell.broke of DeliverLogs",
        "gate.ours of CarryLogs",
        "gate.ours of DeliverLogs",
        "gate.ours of SendLogs",
        "item.parked of DeliverLogs",
        "missed.broke of DeliverLogs",
        "missed.found of DeliverLogs",
        "missed.not_listed of DeliverLogs",
        "webhook.unread of ApiLogs",
        "webhook.unread of DeliverLogs",
    ]


def test_nothing_but_a_call_leads_to_the_operator(template: dict[str, Any]) -> None:
    permitted = {str(each["FunctionName"]) for each in of(template, "AWS::Lambda::Permission").values()}
    sources = {str(each["FunctionName"]) for each in of(template, "AWS::Lambda::EventSourceMapping").values()}
    assert len(permitted) > 1
    assert len(sources) == len(MAPPINGS)
    assert not [name for name in permitted | sources if "Operate" in name]


# --------------------------------------------------------------------------- the zip


def test_only_the_app_is_shipped(packaged: Path) -> None:
    with zipfile.ZipFile(packaged / "deployment.zip") as zipped:
        tops = {name.partition("/")[0] for name in zipped.namelist()}
    assert tops == {"app.py", "chalice", "chalicelib"}


def test_the_zip_is_compiled_trimmed_and_the_same_twice(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for service in ("sqs", "ec2"):
        (tree / "botocore" / "data" / service).mkdir(parents=True)
        (tree / "botocore" / "data" / service / "service.json").write_text("{}")
    (tree / "thing.py").write_text("ANSWER = 42\n")
    trim(tree)
    compiled(tree)
    for name in ("one.zip", "two.zip"):
        pack(tree, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    tag = importlib.util.cache_from_source("thing.py")
    with zipfile.ZipFile(tmp_path / "one.zip") as zipped:
        assert zipped.namelist() == [tag, "botocore/data/sqs/service.json", "thing.py"]
