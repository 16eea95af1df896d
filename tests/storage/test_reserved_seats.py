"""The contract of seats that are reserved for invitations, and of the policy of the beginning, on every backend."""

from random import Random

import pytest

from portal.domain.draft.checklist import Mark
from portal.domain.errors import InvitationUnknown, RegistrationFull
from portal.domain.registration.registration import Counts, Mode, Policy, State
from portal.storage.contract import Store
from tests.factories.history import locator
from tests.factories.stores import NOW

pytestmark = pytest.mark.anyio

RESERVED = Policy(capacity=3, reserved=2)


async def state_of(store: Store, number: int, invitation: int | None = None) -> State:
    """Return the state of another registration, with the invitation of a number or without."""
    id = None if invitation is None else locator(invitation)
    return (await store.register(locator(number), "", "$argon2id$", NOW, id)).state


async def test_public_takes_the_seats_that_are_not_reserved_and_the_invited_the_others(store: Store) -> None:
    await store.set_policy(RESERVED, Random(1))
    await store.add_invitations([locator(900), locator(901), locator(902)])
    assert [await state_of(store, 1), await state_of(store, 2)] == [State.SEATED, State.WAITING]
    assert [await state_of(store, 3, 900), await state_of(store, 4, 901)] == [State.SEATED, State.SEATED]
    assert await state_of(store, 5, 902) is State.WAITING
    assert (await store.policy(), await store.invitations()) == (Policy(capacity=3, reserved=0), 0)
    assert await store.counts() == Counts(seated=3, waiting=2)


async def test_invited_person_takes_a_reserved_seat_where_nobody_may_wait(store: Store) -> None:
    await store.set_policy(Policy(capacity=1, reserved=1, waiting_list=False), Random(1))
    await store.add_invitations([locator(900), locator(901)])
    with pytest.raises(RegistrationFull):
        await state_of(store, 1)
    assert await state_of(store, 2, 900) is State.SEATED
    with pytest.raises(RegistrationFull):
        await state_of(store, 3, 901)
    assert await store.invitations() == 1


async def test_unknown_invitation_takes_nothing_though_registration_is_open_to_all(store: Store) -> None:
    await store.set_policy(RESERVED, Random(1))
    with pytest.raises(InvitationUnknown):
        await state_of(store, 1, 900)
    assert (await store.counts(), await store.policy()) == (Counts(), RESERVED)


async def test_seat_that_is_freed_is_not_reserved_and_reserved_ones_are_not_drawn(store: Store) -> None:
    await store.set_policy(RESERVED, Random(1))
    await state_of(store, 1)
    await state_of(store, 2)
    assert await store.draw_seats(Random(1)) == 0
    await store.erase_registration(locator(1), Random(1))
    assert await store.counts() == Counts(seated=1)


async def test_form_sent_twice_takes_one_reserved_seat(store: Store) -> None:
    await store.set_policy(RESERVED, Random(1))
    await store.add_invitations([locator(900), locator(901)])
    assert [await state_of(store, 1, 900), await state_of(store, 1, 901)] == [State.SEATED, State.SEATED]
    assert ((await store.policy()).reserved, await store.invitations()) == (1, 1)


async def test_first_policy_is_in_force_until_the_organisers_keep_theirs(store: Store) -> None:
    assert await store.policy() == Policy()
    await store.set_first_policy(Policy(capacity=500))
    assert (await store.policy(), await store.marks()) == (Policy(capacity=500), frozenset())
    await store.set_policy(Policy(Mode.CLOSED), Random(1))
    await store.set_first_policy(Policy(capacity=7))
    assert (await store.policy(), await store.marks()) == (Policy(Mode.CLOSED), frozenset({Mark.RULES_KEPT}))
