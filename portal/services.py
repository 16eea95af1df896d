"""Services of a request, handed to `create_app`: data only."""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from portal.domain.language import Language
from portal.domain.registration.hashing import Hasher
from portal.domain.trust.mirror_audit import AuditResults
from portal.domain.trust.signing import Signing
from portal.domain.trust.signing_errors import NothingToSign
from portal.settings import Settings
from portal.site.files import Files
from portal.storage.contract import Store


@dataclass(frozen=True, slots=True)
class Keys:
    """The portal's own secrets, 32 random bytes each: `event` makes locators of codes, `forms` signs forms."""

    event: bytes
    forms: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the catalogue and the details to put into it."""

    text: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnionView:
    """State of the onion, as pages and terminal show it.

    `state` is a word of `state.OnionPhase`. `address`, `http://….onion`, is there while it is proven to be
    reachable; `known` is the same as soon as Tor has published it. `now` is the message of the state, `advice` what to
    do, `warnings` name missing defences. `since` it is reachable, `proven` it was last, in `seconds`.
    """

    state: str
    address: str | None
    known: str | None = None
    now: Message = Message("")
    advice: str = ""
    warnings: tuple[Message, ...] = ()
    since: datetime | None = None
    proven: datetime | None = None
    seconds: float | None = None


def no_proof(path: str) -> str | None:
    """Return None: nothing is proven."""
    return None


def no_audits() -> AuditResults:
    """Return no result: no mirror was audited."""
    return {}


@dataclass(frozen=True, slots=True)
class Machine:
    """Machine that the portal runs on, as the pages show it.

    Its own `version`, Python's, and what is free on the disk of its data, in MiB.
    """

    version: str
    python: str
    free_mib: int


class Signatures(Protocol):
    """The signatures of what is published. Methods block; none but `add` raises anything."""

    def sign(self, files: Files, dynamic: Collection[str], edition: int) -> bool:
        """Sign edition number `edition`, made of `files`; the origin itself answers at the paths `dynamic`.

        False where it waits for the signatures of further holders: until then the public sees the edition before it.
        """
        ...

    def signed_files(self, edition: int) -> Files | None:
        """Return the files of edition number `edition` as several holders signed them: a newer program makes others.

        None where one signature is enough, for what is made is signed at once, and where they are lost.
        """
        ...

    def files(self) -> Files:
        """Return the signatures as public files."""
        ...

    def signing(self) -> Signing | None:
        """Return who signs and what is pending; None where nothing can be signed, for a reason that is in the log."""
        ...

    def add(self, role: str, key: str, signature: str) -> Signing:
        """Take the signature of the holder of the `key` over what is pending as `role`. Raises `PortalError`."""
        ...


class NoSignatures:
    """`Signatures` of a portal that signs nothing."""

    def sign(self, files: Files, dynamic: Collection[str], edition: int) -> bool:
        """Let everything be seen at once."""
        return True

    def signed_files(self, edition: int) -> Files | None:
        """Return None: what is made may be seen."""
        return None

    def files(self) -> Files:
        """Return nothing."""
        return {}

    def signing(self) -> Signing | None:
        """Return None: nobody signs."""
        return None

    def add(self, role: str, key: str, signature: str) -> Signing:
        """Raise `NothingToSign`."""
        raise NothingToSign


NO_SIGNATURES: Final = NoSignatures()


@dataclass(frozen=True, slots=True)
class Services:
    """`clock` gives the present time in UTC, `rng` is a source fit for secrets, `words` the words of passphrases.

    `proof` gives the answer to a path that the portal itself asks for, at this moment, through Tor.

    `hasher` is that of registrations. Tickets have their own, so that a flood of the one form does not keep the other
    busy; organisers have theirs, and those whom the portal knows already another one, so that no flood of the sign-in
    form shuts them out. `audit_results` gives the last audit of each address of a mirror.
    """

    settings: Settings
    store: Store
    hasher: Hasher
    ticket_hasher: Hasher
    organisers_hasher: Hasher
    known_browsers_hasher: Hasher
    keys: Keys
    clock: Callable[[], datetime]
    rng: random.SystemRandom
    words: Mapping[Language, tuple[str, ...]]
    onion: Callable[[], OnionView]
    machine: Callable[[], Machine]
    proof: Callable[[str], str | None] = no_proof
    signatures: Signatures = NO_SIGNATURES
    audit_results: Callable[[], AuditResults] = no_audits
