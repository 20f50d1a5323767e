"""The customers of a WhatsApp number: each known by a phone, a business-scoped id (BSUID), or both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.whatsapp import wire


@dataclass(slots=True)
class Person:
    """A customer; `phone` is empty while it is hidden behind a username."""

    key: str
    phone: str
    bsuid: str
    name: str = "Ana Souza"
    username: str = ""
    wrote: float = float("-inf")
    blocked: bool = False

    def contact(self) -> dict[str, Any]:
        profile = {"name": self.name, **({"username": self.username} if self.username else {})}
        return {"profile": profile, **({"wa_id": self.phone} if self.phone else {}), "user_id": self.bsuid}

    def sender(self) -> dict[str, str]:
        return {**({"from": self.phone} if self.phone else {}), "from_user_id": self.bsuid}

    def recipient(self) -> dict[str, str]:
        return {**({"recipient_id": self.phone} if self.phone else {}), "recipient_user_id": self.bsuid}


@dataclass(slots=True)
class People:
    """Everybody there is, found by whatever they are known by."""

    known: list[Person] = field(default_factory=list)

    def key(self, who: str) -> str:
        """Name the person with this phone or BSUID, whether they are known or not."""
        who = who if wire.BSUID.fullmatch(who) else wire.digits(who)
        return next((person.key for person in self.known if who in (person.phone, person.bsuid)), who)

    def find(self, who: str) -> Person:
        """Find the person with this phone or BSUID; make one that never wrote if there is none."""
        hidden = bool(wire.BSUID.fullmatch(who))
        who = who if hidden else wire.digits(who)
        for person in self.known:
            if who in (person.phone, person.bsuid):
                return person
        made = "US." + str(int(hashlib.sha256(who.encode()).hexdigest()[:14], 16))
        self.known.append(Person(who, "" if hidden else who, who if hidden else made))
        return self.known[-1]

    def meet(self, about: Mapping[str, Any]) -> Person:
        """Find whoever is described, and take on what is new about them."""
        person = self.find(str(about["who"]))
        if about.get("bsuid"):
            person = self._same(person, str(about["bsuid"]))
        person.name = about.get("name") or person.name
        person.username = about.get("username") or person.username
        return person

    def _same(self, person: Person, bsuid: str) -> Person:
        """Note that a phone and a BSUID are one person's, who may have been known by the BSUID alone."""
        other = next((other for other in self.known if other.bsuid == bsuid and other is not person), None)
        if other is None:
            person.bsuid = bsuid
            return person
        other.phone = other.phone or person.phone
        self.known.remove(person)
        return other
