"""The files.* methods.

https://docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

from typing import Any

from infra.local.blobs import BIGGEST
from infra.local.slack.cabinet import File, Step
from infra.local.slack.calls import Args, Refused
from infra.local.slack.channel import Channel
from infra.local.slack.chat import threading
from infra.local.slack.content import read_author, read_body
from infra.local.slack.lookup import open_channel
from infra.local.slack.team import BOT_USER_ID
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]

MOST_FILES, LONGEST_NAME = 10, 1000
UPLOADS = "/upload/v1/"


def get_upload_url(workspace: Workspace, args: Args) -> Json:
    name, length = args.word("filename"), args.word("length")
    if not name or not length or length == "0":
        raise Refused("missing_argument")
    if not (length.isascii() and length.isdigit()) or len(name) > LONGEST_NAME:
        raise Refused("invalid_arguments")
    if int(length) > BIGGEST:
        raise Refused("file_upload_size_restricted")
    file, key = workspace.cabinet.expect(BOT_USER_ID, name, int(length))
    return {"ok": True, "upload_url": f"{workspace.cabinet.home}{UPLOADS}{key}", "file_id": file.id}


def complete(workspace: Workspace, args: Args) -> Json:
    """Finish uploads, and share them if a channel is named: that the answer does not wait for."""
    files = [(_filled(workspace, one), one) for one in _listed(args)]
    message: Json = {}
    channel = None
    if args.word("channel_id"):
        channel = open_channel(workspace, Args({"channel": args.word("channel_id")}))
        message = _message(workspace, channel, args)
    for file, given in files:
        file.step = Step.COMPLETE
        file.about["title"] = str(given.get("title") or file.about["name"])
    if channel is not None:
        workspace.publish(channel, message, [file.id for file, _ in files])
    told = [{"id": file.id, "title": file.about["title"]} for file, _ in files]
    return {"ok": True, "files": told}


def _listed(args: Args) -> list[Json]:
    given = args.structure("files", "invalid_arguments")
    if not given:
        raise Refused("missing_argument")
    if not isinstance(given, list) or len(given) > MOST_FILES:
        raise Refused("invalid_arguments")
    if not all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in given):
        raise Refused("invalid_arguments")
    if len({one["id"] for one in given}) < len(given):
        raise Refused("invalid_arguments")
    return given


def _filled(workspace: Workspace, given: Json) -> File:
    """Find an upload whose bytes have come, and which nobody has completed yet: that goes only once."""
    file = workspace.cabinet.files.get(given["id"])
    if file is None or file.step is not Step.FILLED or file.deleted:
        raise Refused("file_not_found")
    return file


def _message(workspace: Workspace, channel: Channel, args: Args) -> Json:
    """Make the message: an initial comment has the blocks ignored, and a markdown block breaks something."""
    words = Args({"text": args.word("initial_comment")})
    if not words["text"]:
        words["blocks"] = args.structure("blocks", "invalid_blocks_format")
        if any(isinstance(block, dict) and block.get("type") == "markdown" for block in words["blocks"] or ()):
            raise Refused("internal_error")
    author = read_author(workspace, args)
    place = {**threading(channel, args), "subtype": "file_share", "upload": True}
    return {**author, **read_body(workspace, words), **place}


def info(workspace: Workspace, args: Args) -> Json:
    file = _existing(workspace, args)
    if file.spoilt == "access_denied":
        raise Refused("access_denied")
    return {"ok": True, "file": file.told(), "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(workspace: Workspace, args: Args) -> Json:
    file = _existing(workspace, args)
    if file.about["user"] != BOT_USER_ID:
        raise Refused("cant_delete_file")
    workspace.discard(file)
    return {"ok": True}


def _existing(workspace: Workspace, args: Args) -> File:
    file = workspace.cabinet.files.get(args.word("file"))
    if file is None or file.step is not Step.COMPLETE:
        raise Refused("file_not_found")
    if file.deleted or file.spoilt == "tombstone":
        raise Refused("file_deleted")
    return file
