"""What a person typed in Slack: the words, how they look, and what the files are called."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.model import Attachment
from chalicelib.reading import Payload, text
from chalicelib.richtext import Rich, Run, changed, escape, found, glyphs, kept, mrkdwn, plain, slack, words
from chalicelib.slack.dropped import dropped
from chalicelib.slack.forwarded import forwarded
from chalicelib.slack.words import is_visible


class Said(NamedTuple):
    """A message's text in Slack's markup, with its emoji as characters; its files; and the text with its looks."""

    text: str
    files: tuple[Attachment, ...]
    rich: str

    @property
    def form(self) -> tuple[object, ...]:
        """Tell what a person can change about it: what Slack finds out about a file later is none of that."""
        return self.text, tuple((file.reference, file.carriage) for file in self.files), self.rich


def said(message: Payload) -> Said:
    """Read the words: from the blocks, which say exactly what is meant, if there are any."""
    markup = text(message.get("text"))
    rich = with_names(slack.read(message.get("blocks")), markup)
    if not is_visible(words(rich)):  # the blocks say nothing that we understand
        rich = mrkdwn.read(markup)
    shown, below = glyphs(markup), forwarded(message)
    if below:
        rich += below
        shown = "\n".join(filter(None, (shown, escape(plain.write(below)))))
    return Said(shown, dropped(message), kept(rich, shown, mrkdwn.read))


def spelled(message: Payload) -> tuple[str, ...]:
    """Tell in which ways a message's text can be spelled: in any of them it may be a note."""
    told = said(message)
    return told.text, text(message.get("text")), *((words(found(told.rich)),) if told.rich else ())


def with_names(rich: Rich, markup: str) -> Rich:
    """Put in the names that the markup beside the blocks has and they have not."""
    names = mrkdwn.names(markup)

    def name(run: Run) -> list[Run]:
        known = names.get(run.mention, "") if run.mention else ""
        return [run._replace(text=known, mention="")] if known else [run]

    return changed(rich, name) if names else rich
