"""Hashers that count their work, have no place left, or cost more than they did."""

from portal.domain.registration.hashing import Argon2, PassphraseKey
from portal.web.hashing_pool import ThreadedHasher
from tests.factories.portal import cheap_hasher
from tests.factories.tickets import CHEAP, CHEAP_CODES


class NoHasher(ThreadedHasher):
    """A hasher with no place left, whoever comes."""

    def __init__(self) -> None:
        super().__init__(cheap_hasher()._argon2, cores=1)
        self._places = 0


class CountingHasher(ThreadedHasher):
    """A cheap hasher that counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__(CHEAP, cores=2, code_costs=CHEAP_CODES)
        self.works = 0

    async def verify(self, passphrase_hash: str | None, passphrase: str) -> bytes | None:
        self.works += 1
        return await super().verify(passphrase_hash, passphrase)


class GrownHasher(ThreadedHasher):
    """A hasher whose passes were one when the tickets were made, and are two now."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__(Argon2(memory_kib=64, passes=2), cores=2, code_costs=CHEAP_CODES)
        self.fault = fault

    async def hash(self, passphrase: str) -> PassphraseKey:
        if self.fault is not None:
            raise self.fault
        return await super().hash(passphrase)
