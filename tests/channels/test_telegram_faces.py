import pytest

from chalicelib.channels import telegram
from chalicelib.model import Ambiguous, Attachment, Busy, Ours, Reason, Refused, Route
from chalicelib.web import NoAnswer, NotTaken, Reply
from tests.captures import ACCOUNTS
from tests.providers import Api, replied

ACCOUNT = ACCOUNTS["telegram"]
TOKEN = "7000000001:AAtelegram"
ANA = Route("telegram", "main", "telegram", "telegram:5", "5")
FAMILY = Route("telegram", "main", "telegram", "telegram:-77", "-77")


def size(side: int, **more: object) -> dict[str, object]:
    return {"file_id": f"AgAC-{side}", "file_unique_id": "x", "width": side, "height": side, **more}


def shows(*sizes: dict[str, object]) -> Reply:
    return replied(200, {"ok": True, "result": {"total_count": 1, "photos": [list(sizes)] if sizes else []}})


def error(status: int, words: str, **parameters: int) -> Reply:
    answer = {"ok": False, "error_code": status, "description": words, "parameters": parameters}
    return replied(status, answer)


@pytest.mark.parametrize(("sides", "chosen"), [((640, 160, 320), 160), ((90, 320), 320), ((90, 120), 120)])
def test_the_smallest_picture_that_is_large_enough_is_chosen(sides: tuple[int, ...], chosen: int) -> None:
    api = Api(shows(*(size(side, file_size=side * 10) for side in sides)))
    found = telegram.picture(ACCOUNT, ANA, api)
    assert found == Attachment("picture", mime="image/jpeg", size=chosen * 10, reference=f"AgAC-{chosen}")
    url = f"https://api.telegram.org/bot{TOKEN}/getUserProfilePhotos"
    assert api.asked == [("POST", url, {"json": {"user_id": 5, "limit": 1}})]


def test_whoever_has_none_or_hides_it_has_none() -> None:
    assert telegram.picture(ACCOUNT, ANA, Api(shows())) is None


def test_a_group_is_not_asked_about() -> None:
    api = Api()
    assert telegram.picture(ACCOUNT, FAMILY, api) is None
    assert api.asked == []


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(429, "Too Many Requests", retry_after=5), Busy("Too Many Requests", 5000, whole_line=True)),
        (error(401, "Unauthorized"), Ours("Unauthorized")),
        (error(400, "Bad Request: user not found"), Refused(Reason.REFUSED, "Bad Request: user not found")),
        (error(500, "Internal"), Ambiguous("Internal")),
        (replied(502, b"<html>Bad Gateway"), Ambiguous("HTTP 502")),
        (replied(200, b"{}"), Ambiguous("an unreadable answer (KeyError)")),
        (replied(200, {"result": {"photos": [[]]}}), Ambiguous("an unreadable answer (IndexError)")),
        (shows({"width": 160}), Ambiguous("an unreadable answer (KeyError)")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
    ],
)
def test_every_other_answer_is_one_of_the_outcomes(reply: Reply | Exception, outcome: object) -> None:
    assert telegram.picture(ACCOUNT, ANA, Api(reply)) == outcome
