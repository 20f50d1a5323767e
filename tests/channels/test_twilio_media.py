import base64
from dataclasses import replace

import pytest

from chalicelib.channels import twilio
from chalicelib.channels.twilio.media import HOSTS
from chalicelib.model import Ambiguous, Attachment, Busy, Ours, Reason, Refused, Source
from chalicelib.web import NoAnswer, NotTaken, Reply
from tests.captures import ACCOUNTS
from tests.fixtures.make import MEDIA
from tests.providers import Api, replied

ACCOUNT = ACCOUNTS["twilio"]
FILE = Attachment("picture", mime="image/jpeg", reference=f"{MEDIA}1")
LISTED = replace(FILE, reference=MEDIA.removesuffix("/ME"))
PATH = FILE.reference.removeprefix("https://api.twilio.com")
PAIR = "AC" + "1" * 32 + ":twilio-token"
PASSWORD = {"Authorization": f"Basic {base64.b64encode(PAIR.encode()).decode()}"}


def test_a_file_is_at_its_address_behind_the_accounts_password() -> None:
    api = Api()
    source = twilio.locate(FILE, ACCOUNT, api)
    assert source == Source(FILE.reference, ("api.twilio.com", *HOSTS), PASSWORD, mime="image/jpeg")
    assert api.asked == []


def test_a_file_is_asked_for_where_everything_else_is() -> None:
    here = replace(ACCOUNT, api_url="http://127.0.0.1:4010")
    expected = Source(
        f"http://127.0.0.1:4010{PATH}", ("http://127.0.0.1", "http://localhost", *HOSTS), PASSWORD, mime=FILE.mime
    )
    assert twilio.locate(FILE, here, Api()) == expected
    assert twilio.locate(replace(FILE, reference=f"http://127.0.0.1:4010{PATH}"), here, Api()) == expected


def test_a_region_of_twilios_keeps_its_own_files() -> None:
    there = f"https://api.dublin.ie1.twilio.com{PATH}"
    source = twilio.locate(replace(FILE, reference=there), ACCOUNT, Api())
    assert source == Source(there, ("api.dublin.ie1.twilio.com", *HOSTS), PASSWORD, mime=FILE.mime)


@pytest.mark.parametrize(
    "reference",
    [
        f"https://api.twilio.com.example.org{PATH}",
        f"https://example.org{PATH}",
        f"https://api.twilio.com@example.org{PATH}",
        f"http://api.twilio.com{PATH}",
        f"https://api.twilio.com:444{PATH}",
        f"https://127.0.0.1{PATH}",
        f"https://api.twilio.com/2010-04-01/Accounts/AC{'1' * 32}/Messages.json",
        f"https://api.twilio.com{PATH}/../../../../Messages.json",
        f"https://api.twilio.com{PATH}?x=1",
        "https://api.twilio.com/",
        "",
    ],
)
def test_the_password_goes_nowhere_else(reference: str) -> None:
    outcome = twilio.locate(replace(FILE, reference=reference), ACCOUNT, Api())
    assert outcome == Refused(Reason.FILE_REFUSED, "it is said to be at a place which is not Twilio's")


def listed(*sids: str) -> Reply:
    return replied(200, {"media_list": [{"sid": sid} for sid in sids], "next_page_uri": None})


@pytest.mark.parametrize(("place", "media"), [("", "7"), ("#0", "7"), ("#1", "8")])
def test_a_file_of_which_only_the_list_is_known_is_looked_up_there(place: str, media: str) -> None:
    api = Api(listed("ME7", "ME8"))
    source = twilio.locate(replace(LISTED, reference=f"{LISTED.reference}{place}"), ACCOUNT, api)
    assert isinstance(source, Source)
    assert source.url == f"{MEDIA}{media}"
    [(method, url, _)] = api.asked
    assert (method, url) == ("GET", f"{LISTED.reference}.json")


def test_a_list_may_have_become_shorter() -> None:
    gone = twilio.locate(replace(LISTED, reference=f"{LISTED.reference}#2"), ACCOUNT, Api(listed("ME7", "ME8")))
    assert gone == Refused(Reason.FILE_GONE, "Twilio lists no such file")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (listed(), Refused(Reason.FILE_GONE, "Twilio lists no such file")),
        (replied(404, {"code": 20404, "message": "x"}), Refused(Reason.FILE_GONE, "Twilio has no such message")),
        (replied(400, {"code": 20001, "message": "odd"}), Refused(Reason.FILE_REFUSED, "20001 odd")),
        (replied(401, {"code": 20003, "message": "Authenticate"}), Ours("20003 Authenticate")),
        (replied(429, {"code": 20429, "message": "slow"}), Busy("20429 slow", whole_line=True)),
        (replied(500, b"<html>"), Ambiguous("HTTP 500")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
    ],
)
def test_every_answer_to_that_is_one_of_the_outcomes(reply: Reply | Exception, outcome: object) -> None:
    assert twilio.locate(LISTED, ACCOUNT, Api(reply)) == outcome


def test_the_password_can_be_read_in_nothing_that_is_said() -> None:
    assert PASSWORD["Authorization"] not in repr(twilio.locate(FILE, ACCOUNT, Api()))
