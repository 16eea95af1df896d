"""Contract of a store about organisers, in the words of `storage.contract`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from portal.domain.organisers.organiser import Organiser, SetUpCode, SignIn


class OrganiserStore(Protocol):
    """The organisers."""

    async def add_organiser(self, organiser: Organiser) -> bool:
        """Keep a new organiser; False, and nothing changed, when the name is taken."""
        ...

    async def sealing_key(self) -> str | None:
        """Return the public key that pseudonyms are sealed to, in hexadecimal; None before the first."""
        ...

    async def has_short_codes(self) -> bool:
        """Return whether codes of SHORT_CODE_CHARACTERS may open something here: an earlier portal gave them."""
        ...

    async def renew_sealing_key(self, public_key: str, reader: Organiser | None = None) -> bool:
        """Seal pseudonyms to `public_key` from now on, unless an organiser can open what was sealed before it.

        The wrap of the `reader`, if there is to be one already, is kept in the same write. False, and nothing changed,
        when somebody can read pseudonyms, or the reader has another public key by now. Wraps of the key before it are
        forgotten with sign-ins and set-up codes too.
        """
        ...

    async def organiser(self, name: str) -> Organiser | None:
        """Return the organiser of this name."""
        ...

    async def organisers(self) -> tuple[str, ...]:
        """Return the names of the organisers, in alphabetical order."""
        ...

    async def readers(self) -> tuple[str, ...]:
        """Return the names of the organisers who can read pseudonyms, in alphabetical order."""
        ...

    async def change_passphrase(
        self, organiser: Organiser, instead_of: str | None = None, keep: str = "", *, loses_readers: bool = False
    ) -> bool:
        """Keep another hash, and what was wrapped for it, for the organiser of this name.

        Their onion key does not change. All of their sign-ins end but that with the id `keep`.

        False, and nothing changed, when there is none or, with `instead_of`, when that is not their present hash.
        Raises `LastReader` when nobody could read pseudonyms any more, unless `loses_readers`.
        """
        ...

    async def give_wrapped_key(self, reader: Organiser, by: str) -> bool:
        """Keep the wrap of `reader` as the organiser `by`, who can read pseudonyms, made it.

        False, and nothing changed, when the reader has another public key by now, or a wrap. Raises `NoLongerReader`.
        """
        ...

    async def set_onion_key(self, name: str, onion_key: str) -> bool:
        """Keep another onion key for an organiser, or in the set-up code of this name; False without either."""
        ...

    async def onion_keys(self, now: datetime) -> tuple[str, ...]:
        """Return the onion keys of the organisers and of the unused set-up codes that are good at `now`; sorted."""
        ...

    async def remove_organiser(self, name: str, by: str | None = None, *, loses_readers: bool = False) -> bool:
        """Remove an organiser, their sign-ins, and the set-up codes that they gave; False when there is none.

        Raises `LastOrganiser`, `NoLongerOrganiser` when `by`, the organiser who asks for it, is none any more, and
        `LastReader` when nobody could read pseudonyms any more, unless `loses_readers`.
        """
        ...


class SignInStore(Protocol):
    """The sign-ins of the organisers."""

    async def open_sign_in(self, sign_in: SignIn, proven: Organiser, renewed: Organiser | None = None) -> bool:
        """Keep a new sign-in, and forget those that are no longer alive when it starts.

        `proven` is its organiser as they were when their passphrase was verified: when they have been removed since,
        or have another hash or wrap, nothing changes and the answer is False. The hash, public key and wrap of
        `renewed` are kept in their place, where it is given.
        """
        ...

    async def sign_in(self, id: str, now: datetime) -> SignIn | None:
        """Return the sign-in with this id if it is alive at `now`; it is marked as seen then, to the minute."""
        ...

    async def sign_ins(self, organiser: str, now: datetime) -> tuple[SignIn, ...]:
        """Return the sign-ins of an organiser that are alive at `now`, the latest first."""
        ...

    async def close_sign_in(self, id: str) -> None:
        """Forget a sign-in; nothing when there is none."""
        ...

    async def close_sign_ins(self, organiser: str, ids: Sequence[str]) -> int:
        """Forget those of these sign-ins that are the organiser's own, and return their number."""
        ...


class SetUpStore(Protocol):
    """The set-up codes that make new organisers."""

    async def give_set_up_code(self, code: SetUpCode, now: datetime) -> None:
        """Keep a new set-up code, and forget those that are no longer good at `now`.

        Its wrap is kept only if its giver can read pseudonyms. Raises `OrganiserExists` and `SetUpCodePending` when
        the name is taken, `SetUpCodesFull`, and `NoLongerOrganiser` when its giver is none any more.
        """
        ...

    async def set_up_code(self, id: str, now: datetime) -> SetUpCode | None:
        """Return the code with this id if it is good at `now`, used or not."""
        ...

    async def set_up_codes(self, now: datetime) -> tuple[SetUpCode, ...]:
        """Return the codes that are good at `now` and unused, in the alphabetical order of their names."""
        ...

    async def use_set_up_code(self, id: str, organiser: Organiser, now: datetime) -> Organiser | None:
        """Keep the `organiser` of a code that is good at `now` and not used yet, with the onion key of the code.

        None, and nothing changed, for any other code and for another name. The wrap of the code is forgotten; that of
        the organiser is kept only if the code had one.
        """
        ...

    async def withdraw_set_up_code(self, name: str) -> bool:
        """Forget the code that waits for this name; False when none does."""
        ...
