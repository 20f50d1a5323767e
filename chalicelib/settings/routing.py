"""To which desk a new conversation goes: the first rule that fits counts, and else its line's own desk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.settings.choices import Desk, Hours, Rule, Settings
from chalicelib.settings.rules import NOT


@dataclass(frozen=True, slots=True)
class Case:
    """What rules ask of a new conversation."""

    line: str
    medium: str
    text: str = ""
    language: str = ""
    tags: Sequence[str] = ()

    @property
    def channel(self) -> str:
        return self.line.partition("/")[0]


def routed(settings: Settings, case: Case, now: int) -> Desk:
    """Choose the desk of a new conversation."""
    fitting = (rule for rule in settings.rules if _may_fit(rule, case) and _fits(settings, rule, case, now))
    rule = next(fitting, None)
    return settings.desks[rule.desk] if rule else settings.desk_of(case.line)


def leads_to(settings: Settings, case: Case) -> list[Desk]:
    """Name every desk to which this line may lead: whoever has a conversation at one of them stays there."""
    names = []
    for rule in filter(lambda each: _may_fit(each, case), settings.rules):
        names.append(rule.desk)
        if not (rule.words or rule.language or rule.hours or rule.tag):
            break  # it takes all that is left
    else:
        names.append(settings.accounts[case.line])
    return [settings.desks[name] for name in dict.fromkeys(names)]


def _may_fit(rule: Rule, case: Case) -> bool:
    return rule.account in ("", case.line) and rule.channel in ("", case.channel, case.medium)


def _fits(settings: Settings, rule: Rule, case: Case, now: int) -> bool:
    return (
        (not rule.words or any(_has(case.text, each) for each in rule.words))
        and (not rule.language or _speaks(case.language, rule.language))
        and (not rule.tag or _folded(rule.tag) in map(_folded, case.tags))
        and (not rule.hours or is_open(settings.hours[rule.hours.removeprefix(NOT)], now) != _is_not(rule.hours))
    )


def _is_not(hours: str) -> bool:
    return hours.startswith(NOT)


def is_open(hours: Hours, now: int) -> bool:
    """Tell whether somebody is there; hours that end before they begin go on after midnight."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most settings have no hours

    local = datetime.fromtimestamp(now / 1000, ZoneInfo(hours.zone))
    minute, yesterday = local.hour * 60 + local.minute, (local - timedelta(days=1)).weekday()
    if hours.begins < hours.ends:
        return local.weekday() in hours.days and hours.begins <= minute < hours.ends
    begun = local.weekday() in hours.days and minute >= hours.begins
    return begun or (yesterday in hours.days and minute < hours.ends)


def _speaks(language: str, wanted: str) -> bool:
    """Tell whether a language is the one that is asked for: `pt` is also `pt-BR`, and not the other way round."""
    given, asked = (tag.replace("_", "-").casefold() for tag in (language, wanted))
    return f"{given}-".startswith(f"{asked}-")


def _has(text: str, words: str) -> bool:
    """Tell whether a text has these words, and not only as a part of longer ones."""
    wanted = _folded(words)
    before = r"(?<!\w)" if _is_bounded(wanted[0]) else ""
    after = r"(?!\w)" if _is_bounded(wanted[-1]) else ""
    return re.search(before + re.escape(wanted) + after, _folded(text)) is not None


def _is_bounded(letter: str) -> bool:
    """Tell whether blanks stand between words with this letter; they do not in Chinese, Japanese or Thai.

    Those have no capitals. Where words are bounded and have none either (Arabic), endings grow onto them.
    """
    return letter.isdigit() or letter.lower() != letter.upper()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
