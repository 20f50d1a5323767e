"""Messages that a provider has approved beforehand: all that may be sent where the reply window is over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

VARIABLE = re.compile(r"\{\{([^{}]{1,100})\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is offered, or with its variables as it is to be sent."""

    id: str
    """What the provider calls it: WhatsApp's name, Twilio's ContentSid."""
    language: str
    body: str
    """Its words, with `{{1}}` or `{{name}}` where something is filled in."""
    name: str = ""
    """What people call it, where that is another name."""
    variables: tuple[str, ...] = ()
    """The names of what is filled in, in their order."""
    values: Mapping[str, str] = field(default_factory=dict)
    unsendable: str = ""
    """Why it cannot be sent from here (it needs a picture …); empty if it can."""

    @property
    def words(self) -> str:
        """Give its words with what was filled in."""
        return VARIABLE.sub(lambda found: self.values.get(found[1].strip(), found[0]), self.body)
