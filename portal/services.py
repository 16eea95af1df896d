"""What a request may reach, handed to `create_app`: data only."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.hashing import Hasher
from portal.domain.language import Language
from portal.settings import Settings
from portal.storage.contract import Store


@dataclass(frozen=True, slots=True)
class Keys:
    """The portal's own secrets, 32 random bytes each: `event` makes locators of codes, `forms` signs forms."""

    event: bytes
    forms: bytes


@dataclass(frozen=True, slots=True)
class OnionView:
    """What the pages may know of the onion: its address `http://….onion` once published, and its state in one word."""

    state: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Services:
    """`clock` gives the present time in UTC, `chance` is a source fit for secrets, `words` the lists of 7,776 words.

    `hasher` is the public's; organisers have their own, so that a flood of the public's forms does not shut them out.
    """

    settings: Settings
    store: Store
    hasher: Hasher
    organisers_hasher: Hasher
    keys: Keys
    clock: Callable[[], datetime]
    chance: random.SystemRandom
    words: Mapping[Language, tuple[str, ...]]
    onion: Callable[[], OnionView]
