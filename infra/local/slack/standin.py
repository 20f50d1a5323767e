"""A whole little Slack on 127.0.0.1: Web API, events, buttons, and the strings to pull."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urljoin

from infra.local.copies import copied
from infra.local.journal import Journal
from infra.local.outside import Outside
from infra.local.server import Answer, Call, answer_json
from infra.local.slack import control, events, people
from infra.local.slack.api import Api
from infra.local.slack.buttons import Buttons
from infra.local.slack.channel import Channel
from infra.local.slack.courier import Courier, Pace
from infra.local.slack.crowd import Crowd, kind_of
from infra.local.slack.depot import BIGGEST_UPLOAD, Depot
from infra.local.slack.forms import Forms
from infra.local.slack.hands import Hands
from infra.local.slack.hooks import Hooks
from infra.local.slack.knock import Knocker
from infra.local.slack.rooms import Rooms
from infra.local.slack.shelf import Shelf
from infra.local.slack.troubles import Troubles
from infra.local.slack.wire import Post, Signer, challenge, post
from infra.local.slack.workspace import Workspace

Json = dict[str, Any]


class SlackStandIn:
    """Serves one workspace with one installed app; the methods are what people and fate do to it."""

    def __init__(  # noqa: PLR0913 - what an app's settings page asks for, and a test's clock
        self,
        events_url: str,
        interactions_url: str,
        signing_secret: str,
        bot_token: str,
        port: int = 0,
        *,
        now: Callable[[], float] = time.time,
        background: bool = True,
        rate_limits: bool = True,
        commands_url: str = "",
        retries: Sequence[float] = (0.2, 2.0, 5.0),
        timeout: float = 3.0,
        outside: Outside = Outside(),  # noqa: B008 - it has no state of its own
        post: Post = post,
        carry: type[Courier] = Courier,
    ) -> None:
        lock, signer = threading.RLock(), Signer(signing_secret, now)
        self._lock, self._signer, self._events_url = lock, signer, events_url
        self._journal = journal = Journal()
        self._troubles = Troubles(journal, lock)
        pace = Pace(retries, timeout, background, post)
        self._courier = carry(events_url, signer, lock, pace, journal, self._troubles.tell)
        self._numbers = itertools.count(1)
        self._workspace = Workspace(now, self._emit, journal)
        self._crowd = Crowd(self._workspace)
        self._api = Api(self._workspace, bot_token, lock, journal, self._troubles.tell)
        self.rate_limits = rate_limits
        self._hooks = Hooks(self._workspace)
        urls = interactions_url, commands_url or urljoin(interactions_url, "commands")
        self._knocker = Knocker(self._workspace, signer, urls, lock, post)
        self._lend_hands()
        self._troubles.watch(self._api.faults, self._courier, self._workspace)
        self.files = Shelf(self._workspace, self._crowd, lock, outside, self._troubles.tell)
        self._depot = Depot(self._workspace, bot_token, lock, journal, self._api.faults)
        self._server = outside.listen(self._handle, port, BIGGEST_UPLOAD)
        self.url = self._workspace.cabinet.home = self._hooks.base = self._server.url

    def _lend_hands(self) -> None:
        """Offer what people do with the app's buttons, modals, shortcuts and commands, and with channels."""
        lock, knocker, crowd = self._lock, self._knocker, self._crowd
        self.press = Buttons(knocker, crowd, self._hooks).press
        hands, forms = Hands(knocker, crowd, self._hooks), Forms(knocker, crowd)
        self.shortcut, self.command, self.open_home = hands.shortcut, hands.command, hands.open_home
        self.modal, self.home, self.close_modal = forms.modal, forms.home, forms.close
        self.fill, self.press_in_view, self.look = forms.fill, forms.press_in_view, forms.look
        self.submit, self.again = forms.submit, forms.again
        rooms = Rooms(self._workspace, crowd, lock)
        self.archive, self.unarchive, self.rename = rooms.archive, rooms.unarchive, rooms.rename
        self.share, self.unshare, self.move_channel = rooms.share, rooms.unshare, rooms.move_channel
        self.invite, self.kick, self.leave = rooms.invite, rooms.kick, rooms.leave
        self.delete_channel = rooms.delete_channel

    def close(self) -> None:
        self._journal.close()
        self.files.close()
        self._server.close()
        self._courier.close()

    def reset(self) -> None:
        """Begin again: the workspace as it was, nothing under way, no faults, no calls."""
        with self._lock:
            for part in (self._courier, self._workspace, self._api, self._hooks, self._knocker):
                part.reset()
            self._troubles.settle()
            self._journal.reset()

    @property
    def rate_limits(self) -> bool:
        return self._api.limited

    @rate_limits.setter
    def rate_limits(self, limited: bool) -> None:
        self._api.limited = limited

    @property
    def scopes(self) -> set[str]:
        """The granted scopes; change the set to grant or withdraw."""
        return self._workspace.scopes

    @property
    def subscribed(self) -> set[str]:
        """The events the app is told of, by the names that its manifest has for them; change the set."""
        return self._workspace.subscribed

    @property
    def calls(self) -> list[tuple[str, Json]]:
        with self._lock:
            return list(self._api.calls)

    @property
    def deliveries(self) -> list[Json]:
        """Every attempt to deliver an event: event_id, attempt, result."""
        with self._lock:
            return list(self._courier.log)

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        *,
        broadcast: bool = False,
        files: list[Json] | None = None,
        me: bool = False,
    ) -> str:
        extra = kind_of(thread_ts, files, me=me, broadcast=broadcast)
        with self._lock:
            return self._crowd.say(self._crowd.user(user), self._crowd.channel(channel), text, extra)

    def edit(self, channel: str, ts: str, text: str, user: str | None = None) -> None:
        """Edit as the author, or as `user`, who has to be the author."""
        with self._lock:
            self._crowd.edit(self._crowd.channel(channel), ts, text, user and self._crowd.user(user))

    def delete(self, channel: str, ts: str, user: str | None = None) -> None:
        """Delete whatever it is, or as `user`, who has to be the author."""
        with self._lock:
            self._crowd.delete(self._crowd.channel(channel), ts, user and self._crowd.user(user))

    def dismiss(self, user: str, channel: str, ts: str) -> None:
        """Put away what only this person sees."""
        with self._lock:
            self._crowd.dismiss(self._crowd.user(user), self._crowd.channel(channel), ts)

    def unfurl(self, channel: str, ts: str) -> None:
        """Attach a preview, as Slack does by itself: a message_changed that nobody edited."""
        with self._lock:
            self._crowd.unfurl(self._crowd.channel(channel), ts)

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """React; the same reaction again takes it back."""
        with self._lock:
            self._crowd.react(self._crowd.user(user), self._crowd.channel(channel), ts, name)

    def messages(self, channel: str) -> list[Json]:
        """Every message of a channel with its replies, oldest first."""
        with self._lock:
            return copied(list(self._crowd.channel(channel).messages.values()))

    def thread(self, channel: str, ts: str) -> list[Json]:
        with self._lock:
            return copied(self._crowd.channel(channel).thread(ts))

    def fail(self, method: str, how: Json, times: int = 1) -> None:
        """Order a misfortune for the next calls of a method, or of any with `*`."""
        with self._lock:
            self._api.faults.add(how, times, method)

    def mend(self, how: Json | None = None) -> None:
        """Forget what was to go wrong, or one way of it; events that were held go out."""
        self._troubles.mend(how)

    def revoke(self) -> None:
        with self._lock:
            self._workspace.revoke()
            self._troubles.tell()

    def repeat_events(self, n: int) -> None:
        """From now on deliver every event so many times more."""
        self._courier.repeat(n)

    def hold_events(self) -> None:
        self._courier.hold()

    def release_events(self, *, reverse: bool = False) -> None:
        self._courier.release(reverse=reverse)

    def drop_events(self, n: int) -> None:
        """Lose the next so many events."""
        self._courier.drop(n)

    def quiet(self, timeout: float = 15.0) -> None:
        """Wait until every event is delivered or given up, else raise TimeoutError."""
        self.files.ripen()
        self._courier.quiet(timeout)

    def verify_url(self) -> bool:
        """Send the url_verification that Slack sends when an events URL is entered."""
        return challenge(self._events_url, self._signer)

    def state(self) -> Json:
        """Show everything there is, for a page."""
        with self._lock:
            return copied(control.show(self._workspace, self._troubles.show(), self._journal.mark()))

    def changes(self, since: int = 0, wait: float = 0, boot: str = "") -> Json:
        """Give what happened after `since`, waiting for it so many seconds."""
        return self._journal.since(since, wait, boot)

    def _emit(self, event: Json, channel: Channel | None) -> None:
        shared = channel is not None and channel.is_ext_shared
        sealed = events.envelope(event, next(self._numbers), self._workspace.now(), shared=shared)
        self._courier.enqueue(sealed["event_id"], json.dumps(sealed).encode(), events.about(event))

    def _handle(self, call: Call) -> Answer:
        match call.path.strip("/").split("/"):
            case ["api", method]:
                return self._api.serve(method, call)
            case ["actions", _, key]:
                with self._lock:
                    return self._hooks.respond(key, call)
            case ["avatars", name]:
                return people.picture(self._workspace, name)
            case ["upload" | "files-pri", *_] | ["control", "file", _]:
                return self._depot.serve(call)
            case ["control", _]:
                return control.pull(self, self.files, call)
        return answer_json({"error": "not found"}, 404)
