"""What every channel promises. A channel gets these by being in CHANNELS and having captures."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.channels import CHANNELS
from chalicelib.errors import Malformed, Unverified
from chalicelib.model import Event, Unknown
from chalicelib.web import Request
from tests.captures import ACCOUNTS, captures, read, signed

EVERY = [
    pytest.param(path.parent.name, path, id=f"{path.parent.name}-{path.stem}")
    for name in CHANNELS
    for path in captures(name)
]
SIGN_THEIR_BODIES = {"twilio", "whatsapp"}
SIGNATURES = ("signature", "secret-token")

every_channel = pytest.mark.parametrize("channel", CHANNELS)
every_capture = pytest.mark.parametrize(("channel", "path"), EVERY)


def parse(channel: str, request: Request) -> list[Event]:
    """Parse, and hold whatever comes out against what the table and Slack can take."""
    events = CHANNELS[channel].parse(request, ACCOUNTS[channel])
    for event in events:
        assert isinstance(event, get_args(Event))
        for value in leaves(asdict(event)):
            assert not isinstance(value, float)
            assert not isinstance(value, int) or 0 <= value < 10**15
            assert not isinstance(value, str) or "\0" not in value.encode().decode()
        assert isinstance(event, Unknown) or all(asdict(event).get(key, "?") for key in ("id", "of", "to"))
    return events


def survives(channel: str, request: Request) -> None:
    """Let a parse say anything but more than Malformed, and an answer be nothing but 2xx."""
    events: list[Event] = []
    with suppress(Malformed):
        events = parse(channel, request)
    assert 200 <= CHANNELS[channel].answer(request, events).status < 300


def refused(channel: str, request: Request) -> None:
    with pytest.raises(Unverified):
        CHANNELS[channel].verify(request, ACCOUNTS[channel])


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def spoiled(value: Any) -> Iterator[Any]:
    """Make every variant of a JSON value in which one value, at any depth, is another."""
    yield from (None, 7, -1, True, 1.5, "x", "", "\ud83d\0", [], {}, [None], {"x": None})
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for other in spoiled(value[key]):
            copy = value.copy()
            copy[key] = other
            yield copy
        if isinstance(value, dict):
            yield {name: each for name, each in value.items() if name != key}


def spoiled_form(body: bytes) -> Iterator[bytes]:
    pairs = parse_qsl(body.decode(), keep_blank_values=True)
    for place, (name, value) in enumerate(pairs):
        before, after = pairs[:place], pairs[place + 1 :]
        for others in (
            (),
            ((name, ""),),
            ((name, "\0"),),
            ((name, "\ufffd"),),
            ((name, value), (name, value)),
        ):
            yield urlencode([*before, *others, *after]).encode()


def cut_off(request: Request) -> list[bytes]:
    return [request.body[:end] for end in range(len(request.body))]


def no_text(request: Request) -> list[bytes]:
    places = range(0, len(request.body), 7)
    return [request.body[:place] + b"\xff\x80" + request.body[place:] for place in places]


def other_shapes(request: Request, some: Callable[[Sequence[Any]], Iterable[Any]] = iter) -> list[bytes]:
    if request.headers["content-type"] == "application/json":
        return [json.dumps(payload).encode() for payload in some(list(spoiled(json.loads(request.body))))]
    return list(some(list(spoiled_form(request.body))))


def spread(things: Sequence[Any]) -> Iterable[Any]:
    """A few of many, from everywhere among them; `make slow` takes them all."""
    count = min(12, len(things))
    return [things[place * len(things) // count] for place in range(count)]


def header(request: Request) -> str:
    return next(name for name in request.headers if name.endswith(SIGNATURES) or "signature-256" in name)


@every_channel
def test_there_are_captures(channel: str) -> None:
    assert captures(channel)


@every_channel
def test_every_medium_can_be_shown(channel: str) -> None:
    for medium, can in CHANNELS[channel].CAPABILITIES.items():
        assert medium
        assert can.label
        assert can.badge
        assert can.text_limit > 0


@every_channel
def test_stop_words_are_compared_in_capitals_and_never_start_anything(channel: str) -> None:
    for can in CHANNELS[channel].CAPABILITIES.values():
        assert all(word == word.strip().upper() for word in can.stop_words | can.start_words)
        assert not can.stop_words & can.start_words


@every_channel
def test_secrets_have_the_names_of_variables(channel: str) -> None:
    module = CHANNELS[channel]
    names = {*module.SECRETS, *module.OPTIONAL, module.API_URL[0]}
    assert all(name.isidentifier() and name.isupper() for name in names)
    assert module.API_URL[1].startswith("https://")


@every_capture
def test_a_capture_is_let_in(channel: str, path: Path) -> None:
    CHANNELS[channel].verify(read(path), ACCOUNTS[channel])


@every_capture
def test_a_capture_is_understood_and_answered(channel: str, path: Path) -> None:
    request = read(path)
    assert 200 <= CHANNELS[channel].answer(request, parse(channel, request)).status < 300


@every_capture
def test_a_replay_says_the_same(channel: str, path: Path) -> None:
    assert parse(channel, read(path)) == parse(channel, read(path))


@every_capture
def test_parsing_changes_nothing(channel: str, path: Path) -> None:
    request = read(path)
    parse(channel, request)
    assert request == read(path)


@every_capture
def test_events_lead_back_to_the_line_they_came_by(channel: str, path: Path) -> None:
    for event in parse(channel, read(path)):
        route = getattr(event, "route", None)
        if route is not None:
            assert (route.channel, route.account, route.medium in CHANNELS[channel].CAPABILITIES) == (
                channel,
                "main",
                True,
            )
            assert route.address == event.addresses[0].key  # type: ignore[union-attr]


@every_capture
def test_a_forged_signature_is_refused(channel: str, path: Path) -> None:
    request = read(path)
    name = header(request)
    forged = request.headers[name][:-2] + ("AA" if request.headers[name][-2:] != "AA" else "BB")
    refused(channel, replace(request, headers={**request.headers, name: forged}))


@every_capture
def test_no_signature_is_refused(channel: str, path: Path) -> None:
    request = read(path)
    refused(channel, replace(request, headers={}))
    refused(channel, replace(request, headers={**request.headers, header(request): ""}))


@every_channel
@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE", ""])
def test_another_method_is_refused(channel: str, method: str) -> None:
    refused(channel, replace(read(captures(channel)[0]), method=method))


@every_channel
@pytest.mark.parametrize("odd", ["é", "\ud83d", "\0", "sha256=", "=" * 9999, "\r\nX: y", "sha256=é"])
def test_odd_headers_are_refused_calmly(channel: str, odd: str) -> None:
    request = read(captures(channel)[0])
    refused(channel, replace(request, headers={**request.headers, header(request): odd, odd: odd}))


@every_channel
def test_a_body_cut_off_somewhere_is_refused_and_malformed_at_worst(channel: str) -> None:
    for request in map(read, captures(channel)):
        for body in spread(cut_off(request)):
            survives(channel, replace(request, body=body))
            if channel in SIGN_THEIR_BODIES:
                refused(channel, replace(request, body=body))


@pytest.mark.slow
@every_capture
def test_a_body_cut_off_anywhere_is_refused_and_malformed_at_worst(channel: str, path: Path) -> None:
    request = read(path)
    for body in cut_off(request):
        survives(channel, replace(request, body=body))
        if channel in SIGN_THEIR_BODIES:
            refused(channel, replace(request, body=body))


@every_channel
@pytest.mark.parametrize(
    "body",
    [b"", b"\0", b"\xff\xfe", b"garbage", b"null", b"[]", b"{}", b'"x"', b"7", b"NaN", b"1e999",
     b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"&&&===&", b"%", b"%ff=%ff", b"\xef\xbb\xbf{}"],
)  # fmt: skip
def test_a_signed_body_of_anything_is_malformed_at_worst(channel: str, body: bytes) -> None:
    request = signed(channel, replace(read(captures(channel)[0]), body=body))
    survives(channel, request)
    try:
        CHANNELS[channel].verify(request, ACCOUNTS[channel])
    except Unverified:
        assert channel == "twilio"  # a form without our AccountSid


@every_channel
def test_spoiled_bytes_and_values_are_malformed_at_worst(channel: str) -> None:
    for request in map(read, captures(channel)):
        for body in (*spread(no_text(request)), *other_shapes(request, spread)):
            survives(channel, replace(request, body=body))


@pytest.mark.slow
@every_capture
def test_bytes_that_are_no_text_are_malformed_at_worst(channel: str, path: Path) -> None:
    request = read(path)
    for body in no_text(request):
        survives(channel, replace(request, body=body))


@pytest.mark.slow
@every_capture
def test_a_value_of_another_shape_is_malformed_at_worst(channel: str, path: Path) -> None:
    request = read(path)
    for body in other_shapes(request):
        survives(channel, replace(request, body=body))


@every_channel
@settings(deadline=None, max_examples=60)
@given(body=st.binary(max_size=400), text=st.text(max_size=200))
def test_random_bytes_are_malformed_at_worst(channel: str, body: bytes, text: str) -> None:
    request = read(captures(channel)[0])
    survives(channel, replace(request, body=body))
    refused(channel, replace(request, headers={header(request): text}, body=body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@every_channel
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_random_values_in_a_capture_are_malformed_at_worst(channel: str, data: st.DataObject) -> None:
    request = read(data.draw(st.sampled_from(captures(channel))))
    if request.headers["content-type"] == "application/json":
        body = json.dumps(changed(json.loads(request.body), data)).encode()
    else:
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        name = data.draw(st.sampled_from(sorted(form)))
        body = urlencode({**form, name: data.draw(st.text())}, errors="replace").encode()
    survives(channel, replace(request, body=body))


def changed(value: Any, data: st.DataObject) -> Any:
    """Replace one value somewhere inside."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    if not keys or data.draw(st.integers(0, 3)) == 0:
        return data.draw(JSON)
    key = data.draw(st.sampled_from(list(keys)))
    copy = value.copy()
    copy[key] = changed(value[key], data)
    return copy


@every_channel
def test_whoever_has_no_secrets_lets_nobody_in(channel: str) -> None:
    request = read(captures(channel)[0])
    with pytest.raises(Unverified):
        CHANNELS[channel].verify(request, replace(ACCOUNTS[channel], secrets={}))


@every_channel
def test_two_secrets_are_good_while_one_is_rotated(channel: str) -> None:
    account = ACCOUNTS[channel]
    secrets = {name: value if name.endswith("SID") else f"new,{value}" for name, value in account.secrets.items()}
    CHANNELS[channel].verify(read(captures(channel)[0]), replace(account, secrets=secrets))
