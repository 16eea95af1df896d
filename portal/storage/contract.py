"""What a store promises. Everything above it is written against these words, whatever stands behind.

Every method that changes something is one transaction: all of it or nothing, alone in time as if the others did not
run, and on the disk before it returns. A method that raises has changed nothing. What it returned was true at one
moment between the call and the return. Several processes may use one store at once under the same promises.

About persons a store keeps the fields of `portal.domain.registration.STORED_FIELDS` and nothing that tells when, or in
what order, they came: the same set of registrations leaves the same bytes.
"""

import random
from datetime import datetime
from typing import Protocol

from portal.domain.edition import Addresses, Draft, Edition
from portal.domain.event import Event
from portal.domain.organiser import Organiser, SignIn
from portal.domain.registration import Counts, Policy, Registration


class RegistrationStore(Protocol):
    """The records of persons and the rule of seats."""

    async def register(self, id: str, pseudonym: str, passphrase_hash: str) -> Registration:
        """Keep a new registration and return it, in the state that `portal.domain.registration.place` gives it.

        When `id` is there already nothing changes and the record that is there is returned, with its own hash.
        Raises `RegistrationClosed` or `RegistrationFull`.
        """
        ...

    async def registration(self, id: str) -> Registration | None:
        """The record with this id."""
        ...

    async def erase_registration(self, id: str, chance: random.Random) -> bool:
        """Erase the record; a seat that it frees goes by `draw` to one who waits. False when there was none.

        When it returns, nothing of the record is left in any file.
        """
        ...

    async def erase_all_registrations(self) -> int:
        """Erase every record, as after the event, and return how many there were. No file keeps anything of them."""
        ...

    async def counts(self) -> Counts:
        """How many registrations are in each state."""
        ...

    async def policy(self) -> Policy:
        """What the organisers decided about registration."""
        ...

    async def set_policy(self, policy: Policy, chance: random.Random) -> Policy:
        """Keep a new policy, and give by `draw` the seats that it frees. It never takes a seat away."""
        ...


class ProgrammeStore(Protocol):
    """The draft and the editions."""

    async def draft(self) -> Draft:
        """The draft as it stands. Raises `DataMissing` before the first one."""
        ...

    async def save_draft(self, event: Event, revision: int) -> Draft:
        """Keep `event` as the draft that follows `revision`. Raises `DraftChanged` when that is not the present one."""
        ...

    async def publish(self, revision: int, comment: str, addresses: Addresses, published: datetime) -> Edition:
        """Freeze the draft as the next edition.

        Raises `DraftChanged` when `revision` is not the present one, and `NothingToPublish` when neither the event
        nor the addresses differ from the edition in force.
        """
        ...

    async def edition(self) -> Edition | None:
        """The edition in force, the one with the highest number."""
        ...

    async def editions(self) -> tuple[Edition, ...]:
        """Every edition, the newest first."""
        ...


class OrganiserStore(Protocol):
    """The organisers and their sign-ins."""

    async def add_organiser(self, organiser: Organiser) -> bool:
        """Keep a new organiser; False, and nothing changed, when the name is taken."""
        ...

    async def organiser(self, name: str) -> Organiser | None:
        """The organiser of this name."""
        ...

    async def organisers(self) -> tuple[str, ...]:
        """Every organiser's name, in alphabetical order."""
        ...

    async def open_sign_in(self, sign_in: SignIn) -> None:
        """Keep a new sign-in, and forget those that are no longer alive when it starts."""
        ...

    async def sign_in(self, id: str, now: datetime) -> SignIn | None:
        """The sign-in with this id if it is alive at `now`; it is marked as seen then, to the minute."""
        ...

    async def close_sign_in(self, id: str) -> None:
        """Forget a sign-in; nothing when there is none."""
        ...


class Store(RegistrationStore, ProgrammeStore, OrganiserStore, Protocol):
    """All of it."""

    async def initialise(self, event: Event) -> Draft:
        """Keep `event` as the first draft, with the default policy. Raises `DataExists` when there is one already."""
        ...
