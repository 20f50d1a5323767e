"""The door Slack knocks at: a team member's words go on record with the address they are for."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from chalicelib import logs
from chalicelib.errors import Lost
from chalicelib.model import DAY, Conversation, Item, Kept, Kind, Ref, Route, Side, State, new_id
from chalicelib.queues import Bell
from chalicelib.richtext import with_glyphs
from chalicelib.services import World
from chalicelib.settling import CLAIM_LIFE
from chalicelib.slack import events
from chalicelib.slack.events import Challenge, Nothing, Removed, Retyped, Typed
from chalicelib.store import Insert
from chalicelib.web import Request, Response

FRESH_EDIT = 5 * 60_000
"""An edit this soon after typing, of a reply we lack, is the reply: Slack delivers out of order."""


def reply(world: World, request: Request) -> Response:
    """Take in one Slack event; raises Stranger if it is not Slack's."""
    events.verify(request, world.slack_secrets(), world.now() / 1000)
    event = events.read_event(request)
    match event:
        case Challenge(text):
            return Response(200, text)
        case Typed():
            _typed(world, event)
        case Retyped(typed):
            _retyped(world, typed)
        case Removed():
            _removed(world, event)
        case Nothing(why):
            logs.note("slack.nothing", why=why)
    return Response()


def take_over(world: World, thread: str) -> None:
    """Record what was said in a thread before it was known to be ours. Repeats are free."""
    for kept in world.store.kept(thread):
        typed = Typed(**json.loads(kept.event))
        ref = _thread(world, typed)
        if ref is not None:
            _record(world, typed, ref)
            world.store.change(kept, lambda now: replace(now, due=None))


def _thread(world: World, typed: Typed) -> Ref | None:
    ref = world.store.find(Ref, "slack", typed.team, f"{typed.channel}:{typed.thread_ts}")
    return ref if ref is not None and ref.conversation else None


def _typed(world: World, typed: Typed) -> None:
    ref = _thread(world, typed)
    if ref is None and world.settings().desk_in(typed.channel) is not None:
        _keep(world, typed)
        # The thread may have become ours while this was written down.
        ref = _thread(world, typed)
    if ref is not None:
        _record(world, typed, ref)


def _keep(world: World, typed: Typed) -> None:
    now = world.now()
    kept = Kept(
        f"{typed.channel}:{typed.thread_ts}",
        typed.ts,
        json.dumps(asdict(typed)),
        due=now + CLAIM_LIFE,
        expires=now + DAY,
    )
    try:
        world.store.write(Insert(kept))
    except Lost:
        logs.note("reply.repeated")


def _record(world: World, typed: Typed, ref: Ref) -> None:
    home = world.store.find(Conversation, ref.conversation)
    if home is None:
        return
    item = _item(world, typed, home)
    own = Ref("slack", typed.team, f"{typed.channel}:{typed.ts}", conversation=home.id, item=item.id)
    try:
        world.store.write(Insert(own), Insert(item))
    except Lost:
        logs.note("reply.repeated", conversation=home.id)
        return
    logs.note("reply.recorded", conversation=home.id, item=item.id, kind=item.kind)
    if item.outbound:
        world.queues.ring(Side.CUSTOMER, [Bell(home.id, home.id)])


def _item(world: World, typed: Typed, home: Conversation) -> Item:
    now = world.now()
    ulid = new_id(now)
    at = int(float(typed.ts) * 1000)
    note = _is_note(world, typed, home)
    return Item(
        home.id,
        ulid,
        Kind.NOTE if note else Kind.REPLY,
        at,
        # Slack's ts is the order in which the team typed, whatever order its events come in.
        f"{typed.ts:0>20}#{ulid}",
        text=_words(typed),
        author=typed.user,
        route=None if note else _route(world, home, typed.ts),
        their_id=typed.ts,
        asked_at=now,
        due=None if note else now + CLAIM_LIFE,
    )


def _words(typed: Typed) -> str:
    """Keep what was typed in Slack's form until it goes out: only then are people's names looked up."""
    files = "\n".join(f"[file: {name}]" for name in typed.files)
    return "\n".join(filter(None, (with_glyphs(typed.text, typed.blocks), files)))


def _is_note(world: World, typed: Typed, home: Conversation) -> bool:
    desk = world.settings().desks.get(home.desk)
    return desk is not None and typed.text.lstrip().startswith(desk.note_mark)


def _route(world: World, home: Conversation, ts: str) -> Route | None:
    """Find the address of the last customer's post above a reply."""
    if ts > home.route_ts:
        return home.route
    above = [item for item in world.store.items(home.id) if item.kind is Kind.MESSAGE and "" < item.slack_ts < ts]
    return max(above, key=lambda item: item.slack_ts).route if above else home.route


def _retyped(world: World, typed: Typed) -> None:
    """Let an edit take effect while the reply is still here; after that, say that it changed nothing outside."""
    ref = world.store.find(Ref, "slack", typed.team, f"{typed.channel}:{typed.ts}")
    if ref is None:
        if world.now() - int(float(typed.ts) * 1000) < FRESH_EDIT:
            _typed(world, typed)
        return
    item = world.store.find(Item, ref.conversation, ref.item) if ref.item else None
    home = world.store.find(Conversation, ref.conversation)
    if item is None or home is None or not item.outbound:
        return
    words, note = _words(typed), _is_note(world, typed, home)

    def step(now: Item) -> Item | None:
        if not _still_here(now):
            return None
        return replace(
            now, text=words, state=State.WITHDRAWN if note else now.state, due=None if note else now.due
        )

    after = world.store.change(item, step)
    if after is not None and not _still_here(after) and after.state is not State.WITHDRAWN:
        _say_once(world, home, f"{typed.channel}:{typed.ts}:edited", world.settings().texts.edited_late)


def _removed(world: World, removed: Removed) -> None:
    """Let a deletion take effect while the reply is still here; one that comes first leaves a tombstone."""
    thread = f"{removed.channel}:{removed.ts}"
    ref = world.store.find(Ref, "slack", removed.team, thread)
    if ref is None:
        if world.settings().desk_in(removed.channel) is not None:
            tombstone = Ref("slack", removed.team, thread, kept="deleted", expires=world.now() + DAY)
            try:
                world.store.write(Insert(tombstone))
            except Lost:
                _removed(world, removed)
        return
    item = world.store.find(Item, ref.conversation, ref.item) if ref.item else None
    home = world.store.find(Conversation, ref.conversation) if ref.conversation else None
    if item is None or home is None or not item.outbound:
        return
    after = world.store.change(
        item, lambda now: replace(now, state=State.WITHDRAWN, due=None) if _still_here(now) else None
    )
    if after is not None and after.state is not State.WITHDRAWN:
        _say_once(world, home, f"{thread}:deleted", world.settings().texts.deleted_late)


def _still_here(item: Item) -> bool:
    """Tell whether nothing of a reply has been claimed yet."""
    return item.state is State.RECORDED and item.claim is None and not any(part.tries for part in item.parts)


def _say_once(world: World, home: Conversation, what: str, sentence: str) -> None:
    """Put a line of ours into the thread, once for each thing there is to say."""
    now = world.now()
    ulid = new_id(now)
    line = Item(
        home.id,
        ulid,
        Kind.LINE,
        now,
        f"{now:015d}#{0:012d}#{ulid}",
        text=sentence.format(name=home.name),
        due=now + CLAIM_LIFE,
    )
    ref = Ref("slack", "said", what, conversation=home.id, item=ulid)
    try:
        world.store.write(Insert(ref), Insert(line))
    except Lost:
        return
    world.queues.ring(Side.SLACK, [Bell(home.id, home.slack_channel)])
