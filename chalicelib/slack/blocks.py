"""How things look in Slack. Customers' words go into rich_text, where nothing is markup and nothing pings.

https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.model import WORDS, Attachment, Capabilities, Item, Part, Reason, State
from chalicelib.richtext import Rich, beginning, found, mrkdwn, plain, readable
from chalicelib.settings import Texts
from chalicelib.slack.reasons import SAFE_AGAIN, why
from chalicelib.slack.said import because, begun, drawn, is_beside, written
from chalicelib.slack.words import ELEMENT_AT_MOST, clean, notification, pieces, when

Block = dict[str, Any]

SHOWN_AT_MOST = 13 * ELEMENT_AT_MOST
"""What one post shows of a text: Slack truncates far-too-long ones without a word."""
NOBODY = "Somebody"

MARKS = {State.SENT: "heavy_check_mark", State.DELIVERED: "ballot_box_with_check", State.READ: "eyeglasses"}
"""The one reaction a reply gets, by the best state known when it is drawn."""

QUOTED = 60
"""Characters of a reply by which its verdict names it."""


@dataclass(frozen=True, slots=True)
class Post:
    """One Slack message: its blocks, and the text that notifications and screen readers use."""

    text: str
    blocks: Sequence[Block]
    username: str = ""
    icon_emoji: str = ""
    broadcast: bool = False
    icon_url: str = ""
    """Where a picture is that stands in the place of the emoji."""

    def under(self, picture: str) -> Post:
        """Put a customer's picture in the place of their channel's badge; our own words have neither."""
        return replace(self, icon_url=picture) if picture and self.icon_emoji else self


def plain_version(post: Post) -> Post:
    """Make the same post out of nothing that Slack could refuse."""
    return Post(post.text, (), post.username, post.icon_emoji, post.broadcast)


def digest(post: Post) -> str:
    """Name what a post shows, so that nothing is drawn twice."""
    return hashlib.sha256(json.dumps([post.text, *post.blocks], sort_keys=True).encode()).hexdigest()[:16]


def customers_words(
    item: Item,
    medium: Capabilities,
    name: str,
    *,
    late: bool,
    reopened: str | None = None,
    above: Sequence[Block] = (),
    below: Sequence[Block] = (),
) -> Post:
    """Draw what a customer wrote, under their name and their channel's badge.

    `reopened` says that a thread stirs again and mentions who should know, or is None.
    """
    said, left = begun(item, SHOWN_AT_MOST)
    signed = signature(medium, name) if any(map(is_beside, item.attachments)) else ()
    blocks = [*above, *drawn(said, signed), *below]
    notes = []
    if left:
        notes.append(f"{left:,} more characters {_elsewhere(item)}")
    if late:
        notes.append(f"Written {when(item.at)}, arrived late")
    if reopened is not None:
        notes.append(called(reopened))
    if notes:
        blocks.append(context(" · ".join(notes)))
    return from_customer(written(item), blocks, medium, name)


def _elsewhere(item: Item) -> str:
    """Say where words are that are too many for a post."""
    whole = next((each for each in item.attachments if each.reference == WORDS), None)
    return f"are in {whole.name}" if whole and is_beside(whole) else "are too many to show"


def from_customer(text: str, blocks: Sequence[Block], medium: Capabilities, name: str) -> Post:
    """Make a post that stands under a customer's name and their channel's badge."""
    author = f"{clean(name) or NOBODY} · {medium.label}"
    return Post(notification(text), blocks, username=author, icon_emoji=medium.badge)


def signature(medium: Capabilities, name: str) -> list[Block]:
    """Say in the words whose they are: not every Slack shows files under another name than ours."""
    bold = {"type": "text", "text": clean(name) or NOBODY, "style": {"bold": True}}
    return [bold, {"type": "text", "text": f" · {medium.label}\n"}]


def called(reopened: str) -> str:
    """Say that a thread stirs again, and call whoever should know; earlier versions kept only whom they called."""
    return reopened if reopened and not reopened.startswith("<") else f"Reopened {reopened}".strip()


def line(text: str) -> Post:
    """Draw Threadline's own words."""
    parts = pieces(text[:SHOWN_AT_MOST])
    return Post(
        notification(text),
        [rich([slanted(piece)]) for piece in parts],
    )


def late_files(item: Item, medium: Capabilities, name: str, about: Sequence[Block]) -> Post:
    """Draw what came after its message, or why it never will; `about` names that message."""
    what = _files(item.attachments)
    words = [slanted(f"{what} that {'now stands in' if item.instead else 'came with'} "), *about]
    if any(map(is_beside, item.attachments)):
        return from_customer(what, [rich([*signature(medium, name), *words])], medium, name)
    reasons = " and ".join(dict.fromkeys(because(each) for each in item.attachments))
    why_not = f" could not be brought here, because {reasons}."
    return Post(notification(f"{what}{why_not}"), [rich([*words, slanted(why_not)])])


def _files(attachments: Sequence[Attachment]) -> str:
    """Name files in words."""
    if len(attachments) > 1:
        return f"The {len(attachments)} files"
    name, kind = clean(attachments[0].name), attachments[0].kind
    # One that had no name is called what it is.
    return f"The {kind} “{name}”" if name and not name.startswith(kind) else f"The {kind}"


def change(lead: str, said: Rich) -> Post:
    """Draw what we have to say of a customer's words, and after it those words."""
    blocks = drawn(beginning(said, SHOWN_AT_MOST - len(lead))[0], [slanted(lead)])
    return Post(notification(f"{lead}{plain.write(said)}"), blocks)


def slanted(text: str) -> Block:
    """Say something in our own voice, among a customer's words."""
    return {"type": "text", "text": text, "style": {"italic": True}}


def verdict(item: Item, medium: str, name: str, texts: Texts, *, templates: bool = False) -> Post:
    """Draw what became of a reply that did not simply arrive, with the way forward where there is one.

    `templates` says that its medium has some, which may go out where free text may not.
    """
    bad, *others = [part for part in item.parts if part.state is item.state]
    sentence = texts.failed if item.state is State.FAILED else texts.unknown
    words = sentence.format(name=clean(name), medium=medium, reason=_because(bad))
    said: list[dict[str, Any]] = [{"type": "text", "text": f"⚠️ {words}"}]
    about = _named(item, bad)
    if about:
        said.append(slanted(f"\n“{about}”"))
    for other in others:
        said += [slanted(f"\n“{_named(item, other)}”"), {"type": "text", "text": f": {_because(other)}"}]
    blocks: list[Block] = [rich(said)]
    buttons = []
    value = f"{item.conversation}.{item.id}"
    if templates and any(part.reason is Reason.WINDOW for part in (bad, *others)):
        buttons.append(_button("Send a template…", "template", value, style="primary"))
    if any(part.reason in SAFE_AGAIN for part in (bad, *others)):
        buttons.append(_button("Send again", "send_again", value))
    if item.state is State.UNKNOWN:
        buttons.append(_button("It arrived", "it_arrived", value))
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return Post(notification(f"⚠️ {words}"), blocks)


def _named(item: Item, part: Part) -> str:
    """Name a part of a reply by its words, or by its file; one that was not divided by all that was typed."""
    words = readable(part.text, part.markup)
    if not words and part.file is not None:
        words = item.attachments[part.file].name or str(item.attachments[part.file])
    return clean(words or plain.write(found(item.rich) or mrkdwn.read(item.text)), QUOTED)


def _because(part: Part) -> str:
    return why(part.reason or Reason.REFUSED, part.detail)


def rich(elements: list[dict[str, Any]]) -> Block:
    """Draw elements that are no markup, whatever stands in them."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def context(mrkdwn: str) -> Block:
    """Draw a small line of our own words."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def _button(label: str, action: str, value: str, style: str = "") -> Block:
    button: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": action,
        "value": value,
    }
    return {**button, "style": style} if style else button
