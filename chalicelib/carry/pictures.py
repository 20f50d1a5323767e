"""What a customer looks like: asked for once, where their provider shows it, and kept for good."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import replace

from chalicelib import logs
from chalicelib.carry.download import Got, download, looked_at
from chalicelib.carry.hindrances import concerns_all, shut_for_all
from chalicelib.channels import PICTURES
from chalicelib.contacts import person
from chalicelib.errors import NotHere, OperatorError
from chalicelib.gates import gate_of_files, shut
from chalicelib.inbound.entries import bell_of
from chalicelib.model import (
    Attachment,
    Busy,
    Contact,
    Conversation,
    Gate,
    Item,
    Link,
    Ours,
    Outcome,
    Reason,
    Refused,
    Route,
    Side,
    Source,
)
from chalicelib.services import World
from chalicelib.store import Insert

MOST = 1 << 20
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


def picture(world: World, about: str) -> None:
    """Bring the picture of whoever wrote an item; where there is none, their channel's badge stands for them."""
    conversation, _, name = about.partition(".")
    item, home = world.store.find_all((Item, (conversation, name)), (Conversation, (conversation,)))
    who = person(world.store, home.contact) if home is not None else None
    if item is None or item.route is None or home is None or who is None or item.route.channel not in PICTURES:
        return
    with logs.about(conversation=home.id, item=item.id):
        if not who.picture:
            who = _brought(world, who, item.route)
        if who.picture and home.picture != who.picture:
            token = who.picture
            after = world.store.change(home, lambda now: replace(now, picture=token, drawn=""))
            world.queues.ring(Side.SLACK, [bell_of(after or home)])


def _brought(world: World, who: Contact, route: Route) -> Contact:
    """Fetch somebody's picture and keep it; nothing is said of one that is not to be had, and nothing waits."""
    gate = gate_of_files(route.line)
    if shut(world.store.find(Gate, *gate), world.now()):
        return who
    with tempfile.TemporaryFile() as file:
        source = _found(world, route)
        got = download(world, source, MOST, file) if isinstance(source, Source) else source
        mime = looked_at(file, "", "") if isinstance(got, Got) else ""
        if isinstance(got, Got) and mime not in SHOWN:
            got = Refused(Reason.FILE_REFUSED, f"it is {mime}")
        if not isinstance(got, Got):
            _missed(world, gate, got)
            return who
        key = f"pictures/{who.id}"
        file.seek(0)
        world.bucket.put(key, file)
    logs.note("picture.kept", mime=mime, bytes=got.size)
    link = Link(secrets.token_urlsafe(16), key, "picture", mime, shown=True)
    return _kept(world, who, link)


def _found(world: World, route: Route) -> Source | Outcome | None:
    try:
        module, account = world.line(route.channel, route.account)
    except (NotHere, OperatorError) as error:
        return Ours(str(error))
    found = PICTURES[route.channel](account, route, world.http)
    return module.locate(found, account, world.http) if isinstance(found, Attachment) else found


def _missed(world: World, gate: tuple[str, str], why: Outcome | None) -> None:
    """Leave it at that until their next conversation; where they ask for time, files wait as well."""
    if why is not None:
        logs.note(
            "picture.missed", outcome=type(why).__name__, why=getattr(why, "why", getattr(why, "detail", ""))
        )
    if isinstance(why, Busy) and concerns_all(why):
        shut_for_all(world, gate, why)


def _kept(world: World, who: Contact, link: Link) -> Contact:
    """Name a picture on the contact, unless somebody else was first."""

    def step(now: Contact) -> Contact | None:
        return None if now.picture else replace(now, picture=link.token)

    return world.store.change(who, step, Insert(link)) or who
