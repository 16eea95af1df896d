"""What a store promises about organisers, in the words of `portal.storage.contract`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from portal.domain.organiser import Organiser, SetUpCode, SignIn


class OrganiserStore(Protocol):
    """The organisers."""

    async def add_organiser(self, organiser: Organiser) -> bool:
        """Keep a new organiser; False, and nothing changed, when the name is taken."""
        ...

    async def sealing_key(self) -> str | None:
        """Return the public key that pseudonyms are sealed to, in hexadecimal; None before the first."""
        ...

    async def renew_sealing_key(self, public_key: str) -> bool:
        """Seal pseudonyms to `public_key` from now on, unless an organiser can open what was sealed before it.

        False, and nothing changed, when one can.
        """
        ...

    async def organiser(self, name: str) -> Organiser | None:
        """The organiser of this name."""
        ...

    async def organisers(self) -> tuple[str, ...]:
        """Every organiser's name, in alphabetical order."""
        ...

    async def change_passphrase(self, organiser: Organiser, instead_of: str | None = None, keep: str = "") -> bool:
        """Keep another hash for the organiser of this name, and end all of their sign-ins but the one with id `keep`.

        Their onion key stays as it is.

        False, and nothing changed, when there is none or, with `instead_of`, when that is not their present hash.
        """
        ...

    async def set_onion_key(self, name: str, onion_key: str) -> bool:
        """Keep another onion key for an organiser, or for one for whom a set-up code waits; False without either."""
        ...

    async def onion_keys(self, now: datetime) -> tuple[str, ...]:
        """The onion keys of the organisers, and of those for whom a set-up code that is good at `now` waits; sorted."""
        ...

    async def remove_organiser(self, name: str, by: str | None = None) -> bool:
        """Remove an organiser, their sign-ins, and the set-up codes that they gave; False when there is none.

        Raises `LastOrganiser`, and `NoLongerOrganiser` when `by`, the organiser who asks for it, is none any more.
        """
        ...


class SignInStore(Protocol):
    """The sign-ins of the organisers."""

    async def open_sign_in(self, sign_in: SignIn, passphrase_hash: str, renewed: str | None = None) -> bool:
        """Keep a new sign-in, and forget those that are no longer alive when it starts.

        `passphrase_hash` is the one that was verified for it: when its organiser has been removed since, or has
        another one, nothing changes and the answer is False. `renewed` is kept in its place, where it is given.
        """
        ...

    async def sign_in(self, id: str, now: datetime) -> SignIn | None:
        """The sign-in with this id if it is alive at `now`; it is marked as seen then, to the minute."""
        ...

    async def sign_ins(self, organiser: str, now: datetime) -> tuple[SignIn, ...]:
        """The sign-ins of an organiser that are alive at `now`, the latest first."""
        ...

    async def close_sign_in(self, id: str) -> None:
        """Forget a sign-in; nothing when there is none."""
        ...

    async def close_sign_ins(self, organiser: str, ids: Sequence[str]) -> int:
        """Forget those of these sign-ins that are the organiser's own, and return how many they were."""
        ...


class SetUpStore(Protocol):
    """The set-up codes that make new organisers."""

    async def give_set_up_code(self, code: SetUpCode, now: datetime) -> None:
        """Keep a new set-up code, and forget those that are no longer good at `now`.

        Raises `OrganiserExists` and `SetUpCodePending` when the name is taken, `SetUpCodesFull`, and
        `NoLongerOrganiser` when its giver is none any more.
        """
        ...

    async def set_up_code(self, id: str, now: datetime) -> SetUpCode | None:
        """The code with this id if it is good at `now`, used or not."""
        ...

    async def set_up_codes(self, now: datetime) -> tuple[SetUpCode, ...]:
        """Those that are good at `now` and not used yet, in the alphabetical order of their names."""
        ...

    async def use_set_up_code(self, id: str, passphrase_hash: str, now: datetime) -> Organiser | None:
        """Make the organiser of a code that is good at `now` and not used yet; None, and nothing changed, otherwise."""
        ...

    async def withdraw_set_up_code(self, name: str) -> bool:
        """Forget the code that waits for this name; False when none does."""
        ...
