"""What must be true of how words look: bold stays bold both ways, and no customer's sign means anything in Slack.

Everybody makes the word of what they say bold where they can, and customers call `<!here>`, which is only a word.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.simulation.evidence import Evidence, Post
from tests.simulation.people import CALL, Line

Json = dict[str, Any]


def what_a_customer_made_bold_is_bold_in_the_thread(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in seen.said("message", "edit"):
        if said.line is None or not said.bold:
            continue
        for post in seen.customers_words[said.word]:
            pieces = [piece for piece in _pieces(post) if said.word in piece["text"]]
            counts["bold words of customers"] += len(pieces)
            if pieces and not any(piece.get("style", {}).get("bold") for piece in pieces):
                yield f"{said.word} is not bold in {post.ts}{seen.story(said.word)}"


def what_we_made_bold_is_bold_on_the_phone(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in seen.said("reply", "quick edit"):
        for each in seen.arrived(said.word) if said.bold else ():
            counts["bold words of ours"] += 1
            shown = {"offset": 0, "length": len(said.word), "type": "bold"} in each.marks
            if not (
                shown if each.line.channel == "telegram" else each.text.startswith(_marked(said.word, each.line))
            ):
                yield f"{said.word} is not bold on {each.line}, but {each.text!r}{seen.story(said.word)}"


def nothing_of_a_customers_calls_anybody(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    for post in seen.posts:
        markup = [post.raw.get("text", ""), *_markup(post.raw.get("blocks", []))]
        if any(CALL in text for text in markup) or '"broadcast"' in json.dumps(post.raw.get("blocks", [])):
            yield f"{post.ts} calls everybody who is here{seen.story(*post.words)}"


def _marked(word: str, line: Line) -> str:
    return f"*{word}*" if line.medium == "whatsapp" else word


def _pieces(post: Post) -> list[Json]:
    """Give the pieces of rich text that a post has."""
    return [piece for piece in _every(post.raw.get("blocks", [])) if piece.get("type") == "text"]


def _markup(blocks: Any) -> list[str]:
    return [text["text"] for text in _every(blocks) if text.get("type") == "mrkdwn"]


def _every(thing: Any) -> Iterator[Json]:
    if isinstance(thing, dict):
        yield thing
        thing = list(thing.values())
    if isinstance(thing, list):
        for each in thing:
            yield from _every(each)


CHECKS = (
    what_a_customer_made_bold_is_bold_in_the_thread,
    what_we_made_bold_is_bold_on_the_phone,
    nothing_of_a_customers_calls_anybody,
)
