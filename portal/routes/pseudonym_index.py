"""The pseudonyms of the registrations, opened for organisers who may read them, and remembered while they look."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import anyio.to_thread
from starlette.requests import Request

from portal.domain.limits import SIGN_IN_IDLE_MINUTES
from portal.domain.organiser import SignIn
from portal.domain.plain_words import plain_words
from portal.domain.registration import Registration, State
from portal.domain.sealing import open_with_private_key
from portal.routes.private_key import private_key_of

_FORGOTTEN_AFTER_SECONDS: Final = SIGN_IN_IDLE_MINUTES * 60


@dataclass(frozen=True, slots=True)
class NamedRegistration:
    """A registration with its pseudonym, "" for none, and None for one that cannot be read."""

    id: str
    state: State
    pseudonym: str | None
    words: str = field(default="", repr=False)
    """The pseudonym as it is compared in a search."""


class PseudonymIndex:
    """Pseudonyms by what is stored of them, so that each is opened once: that takes about 0.1 ms.

    They are in the memory of this process until nobody has looked for SIGN_IN_IDLE_MINUTES, or somebody signs out.
    """

    def __init__(self) -> None:
        self._pseudonyms: Mapping[str, tuple[str, str]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Return how many pseudonyms are remembered."""
        return len(self._pseudonyms)

    async def named(
        self, registrations: Iterable[Registration], private_key: bytes | None
    ) -> tuple[NamedRegistration, ...]:
        """Return `registrations` with their pseudonyms: none without the organisers' `private_key`."""
        if private_key is None:
            return tuple(NamedRegistration(one.id, one.state, None) for one in registrations)
        self._forget_later()
        return await anyio.to_thread.run_sync(self._named, registrations, private_key)

    def forget(self) -> None:
        """Remember nothing."""
        self._pseudonyms = {}

    def _named(self, registrations: Iterable[Registration], private_key: bytes) -> tuple[NamedRegistration, ...]:
        known, opened, named = self._pseudonyms, dict[str, tuple[str, str]](), []
        for one in registrations:
            found = known.get(one.sealed_pseudonym) or _opened(one.sealed_pseudonym, private_key)
            if found is not None:
                opened[one.sealed_pseudonym] = found
            named.append(NamedRegistration(one.id, one.state, *(found or (None, ""))))
        self._pseudonyms = opened  # what is left of those that were erased in the meantime is forgotten
        return tuple(named)

    def _forget_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_FORGOTTEN_AFTER_SECONDS, self.forget)


def pseudonym_index_of(request: Request) -> PseudonymIndex:
    """Return the index of the application."""
    index: PseudonymIndex = request.app.state.pseudonym_index
    return index


def with_pseudonym(request: Request, sign_in: SignIn, registration: Registration) -> NamedRegistration:
    """Return one registration with its pseudonym, if the organiser may read it; nothing of it is remembered."""
    private_key = private_key_of(request, sign_in)
    found = _opened(registration.sealed_pseudonym, private_key) if private_key else None
    return NamedRegistration(registration.id, registration.state, *(found or (None, "")))


def _opened(sealed: str, private_key: bytes) -> tuple[str, str] | None:
    pseudonym = open_with_private_key(sealed, private_key)
    return None if pseudonym is None else (pseudonym, plain_words(pseudonym))
