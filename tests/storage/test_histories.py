"""Any history of the registrations: the rules of seats hold, nothing is lost, and the files tell nothing of it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from portal.domain.errors import InvitationUnknown, RegistrationClosed, RegistrationError, RegistrationFull
from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.arrival import Arrival
from portal.domain.registration.registration import Mode, Policy, Registration, State
from portal.domain.registration.retention import Erasure
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.history import KnownHistory, locator
from tests.factories.stores import NOW, TODAY

PEOPLE: Final = range(6)
INVITATIONS: Final = [locator(n) for n in range(900, 903)]
HOUR: Final = timedelta(hours=1)
people = st.sampled_from(PEOPLE)
invitations = st.sampled_from(INVITATIONS)
seeds = st.integers(0, 2**32)
moments = st.none() | st.sampled_from([NOW - HOUR, NOW + HOUR, NOW + 2 * HOUR])
capacities = st.none() | st.integers(0, 4)
draw_moments = st.none() | st.sampled_from([NOW, NOW + HOUR])
seats = st.builds(Policy, capacity=st.integers(0, 4), draws_at_once=st.booleans(), draw_at=draw_moments)
any_policies = st.builds(
    Policy, st.sampled_from(Mode), capacities, st.booleans(), st.integers(0, 3), moments, moments, st.booleans()
)
deeds = st.sampled_from(["register", "erase", "arrive", "let in"])


class History(KnownHistory):
    """People register, come and leave, organisers change their mind, the portal restarts."""

    @initialize(policy=seats, crowd=st.lists(people, unique=True), seed=seeds)
    def begin(self, policy: Policy, crowd: list[int], seed: int) -> None:
        """Begin with a portal where seats are few."""
        self.change_the_policy(policy, seed)
        for person in crowd:
            self.register(person, None)

    @rule(person=people, invitation=st.none() | invitations)
    def register(self, person: int, invitation: str | None) -> None:
        """Somebody registers, perhaps again, perhaps with an invitation."""
        made = Registration(locator(person), f"person {person}", f"$argon2id${person}", self.place_for_one_more())
        errors = self.page_errors_in(invitation)
        try:
            got = self.run(self.registering(self.store, person, invitation))
        except RegistrationError as error:
            assert type(error) is errors
            assert person not in self.people
        else:
            assert got == self.people.get(person, made)
            if person not in self.people:
                assert errors is None
                self.came(person, got, invitation)

    @rule(person=people, seed=seeds)
    def cancel(self, person: int, seed: int) -> None:
        """Somebody gives the seat back."""
        assert self.run(self.store.erase_registration(locator(person), Random(seed))) == (person in self.people)
        self.went(person)
        self.know_who_was_drawn()

    @rule(policy=seats | any_policies, seed=seeds)
    def change_the_policy(self, policy: Policy, seed: int) -> None:
        """Have the organisers add seats or take some away, open, close, require invitations."""
        self.set_policy = self.run(self.store.set_policy(policy, Random(seed)))
        assert self.set_policy == policy
        self.know_who_was_drawn()

    @precondition(lambda self: self.counts().waiting)
    @rule(seed=seeds)
    def draw(self, seed: int) -> None:
        """Have the organisers draw: no seat is free then while somebody waits."""
        self.know_the_draw(self.run(self.store.draw_seats(Random(seed))))

    @rule(seed=seeds)
    def draw_if_it_is_time(self, seed: int) -> None:
        """Have the running portal look whether the moment of the draw has come."""
        moment = self.policy.draw_at
        given = self.run(self.store.draw_if_due(self.now, Random(seed)))
        assert (given is not None) == (moment is not None and moment <= self.now)
        if given is not None:
            self.know_the_draw(given)

    @rule(person=people, let_in=st.booleans())
    def arrive(self, person: int, let_in: bool) -> None:
        """Check somebody in."""
        before, capacity = self.people.get(person), self.policy.capacity
        arrival = self.run(self.store.arrive(locator(person), let_in))
        if before is None:
            assert arrival is None
            return
        if before.state is not State.WAITING:
            self.in_state(person, State.ARRIVED)
        elif let_in and (capacity is None or self.counts().arrived < capacity):
            self.in_state(person, State.ARRIVED)
            self.let_in.add(person)
        assert arrival == Arrival(self.people[person], before.state)

    @rule(person=people)
    def undo_an_arrival(self, person: int) -> None:
        """Undo a check-in: it was the wrong code."""
        back = self.run(self.store.undo_arrival(locator(person)))
        if person in self.people and self.people[person].state is State.ARRIVED:
            capacity = self.policy.capacity
            is_beyond = capacity is not None and self.counts().taken > capacity
            waits_again = person in self.let_in and (is_beyond or not self.policy.gives_seats_at_once)
            self.in_state(person, State.WAITING if waits_again else State.SEATED)
            self.let_in.discard(person)
        assert back == self.people.get(person)

    @rule(
        person=people,
        name=st.none() | st.just("renamed"),
        hash=st.none() | st.just("$argon2id$new"),
        late=st.booleans(),
    )
    def amend(self, person: int, name: str | None, hash: str | None, late: bool) -> None:
        """Somebody takes another pseudonym or passphrase, perhaps too late."""
        before = self.people.get(person)
        known = before.passphrase_hash if before and not late else "$argon2id$gone"
        after = self.run(self.store.amend_registration(locator(person), name, hash, known))
        if before is not None and not late:
            hash_now = before.passphrase_hash if hash is None else hash
            self.people[person] = replace(
                before, sealed_pseudonym=name or before.sealed_pseudonym, passphrase_hash=hash_now
            )
        assert after == self.people.get(person)

    @rule(ids=st.lists(invitations))
    def invite(self, ids: list[str]) -> None:
        """Have the organisers make invitations."""
        self.run(self.store.add_invitations(ids))
        self.invitations.update(ids)

    @precondition(lambda self: len(self.invitations) > 2)
    @rule()
    def withdraw_invitations(self) -> None:
        """Have the organisers withdraw the invitations that are left."""
        assert self.run(self.store.withdraw_invitations()) == len(self.invitations)
        self.invitations.clear()

    @precondition(lambda self: len(self.entries) < 3)
    @rule(organiser=st.sampled_from(["Louise", "Zoë"]))
    def note(self, organiser: str) -> None:
        """Have the organisers write their journal."""
        entry = JournalEntry(TODAY, organiser, "%(number)s invitations", (("number", "3"),), "")
        self.run(self.store.note(entry))
        self.entries.append(entry)

    @precondition(lambda self: len(self.people) > 2)
    @rule(days=st.integers(0, 2))
    def erase_everybody(self, days: int) -> None:
        """End the event."""
        day, number = TODAY + timedelta(days), len(self.people)
        assert self.run(self.store.erase_all_registrations(day)) == number
        self.erasure = Erasure(day, number + (self.erasure.number if self.erasure else 0))
        for known in (self.people, self.let_in, self.invitations):
            known.clear()

    @precondition(lambda self: len(self.entries) > 2)
    @rule()
    def erase_the_journal(self) -> None:
        """Some weeks later, the journal goes too."""
        assert self.run(self.store.erase_journal()) == len(self.entries)
        self.entries.clear()

    @rule()
    def wait_an_hour(self) -> None:
        """Pass the moments at which registration opens and closes."""
        self.now += HOUR

    @rule(is_killed=st.booleans())
    def restart(self, is_killed: bool) -> None:
        """Both portals start anew, from what a process that was killed, or was stopped, left on the disk."""
        before = self.stores
        if not is_killed:
            self.run(closing(before))
        self.stores = [self.run(open_store(self.data)) for _ in before]
        if is_killed:
            self.run(closing(before))
        self.know_who_was_drawn()

    @rule(
        crowd=st.lists(
            st.tuples(people, deeds, invitations), min_size=2, max_size=6, unique_by=lambda visitor: visitor[0]
        )
    )
    def do_all_at_once(self, crowd: list[tuple[int, str, str]]) -> None:
        """Send a crowd to both portals at the same time; whatever was acknowledged is true afterwards."""
        answers = self.run(self.gathered(crowd))
        used = []
        for (person, deed, invitation), answer in zip(crowd, answers, strict=True):
            if deed == "register" and isinstance(answer, Registration) and person not in self.people:
                self.came(person, answer, invitation)
                used += [invitation]
            elif deed == "erase":
                self.went(person)
            elif isinstance(answer, Arrival):
                assert answer.registration.state is State.ARRIVED or answer.was is State.WAITING
                self.people[person] = answer.registration
                self.let_in |= (
                    {person} if (answer.was, answer.registration.state) == (State.WAITING, State.ARRIVED) else set()
                )
        assert len(used) == len(set(used))
        self.know_who_was_drawn()

    async def gathered(self, crowd: list[tuple[int, str, str]]) -> list[Any]:
        """Return the answer to each of the crowd."""
        answers: list[Any] = await asyncio.gather(*(self.deed(*visitor) for visitor in crowd), return_exceptions=True)
        return answers

    def deed(self, person: int, deed: str, invitation: str) -> Coroutine[Any, Any, object]:
        """Do the deed of a visitor of the crowd."""
        if deed == "register":
            return self.registering(self.store, person, invitation)
        if deed == "erase":
            return self.store.erase_registration(locator(person), Random(person))
        return self.store.arrive(locator(person), let_in=deed == "let in")

    def registering(
        self, store: EmbeddedStore, person: int, invitation: str | None
    ) -> Coroutine[Any, Any, Registration]:
        """Register as the form does."""
        return store.register(locator(person), f"person {person}", f"$argon2id${person}", self.now, invitation)

    def came(self, person: int, registration: Registration, invitation: str | None) -> None:
        """Know that somebody registered."""
        self.people[person] = registration
        assert invitation in self.invitations or (invitation is None and self.policy.mode is not Mode.INVITATION)
        self.invitations -= {invitation}

    def went(self, person: int) -> None:
        """Know that somebody is erased."""
        self.people.pop(person, None)
        self.let_in.discard(person)

    def place_for_one_more(self) -> State:
        """Return a newcomer's state: a seat if one is left beyond those who wait, none before the moment of a draw."""
        if self.policy.draw_at is not None:
            return State.WAITING
        counts, capacity = self.counts(), self.policy.capacity
        return State.SEATED if capacity is None or counts.taken + counts.waiting < capacity else State.WAITING

    def page_errors_in(self, invitation: str | None) -> type[RegistrationError] | None:
        """Return the error that refuses a newcomer, if any."""
        policy = self.policy
        is_early = policy.opens is not None and self.now < policy.opens
        is_late = policy.closes is not None and self.now >= policy.closes
        if policy.mode is Mode.CLOSED or is_early or is_late:
            return RegistrationClosed
        if self.place_for_one_more() is State.WAITING and not policy.waiting_list and policy.draw_at is None:
            return RegistrationFull
        needs_none = policy.mode is not Mode.INVITATION and invitation is None
        return None if needs_none or invitation in self.invitations else InvitationUnknown


async def closing(stores: list[EmbeddedStore]) -> None:
    """Stop portals."""
    for store in stores:
        await store.close()


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
