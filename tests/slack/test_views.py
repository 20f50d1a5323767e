"""Modals as Slack wants them: what stands in them fits, whatever was typed."""

from __future__ import annotations

import json

from chalicelib.slack.views import View, modal, words

LONGEST_METADATA = 3_000


def test_what_a_modal_has_to_know_fits_whatever_letters_it_is_written_in() -> None:
    meta = {
        "words": "😀" * 100,
        "trail": ",".join(["0.01ARZ3NDEKTSV4RRFFQ69G5FAV"] * 60),
        "blank": "sipariş" * 100,
    }
    kept = modal(View("history", "History", [], meta=meta))["private_metadata"]
    assert len(kept) <= LONGEST_METADATA
    assert json.loads(kept) == meta


def test_an_address_in_somebodys_name_is_no_link() -> None:
    assert words("evil.example")["text"]["verbatim"] is True
