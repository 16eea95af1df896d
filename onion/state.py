"""What can be told of the onion service at any moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from onion.errors import N_

TURNED_OFF: Final = N_("The onion service is off.")
LOOKING: Final = N_("Looking for Tor.")
UPLOADING: Final = N_("Tor is publishing the onion service.")
JOINING: Final = N_("Tor is joining its network: %(percent)s %%.")
UPLOADED: Final = N_("The onion service is published.")


class OnionPhase(StrEnum):
    """Where the service stands; `WAITING` is the pause between a failure and the next try."""

    OFF = "off"
    CONNECTING = "connecting"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class OnionState:
    """The `phase`, the `address` (`….onion`) as soon as it is known, and what to tell: a message and its details.

    While waiting for the next try, the message is that of the error.
    """

    phase: OnionPhase = OnionPhase.OFF
    address: str | None = None
    text: str = TURNED_OFF
    details: Mapping[str, object] = field(default_factory=dict)
