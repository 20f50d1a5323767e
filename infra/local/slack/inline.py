"""What a person types within a line: styles, links, mentions and emoji, and the text that means the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.slack import emoji
from infra.local.slack.marks import CODE, URL, Marks

Json = dict[str, Any]

_STYLES = {"*": "bold", "_": "italic", "~": "strike"}
_PICTOGRAPH = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
_TOKEN = re.compile(
    rf"(?P<url>{URL})"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"
    r"|(?<![\w@./-])(?P<site>(?:[a-z0-9-]{1,63}\.){1,9}(?:com|org|net|io|dev|app|edu|gov|eu)(?![\w-]|\.\w)"
    r"(?:/(?:[^\s<>|()]|\([^\s<>|()]*\))*(?<![.,!?;:'\"*_~`\]]))?)"
    rf"|\[(?P<label>[^\[\]\n]+)\]\((?P<target>{URL})\)"
    r"|(?<!\w)@(?P<at>[\w.-]*\w)"
    r"|(?<!\w)#(?P<hash>[\w-]*\w)"
    r"|<@(?P<user>[UW][A-Z0-9]+)>|<#(?P<channel>[CG][A-Z0-9]+)>"
    r"|(?<!\d):(?P<emoji>[a-z0-9_+'-]+):(?::(?P<tone>skin-tone-[2-6](?:-[2-6])?):)?"
    r"|(?P<glyph>[\U0001f1e6-\U0001f1ff]{2}|[#*0-9]\ufe0f?\u20e3"
    rf"|{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH})*[\U000e0020-\U000e007f]*(?!\ufe0e))"
    rf"|(?<![\w*_~`])(?P<code>{CODE})(?![\w`])"
    r"|(?<![\w*_~`])(?P<mark>[*_~])(?=\S)(?!(?P=mark))"
    r"|(?<!\S)(?P<face>[:;=8><()DCc][-:;'/\\|()*<>=oODpPbB3]{1,3})(?!\S)"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Whom and what a typed @name or #name can mean: names to ids."""

    users: Mapping[str, str]
    channels: Mapping[str, str]
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Inline:
    """The elements of a rich_text section, and the same as mrkdwn."""

    elements: list[Json] = field(default_factory=list)
    text: str = ""

    def add(self, element: Json, text: str) -> None:
        self.elements.append(element)
        self.text += text


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read(typed: str, names: Names, styles: frozenset[str] = frozenset()) -> Inline:
    """Read what is typed; whatever means nothing to Slack stays as it is."""
    found, marks = Inline(), Marks(typed)
    literal, done = "", 0
    while token := _TOKEN.search(typed, done):
        literal += typed[done : token.start()]
        done = token.end()
        if token["mark"] and (end := marks.end(token["mark"], done)):
            understood = _emphasis(token["mark"], typed[done:end], names, styles)
            done = end + 1
        else:
            understood = _understood(token, names, styles)
        if understood is None:
            literal += typed[token.start() : done]
            continue
        _add_literal(found, literal, styles)
        literal = ""
        found.elements += understood.elements
        found.text += understood.text
    _add_literal(found, literal + typed[done:], styles)
    return found


def _add_literal(found: Inline, literal: str, styles: frozenset[str]) -> None:
    if literal:
        found.add(_styled({"type": "text", "text": literal}, styles), escape(literal))


def _styled(element: Json, styles: frozenset[str]) -> Json:
    return {**element, "style": dict.fromkeys(sorted(styles), True)} if styles else element


def _understood(token: re.Match[str], names: Names, styles: frozenset[str]) -> Inline | None:
    if token["code"]:
        words = token["code"][1:-1]
        return Inline([_styled({"type": "text", "text": words}, styles | {"code"})], f"`{escape(words)}`")
    for reading in (_link, _mention, _emoji):
        found = reading(token, names)
        if found:
            element, text = found
            return Inline([_styled(element, styles)], text)
    return None


def _emphasis(mark: str, words: str, names: Names, styles: frozenset[str]) -> Inline | None:
    if _STYLES[mark] in styles:
        return None
    inner = read(words, names, styles | {_STYLES[mark]})
    return Inline(inner.elements, f"{mark}{inner.text}{mark}")


def _link(token: re.Match[str], _: Names) -> tuple[Json, str] | None:
    if token["url"]:
        return {"type": "link", "url": token["url"]}, f"<{escape(token['url'])}>"
    labels = {"mail": f"mailto:{token['mail']}", "site": f"http://{token['site']}", "label": token["target"]}
    for group, url in labels.items():
        label = token[group]
        if label:
            return {"type": "link", "url": url, "text": label}, f"<{escape(url)}|{escape(label)}>"
    return None


def _mention(token: re.Match[str], names: Names) -> tuple[Json, str] | None:
    at, hashed = (token["at"] or "").lower(), (token["hash"] or "").lower()
    if at in {"here", "channel", "everyone"}:
        return {"type": "broadcast", "range": at}, f"<!{at}>"
    user = names.users.get(at, token["user"])
    if user in names.users.values():
        return {"type": "user", "user_id": user}, f"<@{user}>"
    if at in names.groups:
        return {"type": "usergroup", "usergroup_id": names.groups[at]}, f"<!subteam^{names.groups[at]}>"
    channel = names.channels.get(hashed, token["channel"])
    for name, its_id in names.channels.items():
        if its_id == channel:
            return {"type": "channel", "channel_id": channel}, f"<#{channel}|{name}>"
    return None


def _emoji(token: re.Match[str], _: Names) -> tuple[Json, str] | None:
    if token["emoji"]:
        return _named_emoji(token["emoji"], token["tone"] or "")
    name = emoji.name_of(token["glyph"]) if token["glyph"] else emoji.name_of_face(token["face"] or "")
    return _named_emoji(*name.split("::")) if name else None


def _named_emoji(name: str, tone: str = "") -> tuple[Json, str] | None:
    """Give an emoji; two tones at once have no number, only code points."""
    if name in emoji.CUSTOM:
        return {"type": "emoji", "name": name}, f":{name}:"
    code = emoji.code_of(f"{name}::{tone}" if tone else name)
    if not code:
        return None  # as Slack leaves 10:30:45 alone
    element: Json = {"type": "emoji", "name": name, "unicode": code}
    digits = tone.removeprefix("skin-tone-")
    return (
        {**element, "skin_tone": int(digits)} if digits.isdigit() else element,
        f":{name}::{tone}:" if tone else f":{name}:",
    )
