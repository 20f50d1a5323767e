"""What a person types, as Slack's clients send it: escaped text and the rich_text that means the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.slack import emoji

Json = dict[str, Any]

_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_LINE = re.compile(r"(?:(?P<quote>> ?)|(?P<bullet>[-•] )|(?P<ordered>\d+\. ))?(?P<rest>.*)", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>|]*[^\s<>|.,!?;:)])"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"
    r"|(?<!\w)@(?P<at>[a-z0-9_-]+)"
    r"|(?<!\w)#(?P<hash>[a-z0-9_-]+)"
    r"|<@(?P<user>[UW][A-Z0-9]+)>|<#(?P<channel>[CG][A-Z0-9]+)>"
    r"|:(?P<emoji>[a-z0-9_+'-]+):(?::skin-tone-(?P<tone>[2-6]):)?"
    rf"|(?P<glyph>{'|'.join(map(re.escape, emoji.NAMES))})\ufe0f?(?P<shade>[\U0001F3FB-\U0001F3FF])?"
    r"|(?<![\w*_~`])(?P<mark>[*_~`])(?P<styled>[^\s*_~`](?:[^*_~`\n]*[^\s*_~`])?)(?P=mark)(?![\w*_~`])"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Whom and what a typed @name or #name can mean: names to ids."""

    users: Mapping[str, str]
    channels: Mapping[str, str]


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sent(typed: str, names: Names, block_id: str) -> Json:
    """Give the `text` and `blocks` of a message with these words."""
    containers = list(_containers(typed, names))
    text = "\n".join(_container_text(container, names) for container in containers)
    blocks = [{"type": "rich_text", "block_id": block_id, "elements": containers}] if containers else []
    return {"text": text, "blocks": blocks} if blocks else {"text": text}


def _containers(typed: str, names: Names) -> Iterator[Json]:
    for place, part in enumerate(_FENCE.split(typed)):
        if place % 2:
            yield {"type": "rich_text_preformatted", "elements": [_text(part)], "border": 0}
        elif part.strip("\n"):
            yield from _paragraphs(part.strip("\n") if place else part.rstrip("\n"), names)


def _paragraphs(typed: str, names: Names) -> Iterator[Json]:
    lines = [_LINE.fullmatch(line) for line in typed.split("\n")]
    matches = [line for line in lines if line]
    for kind, group in itertools.groupby(matches, _kind):
        rest = [line["rest"] for line in group]
        if kind in {"bullet", "ordered"}:
            items = [_section(line, names) for line in rest]
            yield {"type": "rich_text_list", "style": kind, "indent": 0, "border": 0, "elements": items}
        elif kind == "quote":
            yield {"type": "rich_text_quote", "elements": _inline("\n".join(rest), names)}
        else:
            yield _section("\n".join(rest), names)


def _kind(line: re.Match[str]) -> str:
    return next((kind for kind in ("quote", "bullet", "ordered") if line[kind]), "section")


def _section(typed: str, names: Names) -> Json:
    return {"type": "rich_text_section", "elements": _inline(typed, names)}


def _text(words: str, style: str = "") -> Json:
    element: Json = {"type": "text", "text": words}
    return {**element, "style": {style: True}} if style else element


def _inline(typed: str, names: Names) -> list[Json]:
    found: list[Json] = []
    literal, done = "", 0
    for token in _TOKEN.finditer(typed):
        element = _element(token, names)
        literal += typed[done : token.start()]
        done = token.end()
        if element is None:
            literal += token[0]
            continue
        found += [_text(literal), element] if literal else [element]
        literal = ""
    literal += typed[done:]
    return [*found, _text(literal)] if literal else found


def _element(token: re.Match[str], names: Names) -> Json | None:
    if token["url"]:
        return {"type": "link", "url": token["url"]}
    if token["mail"]:
        return {"type": "link", "url": f"mailto:{token['mail']}", "text": token["mail"]}
    if token["mark"]:
        return _text(token["styled"], _STYLES[token["mark"]])
    return _mention(token, names) or _emoji(token)


def _mention(token: re.Match[str], names: Names) -> Json | None:
    if token["at"] in {"here", "channel", "everyone"}:
        return {"type": "broadcast", "range": token["at"]}
    user = names.users.get(token["at"] or "", token["user"])
    if user in names.users.values():
        return {"type": "user", "user_id": user}
    channel = names.channels.get(token["hash"] or "", token["channel"])
    if channel in names.channels.values():
        return {"type": "channel", "channel_id": channel}
    return None


def _emoji(token: re.Match[str]) -> Json | None:
    name = emoji.NAMES[token["glyph"]] if token["glyph"] else token["emoji"]
    tone = ord(token["shade"]) - 0x1F3FB + 2 if token["shade"] else int(token["tone"] or 0)
    if name in emoji.CUSTOM:
        return {"type": "emoji", "name": name}
    if name not in emoji.UNICODE:
        return None  # as Slack leaves 10:30:45 alone
    if tone:
        shade = f"{0x1F3FB + tone - 2:x}"
        return {
            "type": "emoji",
            "name": name,
            "unicode": f"{emoji.UNICODE[name]}-{shade}",
            "skin_tone": tone,
        }
    return {"type": "emoji", "name": name, "unicode": emoji.UNICODE[name]}


def _container_text(container: Json, names: Names) -> str:
    elements = container["elements"]
    match container["type"]:
        case "rich_text_list":
            ordered = container["style"] == "ordered"
            lines = [_container_text(item, names) for item in elements]
            return "\n".join(f"{place}. {line}" if ordered else f"• {line}" for place, line in enumerate(lines, 1))
        case "rich_text_preformatted":
            return f"```{escape(elements[0]['text'])}```"
        case "rich_text_quote":
            words = "".join(_words(element, names) for element in elements)
            return "\n".join(f"&gt; {line}" for line in words.split("\n"))
        case _:
            return "".join(_words(element, names) for element in elements)


def _words(element: Json, names: Names) -> str:
    match element:
        case {"type": "text", "text": text, "style": style}:
            mark = next(mark for mark, name in _STYLES.items() if name in style)
            return f"{mark}{escape(text)}{mark}"
        case {"type": "link", "url": url, "text": text}:
            return f"<{escape(url)}|{escape(text)}>"
        case {"type": "link", "url": url}:
            return f"<{escape(url)}>"
        case {"type": "user", "user_id": user}:
            return f"<@{user}>"
        case {"type": "channel", "channel_id": channel}:
            name = next(name for name, its_id in names.channels.items() if its_id == channel)
            return f"<#{channel}|{name}>"
        case {"type": "broadcast", "range": reach}:
            return f"<!{reach}>"
        case {"type": "emoji", "name": name, "skin_tone": tone}:
            return f":{name}::skin-tone-{tone}:"
        case {"type": "emoji", "name": name}:
            return f":{name}:"
        case _:
            return escape(element["text"])
