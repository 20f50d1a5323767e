from dataclasses import replace
from typing import Any

import pytest

from chalicelib.channels import whatsapp
from chalicelib.channels.whatsapp.media import AGENT, HOSTS
from chalicelib.model import Ambiguous, Attachment, Busy, Ours, Reason, Refused, Source
from chalicelib.web import NoAnswer, NotTaken, Reply
from tests.captures import ACCOUNTS
from tests.providers import Api, replied

ACCOUNT = ACCOUNTS["whatsapp"]
PICTURE = Attachment("picture", mime="image/png", reference="1001")
BEARER = {"Authorization": "Bearer EAAwhatsapp"}
THERE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1001&ext=1789000300&hash=AT"


def found(**about: object) -> Reply:
    return replied(200, {"id": "1001", "url": THERE, "mime_type": "image/jpeg", "file_size": 9, **about})


def error(status: int, code: int, words: str, **about: Any) -> Reply:
    return replied(status, {"error": {"message": words, "code": code, **about}})


def test_a_media_id_leads_to_an_address_of_metas() -> None:
    api = Api(found())
    source = whatsapp.locate(PICTURE, ACCOUNT, api)
    headers = {**BEARER, "User-Agent": AGENT}
    assert source == Source(THERE, ("graph.facebook.com", *HOSTS), headers, 9, "image/jpeg")
    assert api.asked == [("GET", "https://graph.facebook.com/v26.0/1001", {"headers": BEARER})]


def test_the_version_of_the_graph_is_the_accounts() -> None:
    api, secrets = Api(found()), {**ACCOUNT.secrets, "WHATSAPP_GRAPH_VERSION": "v24.0"}
    whatsapp.locate(PICTURE, replace(ACCOUNT, secrets=secrets), api)
    assert api.asked[0][1] == "https://graph.facebook.com/v24.0/1001"


def test_an_id_is_nothing_but_an_id() -> None:
    api = Api(found())
    whatsapp.locate(replace(PICTURE, reference="../me?fields=x"), ACCOUNT, api)
    assert api.asked[0][1] == "https://graph.facebook.com/v26.0/..%2Fme%3Ffields%3Dx"


@pytest.mark.parametrize("size", ["9", 9])
def test_a_size_may_be_a_text_or_a_number(size: object) -> None:
    source = whatsapp.locate(PICTURE, ACCOUNT, Api(found(file_size=size)))
    assert isinstance(source, Source)
    assert source.size == 9


@pytest.mark.parametrize("url", ["https://scontent.xx.fbcdn.net/v/1", "https://mmg.whatsapp.net/v/1"])
def test_metas_other_hosts_will_do(url: str) -> None:
    assert isinstance(whatsapp.locate(PICTURE, ACCOUNT, Api(found(url=url))), Source)


@pytest.mark.parametrize(
    "url",
    [
        "http://lookaside.fbsbx.com/1",
        "http://graph.facebook.com/1",
        "https://lookaside.fbsbx.com.example.org/1",
        "https://fbsbx.com@example.org/1",
        "https://evilfbsbx.com/1",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "nonsense",
    ],
)
def test_the_token_goes_nowhere_else(url: str) -> None:
    why = "Meta says that it is at a place which is not Meta's"
    assert whatsapp.locate(PICTURE, ACCOUNT, Api(found(url=url))) == Refused(Reason.FILE_REFUSED, why)


NO_OBJECT = "Unsupported get request. Object with ID '1001' does not exist"


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(400, 100, NO_OBJECT, error_subcode=33), Refused(Reason.FILE_GONE, f"100 {NO_OBJECT}")),
        (replied(404, b""), Refused(Reason.FILE_GONE, "HTTP 404")),
        (replied(410, b""), Refused(Reason.FILE_GONE, "HTTP 410")),
        (error(400, 131052, "Media download error"), Busy("131052 Media download error")),
        (error(400, 131009, "odd"), Refused(Reason.FILE_REFUSED, "131009 odd")),
        (error(400, 130429, "slow down"), Busy("130429 slow down", whole_line=True)),
        (error(401, 190, "Expired token"), Ours("190 Expired token")),
        (error(500, 1, "odd"), Ambiguous("1 odd")),
        (replied(503, b"<html>"), Ambiguous("HTTP 503")),
        (replied(200, b"{}"), Ambiguous("an unreadable answer (KeyError)")),
        (found(file_size="many"), Ambiguous("an unreadable answer (ValueError)")),
        (found(url=7), Ambiguous("an unreadable answer (TypeError)")),
        (replied(400, {"error": []}), Ambiguous("an unreadable answer (TypeError)")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
    ],
)
def test_every_other_answer_is_one_of_the_outcomes(reply: Reply | Exception, outcome: object) -> None:
    api = Api(reply)
    assert whatsapp.locate(PICTURE, ACCOUNT, api) == outcome
    assert len(api.asked) == 1


@pytest.mark.parametrize("reply", [found(), NotTaken("EAAwhatsapp"), error(400, 131009, "odd")])
def test_the_token_can_be_read_in_nothing_that_is_said(reply: Reply | Exception) -> None:
    assert "EAAwhatsapp" not in repr(whatsapp.locate(PICTURE, ACCOUNT, Api(reply)))
