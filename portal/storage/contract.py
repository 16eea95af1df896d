"""Contract of a store: everything above it relies on these words alone, whatever implements them.

Every method that changes something is one transaction: all of it or nothing, alone in time as if the others did not
run, and on the disk before it returns. A method that raises has changed nothing. What it returned was true at one
moment between the call and the return. Several processes may use one store at once under the same promises. A caller
that is cancelled while it waits does not know whether its change was made: all of it was, or nothing.

Any method may raise `StorageError`: `DataMissing` before `initialise`, `DataDamaged` when what is there is not what was
written, in which case nothing is read from it or written over it.

About persons a store keeps the fields of `registration.stored_fields` and nothing that tells when, or in what order,
they came: the same set of registrations leaves the same bytes.
"""

import random
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from portal.domain.draft.checklist import Mark
from portal.domain.edition.edition import Addresses, Draft, Edition, OutdatedText
from portal.domain.event.event import Announcement, Event
from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.arrival import Arrival
from portal.domain.registration.registration import Counts, Policy, Registration
from portal.domain.registration.retention import Erasure, ErasureNotice, Postponement, Retained
from portal.storage.organisers_contract import OrganiserStore, SetUpStore, SignInStore


class RegistrationStore(Protocol):
    """The records of persons."""

    async def register(
        self, id: str, sealed_pseudonym: str, passphrase_hash: str, now: datetime, invitation: str | None = None
    ) -> Registration:
        """Keep a new registration and return it, in the state that `registration.initial_state` gives it.

        When `id` is there already nothing changes and the record that is there is returned, with its own hash. Where
        registration is by invitation, and wherever else an invitation is given, `invitation` is its id; it is
        destroyed, with the reserved seat that it took, if any, and nothing links it to the record. Raises
        `RegistrationClosed`, `RegistrationFull` or `InvitationUnknown`.
        """
        ...

    async def registration(self, id: str) -> Registration | None:
        """Return the record with this id."""
        ...

    async def registrations(self) -> tuple[Registration, ...]:
        """Return every record, by id."""
        ...

    async def amend_registration(
        self,
        id: str,
        sealed_pseudonym: str | None = None,
        passphrase_hash: str | None = None,
        instead_of: str | None = None,
    ) -> Registration | None:
        """Keep another pseudonym or hash, None for as it is, and return the record as it is then. None without one.

        With `instead_of` nothing changes unless that is the present hash: a new hash of the same passphrase must
        not undo a passphrase that was changed in the meantime.
        """
        ...

    async def erase_registration(self, id: str, rng: random.Random) -> bool:
        """Erase the record; a seat that it frees is given as the policy has it. False when there was none.

        When it returns, nothing of the record is left in any file.
        """
        ...


class ErasureStore(Protocol):
    """The erasure: announced, postponed, carried out."""

    async def erasure(self) -> Erasure | None:
        """Return the last time that every registration was erased."""
        ...

    async def retained(self) -> Retained:
        """Return how much there is to erase, and the state of the erasure, all at one moment."""
        ...

    async def announce_erasure(self, due: datetime | None, now: datetime) -> ErasureNotice | None:
        """Keep that an erasure due at `due` is announced at `now`, as `retention.next_notice` says.

        With None, keep that none is announced.
        """
        ...

    async def postpone_erasure(self, postponement: Postponement, instead_of: Postponement | None) -> bool:
        """Keep the postponement and withdraw the notice; False, and nothing changed, unless `instead_of` is kept."""
        ...

    async def erase_all_registrations(self, day: date, notice: ErasureNotice | None = None) -> int:
        """Erase every record and every invitation, and return how many records there were.

        No file keeps anything of them but the `Erasure`: `day`, in the event's zone, and their number, to which a
        later one adds; where there is nothing left to erase it stays as it is. Notice and postponement end with it.
        With a `notice`, nothing happens unless that is the notice in force: it may have been postponed meanwhile.
        """
        ...

    async def erase_journal(self, notice: ErasureNotice | None = None) -> int:
        """Erase every entry of the journal, in the same way, and return how many there were."""
        ...


class SeatStore(Protocol):
    """The rule of seats.

    Where the policy `draws_at_once`, every change that frees a seat gives it by `draw`: none is free while somebody
    waits. Elsewhere, and wherever the policy has a moment `draw_at`, free seats stay free for those who wait, and
    nobody else gets a seat, until a draw.
    """

    async def counts(self) -> Counts:
        """Count the registrations in each state."""
        ...

    async def policy(self) -> Policy:
        """Return the policy that the organisers chose; until then, the first policy, or `Policy()`."""
        ...

    async def policy_in_force(self, event: Event) -> Policy:
        """Return the policy, closing by itself at the end of the shown `event`, and never after the erasure."""
        ...

    async def set_first_policy(self, policy: Policy) -> None:
        """Keep the policy that is in force until the organisers keep theirs."""
        ...

    async def set_policy(self, policy: Policy, rng: random.Random) -> Policy:
        """Keep a new policy; where it `gives_seats_at_once`, do so by `draw`. It never takes a seat away."""
        ...

    async def draw_seats(self, rng: random.Random) -> int:
        """Give the free seats by `draw` to those who wait, and return how many were given.

        The policy has no moment of a draw after it.
        """
        ...

    async def draw_if_due(self, now: datetime, rng: random.Random) -> int | None:
        """Do as `draw_seats` when the moment of the draw has come at `now` (UTC); None before it, or without it."""
        ...

    async def arrive(self, id: str, let_in: bool = False) -> Arrival | None:
        """Mark as arrived, as `arrival.on_arrival` says; None without a record.

        Who has arrived already, and who waits and cannot be let in, stays as it is.
        """
        ...

    async def undo_arrival(self, id: str) -> Registration | None:
        """Take back an arrival, as `arrival.on_undo` says: the store remembers who was let in.

        Return the record as it is then, unchanged if it had not arrived; None without a record.
        """
        ...


class InvitationStore(Protocol):
    """The invitations that nobody has used yet: their ids, and nothing else."""

    async def add_invitations(self, ids: Sequence[str]) -> None:
        """Keep new invitations."""
        ...

    async def has_invitation(self, id: str) -> bool:
        """Return whether there is an invitation with this id."""
        ...

    async def invitations(self) -> int:
        """Count the invitations that are left."""
        ...

    async def withdraw_invitations(self) -> int:
        """Destroy those that are left, and return how many they were."""
        ...


class JournalStore(Protocol):
    """The journal of the organisers' actions."""

    async def note(self, entry: JournalEntry) -> None:
        """Keep a new entry, after those of its day."""
        ...

    async def journal(self) -> tuple[JournalEntry, ...]:
        """Return every entry, the newest first."""
        ...


class ChecklistStore(Protocol):
    """Ticks on the organisers' list, for all of them together, without who set them, or when."""

    async def marks(self) -> frozenset[Mark]:
        """Return the marks that are set; `RULES_KEPT` as soon as a policy was kept."""
        ...

    async def mark(self, mark: Mark, is_set: bool = True) -> bool:
        """Set or clear a mark; False, and nothing changed, when it was so already."""
        ...


class ProgrammeStore(Protocol):
    """The draft and the editions."""

    async def draft(self) -> Draft:
        """Return the draft. Raises `DataMissing` before the first one."""
        ...

    async def save_draft(self, event: Event, revision: int, confirmed: Collection[OutdatedText] = ()) -> Draft:
        """Keep `event` as the draft that follows `revision`, with the texts that are out of date by `outdated_after`.

        Those `confirmed` are up to date. An event without a `uid`, of a file by hand, keeps that of the draft. Raises
        `DraftChanged` when `revision` is not the present one.
        """
        ...

    async def publish(self, revision: int, comment: str, addresses: Addresses, published: datetime) -> Edition:
        """Freeze the draft as the next edition.

        Raises `DraftChanged` when `revision` is not the present one, and `NothingToPublish` when neither the event
        nor the addresses differ from the edition in force.
        """
        ...

    async def announce(
        self, announcement: Announcement, comment: str, addresses: Addresses, published: datetime
    ) -> Edition | None:
        """Put `announcement` into the draft, and alone of all that the draft changes into the next edition.

        None, and nothing changed, where the edition in force has it already.
        Raises `AnnouncementsFull`, and `DataMissing` before the first edition.
        """
        ...

    async def withdraw_announcement(
        self, id: str, comment: str, addresses: Addresses, published: datetime
    ) -> Edition | None:
        """Take an announcement out of the draft and of the next edition, in the same way."""
        ...

    async def edition(self) -> Edition | None:
        """Return the edition in force, that with the highest number."""
        ...

    async def edition_numbered(self, number: int) -> Edition | None:
        """Return the edition with this number, as it was then, with its history up to there."""
        ...

    async def editions(self) -> tuple[Edition, ...]:
        """Return every edition, the newest first, each with its history."""
        ...


class Store(
    RegistrationStore,
    ErasureStore,
    SeatStore,
    InvitationStore,
    JournalStore,
    ChecklistStore,
    ProgrammeStore,
    OrganiserStore,
    SignInStore,
    SetUpStore,
    Protocol,
):
    """All of it."""

    async def initialise(self, event: Event) -> Draft:
        """Keep `event` as the first draft, with the default policy. Raises `DataExists` when there is one already."""
        ...
