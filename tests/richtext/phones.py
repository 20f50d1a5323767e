"""What a phone shows of WhatsApp's marks, as infra/local/page/site/phone/marks.js does: a quote loses its sign."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = "".join(
    char
    for block in (range(0x3100), range(0xA000, 0xA900), range(0xFE00, 0x10000), range(0x1F000, 0x1FB00))
    for char in map(chr, block)
    if unicodedata.category(char)[0] in "PS"
)
EDGE = rf"[ \t\n\r\f\v\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff{re.escape(_SIGNS)}]"
MARK = re.compile(rf"(^|{EDGE})(?:```([^`]+)```|`([^`\n]+)`|([*_~])(\S|\S[^\n]*?\S)\4)(?=$|{EDGE})")


def on_whatsapp(text: str) -> str:
    lines, in_code = [], False
    for line in text.split("\n"):
        lines.append(line if in_code else re.sub(r"^> ?(?=\S)", "", line))
        in_code ^= line.count("```") % 2 == 1
    return _unmarked("\n".join(lines), 0)


def _unmarked(text: str, depth: int) -> str:
    shown, rest = "", text
    while mark := MARK.search(rest):
        shown += rest[: mark.start()] + mark[1]
        inside = mark[2] or mark[3]
        if inside is None:
            counts = re.search(r"[^\s\ufeff*_~]", mark[5])
            inside = (
                (_unmarked(mark[5], depth + 1) if depth < 3 else mark[5]) if counts else mark[0][len(mark[1]) :]
            )
        shown, rest = shown + inside, rest[mark.end() :]
    return shown + rest
