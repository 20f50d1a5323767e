"""The templates of a WhatsApp business account: what there is, and what is wrong with one that is sent.

https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from infra.local.server import Answer, answer_json
from infra.local.whatsapp import wire

Json = dict[str, Any]
VARIABLE = re.compile(r"\{\{(\w+)\}\}")
LONGEST_BODY = 1024
UNFIT = re.compile(r"[\n\t]| {5,}")


def _made(name: str, language: str, *components: Json, named: bool = False, **more: str) -> Json:
    return {
        "name": name,
        "parameter_format": "NAMED" if named else "POSITIONAL",
        "components": list(components),
        "language": language,
        "status": "APPROVED",
        "category": "UTILITY",
        "id": str(7_000_000_000 + sum(name.encode()) * 97 + len(language)),
        **more,
    }


def _body(text: str) -> Json:
    return {"type": "BODY", "text": text}


def usual() -> list[Json]:
    """Give an account the templates that most have, and some that need more than words."""
    return [
        _made("hello_world", "en_US", _body("Welcome. We are glad that you are here.")),
        _made(
            "order_update",
            "en_US",
            {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"},
            _body("Hello {{1}}, your order comes on {{2}}. *Please be at home.*"),
            {"type": "FOOTER", "text": "Threadline Parcels"},
        ),
        _made("order_update", "pt_BR", _body("Olá {{1}}, o seu pedido chega {{2}}.")),
        _made("call_back", "en_US", _body("{{first_name}}, may we call you at {{time}}?"), named=True),
        _made("spring_sale", "en_US", {"type": "HEADER", "format": "IMAGE"}, _body("Spring sale!")),
        _made(
            "track",
            "en_US",
            _body("Your parcel is on its way."),
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Track", "url": "https://example.com/{{1}}"}]},
        ),
        _made("sign_in", "en_US", _body("{{1}} is your code."), category="AUTHENTICATION"),
        _made("not_yet", "en_US", _body("Soon."), status="PENDING"),
    ]


def listed(templates: list[Json], query: Mapping[str, str], url: str) -> Answer:
    """Answer a page of the list, with Meta's cursors."""
    fitting = [each for each in templates if query.get("status", each["status"]) == each["status"]]
    start, size = int(query.get("after") or 0), int(query.get("limit") or 25)
    fields = [*(query.get("fields") or "name,components,language,status,category").split(","), "id"]
    shown = [{name: each[name] for name in fields if name in each} for each in fitting[start : start + size]]
    paging: Json = {"cursors": {"before": str(start), "after": str(start + len(shown))}}
    if start + size < len(fitting):
        paging["next"] = f"{url}?after={start + len(shown)}"
    return answer_json({"data": shown, "paging": paging})


def objection(templates: list[Json], asked: Mapping[str, Any]) -> tuple[int, str] | None:
    """Name the first thing wrong with a template that is sent."""
    found = _find(templates, asked)
    if found is None:
        return 132001, f"template name ({asked['name']}) does not exist in {asked['language']['code']}"
    given = _given(asked)
    for component in found["components"]:
        kind = component["type"].lower()
        wanted = VARIABLE.findall(component.get("text", ""))
        if kind == "header" and component.get("format") != "TEXT":
            return 132012, "header: Format mismatch, expected an image"
        if kind == "buttons" and any(VARIABLE.search(each.get("url", "")) for each in component["buttons"]):
            return 131008, "buttons: Button at index 0 of type Url requires a parameter"
        if len(given.get(kind, [])) != len(wanted):
            has = len(given.get(kind, []))
            return 132000, f"{kind}: number of localizable_params ({has}) does not match ({len(wanted)})"
        if found["parameter_format"] == "NAMED" and {each.get("parameter_name") for each in given[kind]} != {
            *wanted
        }:
            return 100, "Parameter name is missing or empty"
        if any(UNFIT.search(each["text"]) or not each["text"] for each in given.get(kind, [])):
            return 100, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
    return (132005, "the text is too long") if len(rendered(templates, asked)) > LONGEST_BODY else None


def rendered(templates: list[Json], asked: Mapping[str, Any]) -> str:
    """Write a template as its reader sees it."""
    found, given = _find(templates, asked), _given(asked)
    lines = []
    for component in found["components"] if found else ():
        values = {
            each.get("parameter_name", str(number)): str(each["text"])
            for number, each in enumerate(given.get(component["type"].lower(), []), 1)
        }
        said = VARIABLE.sub(lambda place, values=values: values.get(place[1], ""), component.get("text", ""))  # type: ignore[misc]  # a default that binds
        lines.append(said)
    return "\n".join(filter(None, lines))


def _find(templates: list[Json], asked: Mapping[str, Any]) -> Json | None:
    wanted = (asked["name"], wire.dig(asked, "language.code"), "APPROVED")
    return next((each for each in templates if (each["name"], each["language"], each["status"]) == wanted), None)


def _given(asked: Mapping[str, Any]) -> dict[str, list[Json]]:
    return {str(each["type"]).lower(): each.get("parameters") or [] for each in asked.get("components") or ()}
