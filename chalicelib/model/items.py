"""What happened in a conversation, and what of it is still owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.model.claims import Claim, Offer
from chalicelib.model.clock import believed, born
from chalicelib.model.files import Attachment, Carriage
from chalicelib.model.lives import Part, State
from chalicelib.model.steps import Step, onward
from chalicelib.model.templates import Template
from chalicelib.model.who import Route


class Kind(StrEnum):
    """What an item of a conversation is."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETION = "deletion"
    REACTION = "reaction"
    LATE_FILE = "late file"
    """Files that did not come with their message, which is `of`: they have a post of their own."""
    LINE = "line"
    """Threadline's own words in the thread; with an author, what that person did."""
    REPLY = "reply"
    NOTE = "note"
    CORRECTION = "correction"
    """The team changed a reply that had gone; `of` it is, and these are its words now."""
    RECALL = "recall"
    """The team deleted a reply that had gone."""
    NOD = "nod"
    """The team reacted to a customer's message, or took a reaction back: `text` is Slack's name for it."""
    SAID = "said"
    """Words for the customer that were not typed in the thread: a saved reply, a template, the first word of a
    conversation. They are posted like everything there, and are a reply from then on."""
    TURN = "turn"
    """The team chose another way back: replies below it go out by `route`."""
    COPY = "copy"
    """A second copy of a post of ours, to be taken out of Slack: `of` it is, at `their_id` it stands."""


ALTERS = frozenset({Kind.CORRECTION, Kind.RECALL, Kind.NOD})
"""What the customer is owed beside replies: each alters something that they have, and may be done twice."""

LEADS = frozenset({Kind.MESSAGE, Kind.TURN})
"""By whichever of these stands last above it a reply goes out."""


class Side(StrEnum):
    """To whom something is owed; the first word of the `undone` key."""

    SLACK = "in"
    CUSTOMER = "out"
    MEDIA = "media"
    """To nobody any more, but a file of it is still being carried."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened in a conversation."""

    conversation: str
    id: str
    kind: Kind
    at: int
    order: str
    text: str = ""
    rich: str = ""
    """The text with its looks, as richtext writes it down; empty where `text` says it all."""
    author: str = ""
    route: Route | None = None
    attachments: tuple[Attachment, ...] = ()
    their_id: str = ""
    reply_to: str = ""
    """The conversation and the item of the message it answers, where the customer, or the team, said which."""
    album: str = ""
    edited: str = ""
    """Slack's time of the edit a reply's text is of; earlier edits, and repeats of this one, change nothing."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """Which form of a reply follows which, by their edits (`?` if nobody says), while one of them is unheard."""
    of: str = ""
    was: tuple[str, ...] = ()
    """How it read before: a message that was changed before it was posted, or what a line of ours tells of one."""
    changed: str = ""
    """The place in the order of things of the last change that is in its words."""
    changed_at: int = 0
    deleted_at: int = 0
    """When its customer changed it, or took it back."""
    stand: tuple[Attachment, ...] = ()
    """The files that its customer put in the place of those it came with."""
    instead: bool = False
    """Files that are the ones in their message by now, and not those it came with."""
    told_in: str = ""
    """The item in whose line the thread was last told that it was changed."""
    late: bool = False
    """It was posted after something that was written later."""
    reopened: str | None = None
    """What its post said, and whom it called, because it stirred a thread that was at rest."""
    applied: bool = False
    """What a change does is in the record of what it changes."""
    quiet: bool = False
    """A change that goes on by itself: nobody is told of it."""
    redacted: bool = False
    """Its customer took it back, and its words here are ours."""
    discards: tuple[str, ...] = ()
    """Slack's ids of files that are to be deleted there, since their message was."""
    erases: tuple[str, ...] = ()
    """Under which keys their bytes may lie in our bucket: they go as well."""
    quoted: str = ""
    """What a message quotes of the one it answers, where its provider sends that along."""
    stale: bool = False
    """Its post shows something that is no longer so."""
    calls: tuple[str, ...] = ()
    """Whom a line of ours mentions: people and groups of Slack, by their ids."""
    aloud: bool = False
    """A line of ours that the whole Slack channel is to see."""
    offers: tuple[Offer, ...] = ()
    template: Template | None = None
    """The template that words for the customer are, where free text may not go out."""
    bound: bool = False
    """Its way was chosen with it, and is not that of the customer's last post above."""
    spoken: str = ""
    """The name of the post of ours in which a reply stands that nobody typed in the thread."""
    muted: bool = False
    """It came from somebody the team has blocked: on record, and nowhere else."""
    moves_to: str = ""
    """The desk to which a conversation moves when this line stands in its thread."""
    faces: Mapping[str, str] = field(default_factory=dict)
    """How its readers on the customer's side reacted: the name of each; when, in the order of things, and Slack's
    name of the emoji that stands there by now, if any."""
    nods: tuple[str, ...] = ()
    nodded: str = ""
    """What the team did with which emoji, as `<Slack's ts> U0BOB wave on`; and what of that the customer sees."""
    signature: str = ""
    """The words with which a reply begins on the customer's phone, and nowhere else: who says it."""
    answers: str = ""
    """The provider's id of the message that a reply answers, where the medium shows that."""
    noted: bool = False
    """A form of this reply was a note, after it had gone: no later form goes out."""
    slack_ts: str = ""
    thread: str = ""
    """Where it stands, as `<channel>:<thread's ts>`, if its conversation had left that thread by then."""
    post: str = ""
    """The name of the post in which it stands, or stood at last; that of a reply is its verdict's."""
    state: State = State.RECORDED
    parts: tuple[Part, ...] = ()
    claim: Claim | None = None
    shown: State | None = None
    notice_ts: str = ""
    doubt: int = 0
    """Until when a drawing of its verdict that was lost may yet take the place of a newer one; 0 if none."""
    asked_at: int = 0
    """When a person last wanted this reply sent: on typing it, or on *Send again*."""
    awaits: bool = False
    """Its provider reports deliveries, so its mark can wait a minute for a better state than *sent*."""
    parked: str = ""
    steps: tuple[Step, ...] = ()
    """What has happened to it since it was recorded; its id says when that was."""
    due: int | None = None
    version: int = 0

    @property
    def outbound(self) -> bool:
        return self.kind is Kind.REPLY

    @property
    def message_id(self) -> str:
        """The provider's id of a customer's message; one that could not be read has `?` behind it on record."""
        return self.their_id.removesuffix("?")


def stepped(item: Item, what: str, at: int, detail: str = "") -> Item:
    """Note on an item what has just happened to it; only where it is written anyway."""
    return replace(item, steps=onward(item.steps, what, at, detail))


def parked_at(item: Item) -> int:
    """Tell when an item was given up, the last time."""
    return next((step.at for step in reversed(item.steps) if step.what == "parked"), born(item.id))


def owed(item: Item) -> Side | None:
    """Tell to whom an item still owes something; the sparse index is derived from this and nothing else."""
    if item.parked or item.muted or item.kind is Kind.NOTE:
        return None
    if item.state in (State.RECORDED, State.SENDING) or (item.kind in ALTERS and item.doubt):
        return Side.CUSTOMER if item.outbound or item.kind in ALTERS else Side.SLACK
    if item.stale or (item.state is State.POSTED and item.doubt):
        return Side.SLACK
    if item.state is State.POSTED and is_carried(item):
        return Side.MEDIA
    if item.outbound and (unshown(item) or item.doubt):
        return Side.SLACK
    return None


def place_of(item: Item, number: int) -> str:
    """Tell under which key a file of an item lies in our bucket."""
    return f"files/{item.conversation}/{item.id}/{number}"


def is_carried(item: Item) -> bool:
    """Tell whether a file of an item is still on its way."""
    return any(each.carriage is Carriage.WAITING for each in item.attachments)


def unshown(item: Item) -> bool:
    """Tell whether the thread, or its card, lacks something about a reply: its mark, or what has come of it."""
    if item.state in (State.FAILED, State.UNKNOWN):
        return item.shown is not item.state
    if item.state is State.WITHDRAWN:  # a verdict that stands, or is under way, offers what is over
        return item.shown is not item.state and (item.notice_ts != "" or item.claim is not None)
    if item.state is State.SENT and item.awaits:
        return False
    return item.shown is not item.state


def order_key(at: int, arrived: int, sequence: int, ulid: str) -> str:
    """Make the key by which a thread reads: the provider's clock within reason, its sequence, our id."""
    return f"{believed(at, arrived):015d}#{sequence:012d}#{ulid}"


def written(order: str) -> int:
    """Read from such a key when something was written."""
    return int(order.partition("#")[0])
