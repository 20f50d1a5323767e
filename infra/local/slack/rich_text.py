"""What Slack takes as a rich_text block.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from infra.local.slack.checks import each, flag, kinds, number, one_of, shape, string

LONGEST = 40_000
MANY = 1_000

_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
_MENTION_STYLE = shape(
    {}, dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), flag)
)
_ID = string(255)

_INLINE = kinds(
    {
        "text": shape({"text": string(LONGEST)}, {"style": _STYLE}),
        "link": shape({"url": string(3000)}, {"text": string(LONGEST, 0), "unsafe": flag, "style": _STYLE}),
        "emoji": shape(
            {"name": string(255)},
            {"unicode": string(255), "skin_tone": one_of(2, 3, 4, 5, 6), "style": _STYLE},
        ),
        "user": shape({"user_id": _ID}, {"style": _MENTION_STYLE}),
        "channel": shape({"channel_id": _ID}, {"style": _MENTION_STYLE}),
        "usergroup": shape({"usergroup_id": _ID}, {"style": _MENTION_STYLE}),
        "team": shape({"team_id": _ID}, {"style": _MENTION_STYLE}),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
        "color": shape({"value": string(7)}, {"style": _STYLE}),
        "date": shape(
            {"timestamp": number, "format": string(255)},
            {"url": string(3000), "fallback": string(255), "style": _STYLE},
        ),
    }
)

_INLINES = each(_INLINE, MANY, 0)
_SECTION = shape({"elements": _INLINES})
_PREFORMATTED = each(
    kinds(
        {
            "text": shape({"text": string(LONGEST)}, {"style": _STYLE}),
            "link": shape({"url": string(3000)}, {"text": string(LONGEST, 0), "style": _STYLE}),
        }
    ),
    MANY,
)

CONTAINER = kinds(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": shape({"elements": _INLINES}, {"border": number}),
        "rich_text_preformatted": shape({"elements": _PREFORMATTED}, {"border": number, "language": string(255)}),
        "rich_text_list": shape(
            {
                "style": one_of("bullet", "ordered"),
                "elements": each(kinds({"rich_text_section": _SECTION}), MANY),
            },
            {"indent": number, "offset": number, "border": number},
        ),
    }
)

RICH_TEXT = shape({"elements": each(CONTAINER, MANY)}, {"block_id": string(255)})
