"""The index of pseudonyms, opened for organisers who may read them and remembered for a while."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import anyio.to_thread
from starlette.requests import Request

from portal.domain.limits import SIGN_IN_IDLE_MINUTES
from portal.domain.organisers.organiser import SignIn
from portal.domain.registration.registration import Registration, State
from portal.domain.registration.sealing import open_with_private_key, unwrap
from portal.domain.text import plain_words
from portal.web.sign_in_cookie import secret_of

_FORGOTTEN_AFTER_SECONDS: Final = SIGN_IN_IDLE_MINUTES * 60
_UNREADABLE: Final = (None, "")
Pseudonyms = Mapping[str, tuple[str | None, str]]


@dataclass(frozen=True, slots=True)
class NamedRegistration:
    """A registration with its pseudonym, "" for none, and None for one that cannot be read."""

    id: str
    state: State
    pseudonym: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The number of registrations that a search finds in `total`, and a page of them."""

    total: int
    page: tuple[NamedRegistration, ...]


class PseudonymIndex:
    """Pseudonyms by what is stored of them, so that each is opened once: that takes about 0.1 ms.

    They are in the memory of this process until nobody has looked for SIGN_IN_IDLE_MINUTES, or a sign-in ends.
    """

    def __init__(self) -> None:
        self._pseudonyms: Pseudonyms = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Return the number of pseudonyms that are remembered."""
        return len(self._pseudonyms)

    async def find(
        self,
        registrations: Sequence[Registration],
        private_key: bytes | None,
        search: str = "",
        page: slice = slice(None),
    ) -> Found:
        """Find those of `registrations` whose pseudonym contains `search`, and return one `page` of them.

        Accents and capitals do not count; an empty search finds all. Without the organisers' `private_key` nothing can
        be read, and nothing but an empty search finds anything.
        """
        known = self._pseudonyms
        found, opened = await anyio.to_thread.run_sync(
            _find, registrations, private_key, known, plain_words(search), page
        )
        if private_key is not None and self._pseudonyms is known:  # what was forgotten meanwhile stays forgotten
            self._pseudonyms = opened
            self._forget_later()
        return found

    def forget(self) -> None:
        """Forget every pseudonym."""
        self._pseudonyms = {}

    def _forget_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_FORGOTTEN_AFTER_SECONDS, self.forget)


def _find(
    registrations: Sequence[Registration], private_key: bytes | None, known: Pseudonyms, search: str, page: slice
) -> tuple[Found, Pseudonyms]:
    opened = {} if private_key is None else _all_opened(registrations, private_key, known)
    found = [
        registration
        for registration in registrations
        if not search or search in opened.get(registration.sealed_pseudonym, _UNREADABLE)[1]
    ]
    named = (
        NamedRegistration(each.id, each.state, opened.get(each.sealed_pseudonym, _UNREADABLE)[0])
        for each in found[page]
    )
    return Found(len(found), tuple(named)), opened


def _all_opened(registrations: Sequence[Registration], private_key: bytes, known: Pseudonyms) -> Pseudonyms:
    """Return each pseudonym, and how it is compared, by its sealed form; those that are gone are left out."""
    all_sealed = (registration.sealed_pseudonym for registration in registrations)
    return {sealed: known.get(sealed) or _opened(sealed, private_key) for sealed in all_sealed}


def pseudonym_index_of(request: Request) -> PseudonymIndex:
    """Return the index of the application."""
    index: PseudonymIndex = request.app.state.pseudonym_index
    return index


def with_pseudonym(request: Request, sign_in: SignIn, registration: Registration) -> NamedRegistration:
    """Return a registration with its pseudonym, if the organiser may read it, and remember nothing."""
    private_key = private_key_of(request, sign_in)
    pseudonym, _ = _opened(registration.sealed_pseudonym, private_key) if private_key else _UNREADABLE
    return NamedRegistration(registration.id, registration.state, pseudonym)


def _opened(sealed: str, private_key: bytes) -> tuple[str | None, str]:
    pseudonym = open_with_private_key(sealed, private_key)
    return _UNREADABLE if pseudonym is None else (pseudonym, plain_words(pseudonym))


def private_key_of(request: Request, sign_in: SignIn) -> bytes | None:
    """Return the key that opens pseudonyms; None for an organiser who cannot read them."""
    secret = secret_of(request)
    return unwrap(sign_in.wrapped_key, secret) if secret and sign_in.wrapped_key else None
