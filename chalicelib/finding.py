"""By which words somebody is found: those of their name, and the beginning of each of their addresses."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.model import Contact, Entry

WORDS_AT_MOST, LETTERS_AT_MOST = 8, 60

DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
LETTERS = str.maketrans({DOTLESS: "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart, and that nobody without them on their keys types."""
NUMBER = re.compile(r"(?:\+|00)?([0-9]+)")
SPACED = re.compile(r"[\s().\-/]")


def entries(contact: Contact) -> list[Entry]:
    """Make the entries under which a contact is found."""
    found = [*_words(contact.name)[:WORDS_AT_MOST], *(_address(each) for each in contact.addresses)]
    return [Entry(word[:LETTERS_AT_MOST], contact.id) for word in dict.fromkeys(found) if word]


def sought(typed: str) -> list[str]:
    """Read what somebody types to find a person: the beginnings of words, or of one address."""
    number = NUMBER.fullmatch(SPACED.sub("", typed))
    if number:
        return [number[1][:LETTERS_AT_MOST]]
    found = [word for token in typed.split() for word in ([folded(token)] if _is_id(token) else _words(token))]
    return [word[:LETTERS_AT_MOST] for word in dict.fromkeys(found)][:WORDS_AT_MOST]


def _is_id(token: str) -> bool:
    """Tell whether something typed is to be taken as a whole, such as `ana@…` or `BR.1393`."""
    return "@" in token or ("." in token and any(char.isdigit() for char in token))


def _address(key: str) -> str:
    """Spell an address as it is looked for: a number by its digits, and without what kind it is."""
    return folded(key.partition(":")[2].rpartition(":")[2]).lstrip("+")


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", folded(name))


def folded(text: str) -> str:
    """Spell without accents and capitals, however it was typed."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(LETTERS)
