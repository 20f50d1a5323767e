"""Telegram's HTML, and that of e-mails. Every sign of the words is escaped, so nothing in them is a tag.

https://core.telegram.org/bots/api#html-style: no lists, no quotes in quotes, and nothing inside code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from chalicelib.richtext.plain import PAGE, SAFE, line_by_line, opened
from chalicelib.richtext.tree import Block, Rich, Run, Shape, Style

TAGS = ((Style.BOLD, "b"), (Style.ITALIC, "i"), (Style.UNDERLINE, "u"), (Style.STRIKE, "s"))
"""From the outside to the inside."""
_TAG = re.compile(r"<[^<>]*>")
_MARK = re.compile(r"<(?!/|code class)")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#-]{1,30}")


def telegram(rich: Rich) -> str:
    """Write what a bot sends with `parse_mode` HTML."""
    return "\n".join(_together(rich))


def _together(rich: Rich) -> Iterator[str]:
    """Write blocks, and what is quoted in a row as one quote."""
    for quoted, group in groupby(rich, lambda block: block.quoted and block.shape is not Shape.CODE):
        lines = [_block(block._replace(quoted=False)) for block in group]
        if quoted:
            said = "\n".join(lines)
            yield f"<blockquote>{said}</blockquote>" if said.strip() else said
        else:
            yield from lines


def _block(block: Block) -> str:
    if block.shape is Shape.CODE:
        return _pre(block)
    return line_by_line(block, _linked(_shown(block, _leads), _leads))


def _pre(block: Block) -> str:
    said = escaped("".join([run.text for run in block.runs]))
    if not said.strip():
        return said
    if _LANGUAGE.fullmatch(block.language):
        return f'<pre><code class="language-{block.language}">{said}</code></pre>'
    return f"<pre>{said}</pre>"


def _leads(link: str) -> bool:
    return PAGE.match(link) is not None


def _mail_leads(link: str) -> bool:
    return SAFE.match(link) is not None


def _shown(block: Block, safe: Callable[[str], bool]) -> Sequence[Run]:
    """Give a block's runs; where a link cannot be one, all of them are said."""
    return block.runs if all(safe(run.link) for run in block.runs if run.link) else opened(block)


def _linked(runs: Sequence[Run], safe: Callable[[str], bool]) -> str:
    said = []
    for link, group in groupby(runs, lambda run: run.link):
        # A link cannot have code in it, and code can have nothing.
        inside = _styled([run._replace(styles=run.styles - {Style.CODE}) if link else run for run in group])
        wrapped = link and safe(link) and inside.strip()
        address = escaped(link).replace('"', "&quot;")
        said.append(f'<a href="{address}">{inside}</a>' if wrapped else inside)
    return "".join(said)


def _styled(runs: Sequence[Run], outer: int = 0) -> str:
    """Write tags that are properly nested: each kind of them around what the next one divides."""
    if outer == len(TAGS):
        return "".join([_code(run) for run in runs])
    style, tag = TAGS[outer]
    said = []
    for has, group in groupby(runs, lambda run: style in run.styles and Style.CODE not in run.styles):
        inside = _styled(list(group), outer + 1)
        said.append(f"<{tag}>{inside}</{tag}>" if has and inside.strip() else inside)
    return "".join(said)


def _code(run: Run) -> str:
    said = escaped(run.text)
    return f"<code>{said}</code>" if Style.CODE in run.styles and said.strip() else said


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words(markup: str) -> str:
    """Read what we wrote for Telegram as the plain words a phone shows."""
    from html import unescape  # noqa: PLC0415 - all names of HTML's signs, for workers that send HTML only

    return unescape(_TAG.sub("", markup))


def marks(markup: str) -> int:
    """Count what Telegram makes of our tags: those of code in a language are one."""
    return len(_MARK.findall(markup))


def email(rich: Rich) -> str:
    """Write the body of an e-mail: every tag that mail programs know, and no style of ours."""
    said, lists = [], list[str]()
    for quoted, group in groupby(rich, lambda block: block.quoted):
        inside = "".join(_in_email(list(group), lists))
        said.append(f"<blockquote>{inside}</blockquote>" if quoted else inside)
    return "".join(said)


def _in_email(blocks: Sequence[Block], lists: list[str]) -> Iterator[str]:
    for block in blocks:
        yield from _levelled(block, lists)
        words = _linked(_shown(block, _mail_leads), _mail_leads)
        if block.shape is Shape.CODE:
            yield f"<pre>{escaped(''.join([run.text for run in block.runs]))}</pre>"
        elif block.shape is Shape.ITEM:
            yield f"<li>{_lines(words)}"
        else:
            yield f"<p>{_lines(words)}</p>"
    yield from _closed(lists, 0)


def _lines(words: str) -> str:
    return words.replace("\n", "<br>\n")


def _levelled(block: Block, lists: list[str]) -> Iterator[str]:
    """Open and close lists until an item stands at its depth in one of its kind."""
    depth = block.depth + 1 if block.shape is Shape.ITEM else 0
    tag = "ol" if block.number else "ul"
    yield from _closed(lists, depth)
    if depth and len(lists) == depth:
        if lists[-1] == tag:
            yield "</li>"
        else:
            yield from _closed(lists, depth - 1)
    while len(lists) < depth:
        lists.append(tag)
        start = f' start="{block.number}"' if block.number > 1 and len(lists) == depth else ""
        yield f"<{tag}{start}>" + ("<li>" if len(lists) < depth else "")


def _closed(lists: list[str], depth: int) -> Iterator[str]:
    while len(lists) > depth:
        yield f"</li></{lists.pop()}>"
