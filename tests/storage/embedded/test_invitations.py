"""The contract of invitations, on every backend: each lets one person in, and nothing tells whom."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from portal.domain.errors import InvitationUnknown, RegistrationClosed, RegistrationFull
from portal.domain.registration.registration import Counts, Mode, Policy
from portal.storage.contract import Store
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.data_folder import contents
from tests.factories.history import locator
from tests.factories.stores import EVENT, NOW

pytestmark = pytest.mark.anyio

INVITED = [locator(n) for n in range(900, 904)]


@pytest.fixture
async def inviting(store: Store) -> Store:
    """Make a store with four invitations, open to nobody else."""
    await store.add_invitations(INVITED)
    await store.set_policy(Policy(Mode.INVITATION), Random(1))
    return store


async def test_invitations_are_counted(store: Store) -> None:
    assert await store.invitations() == 0
    await store.add_invitations(INVITED[:3])
    await store.add_invitations(INVITED[2:])
    assert await store.invitations() == 4


async def test_invitation_lets_one_person_register(inviting: Store) -> None:
    registration = await inviting.register(locator(1), "Ada", "$argon2id$", NOW, INVITED[0])
    assert (await inviting.registration(locator(1)), await inviting.invitations()) == (registration, 3)
    with pytest.raises(InvitationUnknown):
        await inviting.register(locator(2), "", "$argon2id$", NOW, INVITED[0])
    assert await inviting.counts() == Counts(seated=1)


@pytest.mark.parametrize("invitation", [None, locator(999), locator(1)], ids=["none", "unknown", "a ticket's id"])
async def test_register_is_refused_without_an_invitation(invitation: str | None, inviting: Store) -> None:
    with pytest.raises(InvitationUnknown):
        await inviting.register(locator(1), "", "$argon2id$", NOW, invitation)
    assert (await inviting.registration(locator(1)), await inviting.invitations()) == (None, 4)


async def test_registration_is_no_invitation_for_another(inviting: Store) -> None:
    await inviting.register(locator(1), "", "$argon2id$", NOW, INVITED[0])
    with pytest.raises(InvitationUnknown):
        await inviting.register(locator(2), "", "$argon2id$", NOW, locator(1))


async def test_invitation_for_two_at_once_lets_one_in(inviting: Store) -> None:
    people = (inviting.register(locator(n), "", "$argon2id$", NOW, INVITED[0]) for n in range(6))
    answers = await asyncio.gather(*people, return_exceptions=True)
    assert [type(answer) for answer in answers].count(InvitationUnknown) == 5
    assert (await inviting.counts(), await inviting.invitations()) == (Counts(seated=1), 3)


async def test_form_sent_again_with_its_used_invitation_finds_its_registration(inviting: Store) -> None:
    first = await inviting.register(locator(1), "Ada", "$argon2id$", NOW, INVITED[0])
    assert await inviting.register(locator(1), "Ada", "$argon2id$again", NOW, INVITED[0]) == first
    assert await inviting.register(locator(1), "Ada", "$argon2id$again", NOW, INVITED[1]) == first
    assert await inviting.invitations() == 3


async def test_refused_registration_leaves_its_invitation(inviting: Store) -> None:
    for policy, errors in (
        (Policy(Mode.INVITATION, closes=NOW), RegistrationClosed),
        (Policy(Mode.INVITATION, 0, waiting_list=False), RegistrationFull),
    ):
        await inviting.set_policy(policy, Random(1))
        with pytest.raises(errors):
            await inviting.register(locator(1), "", "$argon2id$", NOW, INVITED[0])
    assert await inviting.invitations() == 4


async def test_invitation_that_is_given_is_used_though_none_is_asked_for(inviting: Store) -> None:
    await inviting.set_policy(Policy(), Random(1))
    await inviting.register(locator(1), "", "$argon2id$", NOW, INVITED[0])
    await inviting.register(locator(2), "", "$argon2id$", NOW)
    assert await inviting.invitations() == 3


async def test_withdrawn_invitations_let_nobody_in(inviting: Store) -> None:
    assert (await inviting.withdraw_invitations(), await inviting.withdraw_invitations()) == (4, 0)
    with pytest.raises(InvitationUnknown):
        await inviting.register(locator(1), "", "$argon2id$", NOW, INVITED[0])


async def test_erased_registration_gives_no_invitation_back(inviting: Store) -> None:
    await inviting.register(locator(1), "", "$argon2id$", NOW, INVITED[0])
    await inviting.erase_registration(locator(1), Random(1))
    assert await inviting.invitations() == 3


async def test_used_invitation_is_in_no_file_and_leaves_no_link(disk_store: EmbeddedStore, data: Path) -> None:
    await disk_store.add_invitations(INVITED)
    await disk_store.set_policy(Policy(Mode.INVITATION), Random(1))
    for person, invitation in enumerate(INVITED[:2]):
        await disk_store.register(locator(person), "", "$argon2id$", NOW, invitation)
    assert [[id.encode() in content for id in INVITED[:2]] for content in contents(data).values()] == [
        [False, False] for _ in contents(data)
    ]
    other = await open_store(data.parent / "other")
    await other.initialise(EVENT)
    for person in (1, 0):
        await other.register(locator(person), "", "$argon2id$", NOW)
    await other.set_policy(Policy(Mode.INVITATION), Random(1))
    await other.add_invitations(INVITED[2:])
    await other.close()
    name = "registrations.json"
    assert contents(data)[name] == contents(data.parent / "other")[name]
