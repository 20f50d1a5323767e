import pytest

from chalicelib.channels import telegram
from chalicelib.model import Ambiguous, Attachment, Busy, Ours, Reason, Refused, Source
from chalicelib.web import NoAnswer, NoTime, NotTaken, Reply
from tests.captures import ACCOUNTS
from tests.providers import Api, replied

ACCOUNT = ACCOUNTS["telegram"]
TOKEN = "7000000001:AAtelegram"
PICTURE = Attachment("picture", mime="image/jpeg", reference="AgAC-large")


def found(**about: object) -> Reply:
    return replied(200, {"ok": True, "result": {"file_id": "AgAC-large", **about}})


def error(status: int, words: str, **parameters: int) -> Reply:
    answer = {"ok": False, "error_code": status, "description": words, "parameters": parameters}
    return replied(status, answer)


def test_a_file_is_at_the_path_that_telegram_names() -> None:
    api = Api(found(file_path="photos/file 1.jpg", file_size=90_000))
    source = telegram.locate(PICTURE, ACCOUNT, api)
    url = f"https://api.telegram.org/file/bot{TOKEN}/photos/file%201.jpg"
    assert source == Source(url, ("api.telegram.org",), size=90_000, mime="image/jpeg")
    asked = f"https://api.telegram.org/bot{TOKEN}/getFile"
    assert api.asked == [("POST", asked, {"json": {"file_id": "AgAC-large"}})]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(400, "Bad Request: file is too big"), Reason.FILE_TOO_BIG),
        (error(400, "Bad Request: invalid file_id"), Reason.FILE_GONE),
        (error(400, "Bad Request: wrong file identifier/HTTP URL specified"), Reason.FILE_GONE),
        (error(400, "Bad Request: FILE_REFERENCE_EXPIRED"), Reason.FILE_GONE),
        (error(400, "Bad Request: odd"), Reason.FILE_REFUSED),
    ],
)
def test_a_file_that_is_not_to_be_had_has_a_reason(reply: Reply, outcome: Reason) -> None:
    why = reply.json()["description"]
    assert telegram.locate(PICTURE, ACCOUNT, Api(reply)) == Refused(outcome, why)


UNAVAILABLE = "Bad Request: wrong file_id or the file is temporarily unavailable"


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(400, UNAVAILABLE), Busy(UNAVAILABLE)),
        (error(429, "Too Many Requests", retry_after=5), Busy("Too Many Requests", 5000, whole_line=True)),
        (error(401, "Unauthorized"), Ours("Unauthorized")),
        (error(404, "Not Found"), Ours("Not Found")),
        (error(500, "Internal"), Ambiguous("Internal")),
        (replied(502, b"<html>Bad Gateway"), Ambiguous("HTTP 502")),
        (replied(200, b"{}"), Ambiguous("an unreadable answer (KeyError)")),
        (replied(400, {"description": 7}), Ambiguous("an unreadable answer (TypeError)")),
        (found(file_path=7), Ambiguous("an unreadable answer (TypeError)")),
        (found(), Refused(Reason.FILE_GONE, "Telegram names no path to it")),
        (NotTaken("x"), Busy("could not connect")),
        (NoAnswer("x"), Ambiguous("no answer")),
        (NoTime("x"), Busy("our worker's time is over", wait=0)),
    ],
)
def test_every_other_answer_is_one_of_the_outcomes(reply: Reply | Exception, outcome: object) -> None:
    api = Api(reply)
    assert telegram.locate(PICTURE, ACCOUNT, api) == outcome
    assert len(api.asked) == 1


@pytest.mark.parametrize("reply", [found(file_path="a"), NotTaken(f"/bot{TOKEN}/"), error(400, "odd")])
def test_the_token_can_be_read_in_nothing_that_is_said(reply: Reply | Exception) -> None:
    assert TOKEN not in repr(telegram.locate(PICTURE, ACCOUNT, Api(reply)))
