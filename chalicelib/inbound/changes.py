"""What customers did to what they had written is put into the record of that: what stands there is drawn anew.

Only `deliver` does so, when it reads what it owes. What was not posted yet is posted as it is by now; of what was,
the thread is told in a line, since a change far above is not noticed otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.inbound.copies import carried
from chalicelib.inbound.entries import to_fetch
from chalicelib.inbound.late import late_files
from chalicelib.inbound.places import place
from chalicelib.inbound.turn import Turn
from chalicelib.model import WORDS, Carriage, Item, Kind, Ref, Side, State, born, place_of, stepped
from chalicelib.queues import Bell
from chalicelib.richtext import found, plain
from chalicelib.richtext.emoji import name_of
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack.blocks import MARKS
from chalicelib.slack.words import clean
from chalicelib.store import Insert, Put, Replace

AT_ONCE = 20
"""Changes that are taken in before anything is posted; the others have another turn."""
WITH_IT = 80
"""Posts that are drawn anew with one that is redacted: as many as one write takes."""
FACES = 200
"""People of whom it is remembered how they reacted to one message."""
SHORT = 300
"""Characters of earlier words that fit into the mark on a post."""
ONE_LINE_FOR = 10 * 60_000
"""Ms for which further changes of a message are told in the line that tells of the first."""
LONGEST_LINE = 12_000
NOTICED = 10 * 60_000
"""Ms for which a message that is taken back is still in everybody's view."""

Step = Callable[[Turn, Item, Item], Sequence[Item | Insert | Put] | None]
"""From a change and what it is about to both after it, and what is new; None while it is too early."""


def take_in(turn: Turn, posts: Sequence[Item]) -> bool:
    """Take in what is owed of changes; True if what is owed is another by that."""
    done = False
    new = [item for item in posts if item.kind in _STEPS and item.claim is None and not item.applied]
    for item in new[:AT_ONCE]:
        about = turn.world.store.find(Item, item.conversation, item.of) if item.of else None
        after: list[Item | Insert | Put] = [replace(item, applied=True)]
        if about is not None and about.muted:
            after = [_over(turn, item, "it is about what nobody sees")]
        elif about is not None and not about.parked:
            stepped_on = _STEPS[item.kind](turn, item, about)
            if stepped_on is None:
                continue
            after = list(stepped_on)
        try:
            turn.world.store.write(*(Replace(each) if isinstance(each, Item) else each for each in after))
        except Lost:
            turn.ring()
            continue
        if any(isinstance(each, Insert) for each in after):
            turn.world.queues.ring(Side.MEDIA, [Bell(item.conversation, item.conversation)])
        logs.note("change.taken", what=item.kind, conversation=item.conversation, item=item.id, about=item.of)
        done = True
    return done


def told_apart(turn: Turn, item: Item) -> list[Item]:
    """Find all that stands in one post with an item, in the order in which it stands there."""
    if item.kind is not Kind.MESSAGE:
        return [item]
    channel = place(turn.home, item.slack_ts).slack_channel
    ref = turn.world.store.find(Ref, "slack", turn.team, f"{channel}:{item.slack_ts}")
    leader = turn.world.store.find(Item, ref.conversation, ref.item) if ref is not None and ref.item else None
    if leader is None or leader.slack_ts != item.slack_ts:
        return [item]
    return sorted(carried(turn.world, leader), key=lambda each: each.order)


def _over(turn: Turn, item: Item, why: str) -> Item:
    """Settle a change of which nothing more is to be told."""
    after = replace(item, applied=True, state=State.POSTED, due=None)
    return stepped(after, "taken in", turn.world.now(), why)


def _stale(turn: Turn, item: Item) -> Item:
    return replace(item, stale=True, due=turn.world.now() + CLAIM_LIFE)


def _edited(turn: Turn, item: Item, about: Item) -> Sequence[Item | Insert | Put] | None:
    if about.redacted:
        return [_over(turn, _bare(item), "it was taken back before")]
    if item.order <= about.changed or about.deleted_at:
        return [_over(turn, item, "an older form")]
    same_words = (item.text, item.rich) == (about.text, about.rich)
    if _is_another_file(item, about, same_words=same_words):
        return _with_another_file(turn, item, about) if about.claim is None else None
    if same_words:
        return [_over(turn, item, "nothing has changed")]
    if about.claim is not None:
        return None
    before = plain.write(found(about.rich)) or about.text
    new = replace(about, text=item.text, rich=item.rich, changed=item.order, changed_at=item.at)
    if about.state is not State.POSTED:
        was = (*about.was, before)
        short = sum(map(len, was)) <= SHORT or item.quiet
        return [replace(new, was=was), _over(turn, item, "before it was posted")] if short else None
    new = _stale(turn, new)
    if item.quiet:
        return [new, _over(turn, item, "it goes on by itself")]
    line = _line(turn, about)
    if line is None or len(before) + sum(map(len, line.was)) > LONGEST_LINE:
        return [replace(new, told_in=item.id), replace(item, applied=True, was=(before,))]
    longer = replace(line, was=(*line.was, before))
    longer = _stale(turn, longer) if line.state is State.POSTED else longer
    return [new, longer, _over(turn, item, "in the line about the first change")]


def _is_another_file(item: Item, about: Item, *, same_words: bool) -> bool:
    """Tell whether a file took the place of another; of the same one a provider may give another handle later."""
    ours = [each for each in about.stand or about.attachments if each.reference != WORDS]
    if [each.kind for each in item.attachments] != [each.kind for each in ours]:
        return True
    if all(each.lasting for each in (*item.attachments, *ours)):
        return [each.lasting for each in item.attachments] != [each.lasting for each in ours]
    handles = [{each.reference for each in files} for files in (item.attachments, ours)]
    return same_words and handles[0] != handles[1]


def _with_another_file(turn: Turn, item: Item, about: Item) -> list[Item | Insert | Put]:
    """Have the file brought that stands in a message now, for a post of its own; a line names it meanwhile."""
    files = [each for each in to_fetch(item.attachments) if each.carriage is Carriage.WAITING]
    late = late_files(about, files, turn.team, turn.world.now(), instead=True) if files else []
    return [replace(about, stand=item.attachments), replace(item, applied=True), *late]


def _line(turn: Turn, about: Item) -> Item | None:
    """Find the line that tells of the last change, if this one may be told in it."""
    line = turn.world.store.find(Item, about.conversation, about.told_in) if about.told_in else None
    if line is None or line.claim is not None or line.parked:
        return None
    return line if turn.world.now() - born(line.id) < ONE_LINE_FOR else None


def _deleted(turn: Turn, item: Item, about: Item) -> list[Item] | None:
    if about.deleted_at:
        return [_over(turn, item, "it was taken back before")]
    if about.claim is not None:
        return None
    also: list[Item] = []
    new = replace(about, deleted_at=item.at)
    if about.route is not None and turn.world.capabilities(about.route).redacts:
        later = _later(turn, about)
        if any(each.claim is not None for each in later):
            return None
        new, also = _redacted(turn, new), [_redacted_with_it(turn, each) for each in later]
    if about.state is not State.POSTED:
        # Its files may be in Slack and in the bucket already: they go when it is drawn.
        new = replace(new, stale=bool(new.discards or new.erases))
        return [new, *also, _over(turn, item, "before it was posted")]
    unseen = turn.world.now() - born(about.id) > NOTICED or _is_answered(turn, about)
    told = replace(item, applied=True) if unseen else _over(turn, item, "in everybody's view")
    return [_stale(turn, new), *also, told]


def _is_answered(turn: Turn, about: Item) -> bool:
    """Tell whether the team has written below a post: it may have been about that."""
    since = born(about.id)
    recent = takewhile(lambda each: born(each.id) >= since, turn.world.store.items(about.conversation))
    return any(each.kind in (Kind.REPLY, Kind.NOTE) and each.their_id > about.slack_ts for each in recent)


def _redacted(turn: Turn, about: Item) -> Item:
    """Leave nothing of a message but that there was one; its files are deleted in Slack, too."""
    name = clean(about.author) or turn.home.name
    text = turn.world.settings().texts.taken_back.format(name=name)
    files = about.attachments
    words = replace(about, text=text, rich="", attachments=(), was=(), changed_at=0, redacted=True, stand=())
    return replace(
        words,
        discards=tuple(each.slack_id for each in files if each.slack_id),
        erases=tuple(
            each.key or place_of(about, number)
            for number, each in enumerate(files)
            if each.key or each.carriage is Carriage.WAITING
        ),
    )


def _later(turn: Turn, about: Item) -> list[Item]:
    """Find what came later and shows words or files of a message: its changes, answers, and late files."""
    since = born(about.id)
    later = takewhile(lambda each: born(each.id) > since, turn.world.store.items(about.conversation))
    return list(islice((each for each in later if _shows(each, about)), WITH_IT))


def _shows(item: Item, about: Item) -> bool:
    if item.kind is Kind.MESSAGE:
        return item.reply_to == f"{about.conversation}.{about.id}"
    told = item.kind in (Kind.EDIT, Kind.LATE_FILE) or (item.kind is Kind.REACTION and not item.notice_ts)
    return told and item.of == about.id


def _redacted_with_it(turn: Turn, item: Item) -> Item:
    """Take a message's words and files out of what tells of it, and out of their record."""
    bare = _redacted(turn, item) if item.kind is Kind.LATE_FILE else _bare(item)
    if item.kind is Kind.LATE_FILE and not item.slack_ts:
        return _stale(turn, _over(turn, bare, "taken back"))  # nothing stands there: only its files go
    return _stale(turn, bare) if item.slack_ts else bare


def _bare(item: Item) -> Item:
    """Leave out what is said of a message by what tells of it, or answers it."""
    if item.kind is Kind.EDIT:
        return replace(item, text="", rich="", attachments=(), was=("…",) if item.was else ())
    return replace(item, quoted="")


def _reacted(turn: Turn, item: Item, about: Item) -> list[Item] | None:
    """Choose whether a reaction can be one of ours on the post; if not, a line tells of it."""
    ts = about.their_id if about.outbound else about.slack_ts
    if about.kind is Kind.MESSAGE and about.state is not State.POSTED:
        return None
    name, (order, old) = name_of(item.text), _face(about.faces.get(item.author, ""))
    if item.order <= order:
        return [_over(turn, item, "an older reaction")]
    alone = about.outbound or len(told_apart(turn, about)) == 1
    if not ts or not alone or not (name or old) or (name and name in MARKS.values()):
        return [_faced(about, item, old), replace(item, applied=True)]
    others = {_face(face)[1] for who, face in about.faces.items() if who != item.author}
    kept = {*others, name, *MARKS.values()}
    shown = replace(item, applied=True, notice_ts=ts, was=("" if old in kept else old, name))
    return [_faced(about, item, name), shown]


def _face(face: str) -> tuple[str, str]:
    """Read when somebody reacted last, and which of it stands at the post."""
    order, _, name = face.partition(" ")
    return order, name


def _faced(about: Item, item: Item, name: str) -> Item:
    """Remember how somebody reacts, also that they do not any more: an older reaction may yet come."""
    faces = {**about.faces, item.author: f"{item.order} {name}"}
    return replace(about, faces=dict(sorted(faces.items(), key=lambda each: each[1])[-FACES:]))


_STEPS: dict[Kind, Step] = {Kind.EDIT: _edited, Kind.DELETION: _deleted, Kind.REACTION: _reacted}
