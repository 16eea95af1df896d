"""Finding a Tor and being let in: everything here blocks, for `SECONDS` at most a step, and belongs in a thread."""

import grp
import logging
import socket
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import stem
import stem.connection
import stem.socket

from onion.errors import (
    ControlForbidden,
    CookieUnreadable,
    CookieWrong,
    NotControlPort,
    PasswordWanted,
    PasswordWrong,
    TorError,
    TorLost,
    TorNotFound,
    TorSilent,
)
from onion.tor.addresses import TorAddress, connect

SECONDS: Final = 10
"""How long a Tor may take to answer while it is being opened."""


class PatientSocket(stem.socket.ControlSocket):  # type: ignore[misc]  # stem has no types
    """A control socket to `place`, not yet connected, that waits `SECONDS` and not for ever, as stem's own two do."""

    def __init__(self, place: TorAddress) -> None:
        super().__init__()
        self.place = place
        self._connected: socket.socket | None = None
        self.is_abandoned = False

    def lift_the_limit(self) -> None:
        """From now on silence is no failure: events come when they come."""
        if self._connected is not None:
            self._connected.settimeout(None)

    def abandon(self) -> None:
        """Let whatever thread uses it give up at once. Takes no lock, so that the event loop may call it."""
        self.is_abandoned = True
        if self._connected is not None:
            with suppress(OSError):
                self._connected.shutdown(socket.SHUT_RDWR)

    def _make_socket(self) -> socket.socket:
        self._connected = opened = connect(self.place, SECONDS)
        # `abandon` may have come before there was a connection to shut down.
        if self.is_abandoned:
            opened.close()
            raise stem.SocketClosed
        return opened


def authenticate(opened: PatientSocket, password: str) -> None:
    """Connect to the Tor at `opened.place` and authenticate, by password or by cookie. Raises `TorError`.

    `opened` is closed again unless all went well.
    """
    _hush_stem()
    with ExitStack() as undone:
        undone.callback(opened.close)
        _authenticate(opened, password)
        opened.lift_the_limit()
        if not opened.is_abandoned:
            undone.pop_all()


def _authenticate(opened: PatientSocket, password: str) -> None:
    place = opened.place
    try:
        opened.connect()
        stem.connection.authenticate(opened, password or None)
    except PermissionError:
        raise ControlForbidden(place=place, group=_group_of(place.path)) from None
    except TimeoutError:
        raise TorSilent(place=place, seconds=SECONDS) from None
    except OSError:
        raise TorNotFound(places=place) from None
    except stem.connection.AuthenticationFailure as failure:
        raise _explained(place, failure) from None
    except stem.ControllerError:
        raise TorLost from None


def _hush_stem() -> None:
    """Let no record below DEBUG out of stem's logger: at its TRACE level stem logs each command with what it holds.

    A filter of the logger holds whatever level and handlers the program around gives to it.
    """
    stem_logger = logging.getLogger("stem")
    if _is_no_trace not in stem_logger.filters:
        stem_logger.addFilter(_is_no_trace)


def _is_no_trace(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.DEBUG


def _explained(place: TorAddress, failure: stem.connection.AuthenticationFailure) -> TorError:
    """Our error for stem's `failure`."""
    of_stem = stem.connection
    match failure:
        case of_stem.IncorrectSocketType():
            return NotControlPort(place=place)
        case of_stem.MissingPassword():
            return PasswordWanted(place=place)
        case of_stem.IncorrectPassword():
            return PasswordWrong(place=place)
        case of_stem.UnreadableCookieFile():
            file = Path(failure.cookie_path)
            return CookieUnreadable(file=file, group=_group_of(file))
        case of_stem.CookieAuthFailed():
            return CookieWrong(place=place, file=failure.cookie_path)
        case _:
            return TorSilent(place=place, seconds=SECONDS)


def _group_of(path: Path | None) -> str:
    """The group that `path` belongs to, or else that of the nearest folder above that can be looked at."""
    for one in (path, *path.parents) if path else ():
        try:
            return grp.getgrgid(one.stat().st_gid).gr_name
        except (OSError, KeyError):
            continue
    return "tor"
