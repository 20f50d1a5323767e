"""What can go wrong, divided by who should hear of it.

ThreadlineError
├── Stranger               whoever called us: a 4xx with the reason, and nothing is kept
│   ├── Unverified           403  the signature does not fit the bytes
│   ├── NotHere              404  no such channel or account
│   └── Unreadable           400  a challenge or handshake that makes no sense
├── Malformed              nobody yet: it was verified, so it is kept raw and answered 2xx
├── OperatorError          whoever runs this: one sentence that says what to do
│   ├── SettingsWrong        the settings file
│   └── SecretMissing        the environment or the parameter store
├── Lost                   the code that wrote: somebody else was first; read again and repeat
└── TooBig                 the code that wrote: no row can hold it
"""

from __future__ import annotations


class ThreadlineError(Exception):
    """The root, so that one `except` can tell ours from everybody else's."""


class Stranger(ThreadlineError):
    """Somebody called a door with something that does not belong there."""

    status = 400


class Unverified(Stranger):
    """The caller could not prove who it is."""

    status = 403


class NotHere(Stranger):
    """The address names a channel or an account that does not exist."""

    status = 404


class Unreadable(Stranger):
    """The call can be answered by nothing better than "what?"."""

    status = 400


class Malformed(ThreadlineError):
    """A verified payload could not be read; it is kept raw and can be replayed."""


class OperatorError(ThreadlineError):
    """Something the person who runs Threadline has to mend; the text says how."""


class SettingsWrong(OperatorError):
    """The settings file says something that cannot be."""


class SecretMissing(OperatorError):
    """A secret is not where it should be; the text names it, never its value."""


class Lost(ThreadlineError):
    """A conditional write lost: what it expected to find (or not to find) was otherwise.

    `losers` are the things whose condition failed, so the writer knows which race it lost.
    """

    def __init__(self, *losers: object) -> None:
        super().__init__("lost a conditional write")
        self.losers = losers


class TooBig(ThreadlineError):
    """A thing that DynamoDB cannot hold: a row has at most 400 KB. `things` are those that are too big."""

    def __init__(self, *things: object) -> None:
        super().__init__("too big to be stored")
        self.things = things
