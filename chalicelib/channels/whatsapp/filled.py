"""How a template is sent, with what is filled in.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
The header's variable and the body's are counted apart, so the header's is called `header.1` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.model import Template

HEADER = "header."


def content(template: Template) -> dict[str, Any]:
    """Spell a template with its variables as Meta wants it."""
    titled = [name for name in template.variables if name.startswith(HEADER)]
    said = [name for name in template.variables if not name.startswith(HEADER)]
    components = [
        {"type": kind, "parameters": _parameters(template, names)}
        for kind, names in (("header", titled), ("body", said))
        if names
    ]
    spelled: dict[str, Any] = {"name": template.id, "language": {"code": template.language}}
    return {"type": "template", "template": {**spelled, **({"components": components} if components else {})}}


def _parameters(template: Template, names: Sequence[str]) -> list[dict[str, str]]:
    """Give values in order; positional ones by their numbers, others with their names."""
    bare = {name: name.removeprefix(HEADER) for name in names}
    in_order = sorted(names, key=lambda name: int(bare[name]) if bare[name].isdigit() else 0)
    return [
        {
            "type": "text",
            **({} if bare[name].isdigit() else {"parameter_name": bare[name]}),
            "text": template.values.get(name, ""),
        }
        for name in in_order
    ]
