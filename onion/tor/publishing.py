"""The commands that put a service into Tor and take it out (control-spec §3.27, §3.28), and what Tor makes of them."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from onion.errors import N_, AddressTaken, TorRefused
from onion.identity.key import OnionKey, keep_address, recorded_address
from onion.tor.control import Message, TorControl
from onion.tor.method import Published
from onion.tor.spec import Defences, OnionSpec
from onion.tor.state import Notice

OK: Final = "250"
NOT_UNDERSTOOD: Final = "512"
COLLISION: Final = "550"
SERVICE: Final = re.compile(r"ServiceID=([a-z2-7]{56})")

NO_POW: Final = N_("This Tor cannot ask for a proof of work: a flood of visits could shut others out. Upgrade it.")
NO_STREAM_LIMIT: Final = N_("This Tor cannot limit what one visitor opens at the same time. Upgrade it.")


@dataclass(frozen=True, slots=True)
class _Command:
    """One way to ask, and what it does without."""

    text: str = field(repr=False)
    warnings: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class ByCommand:
    """The way over the control connection, with which the service ends. A Tor that is there already will do."""

    async def lines(self, spec: OnionSpec, key: OnionKey) -> Sequence[str]:
        """None: Tor hears of the service later."""
        return ()

    async def publish(self, control: TorControl, spec: OnionSpec, key: OnionKey) -> Published:
        """Put the service of `spec` into Tor; one of ours that is there gives way.

        What this Tor does not understand is left out. Raises `AddressTaken`, `TorRefused`, `AddressChanged`.
        """
        known = await asyncio.to_thread(recorded_address, spec.key_file)
        for command in _commands(spec, key):
            answer = await _added(control, command.text, known)
            if answer.status != NOT_UNDERSTOOD:
                break
        found = SERVICE.search(accepted(answer).text)
        if found is None:
            raise TorRefused(answer=told(answer))
        address = f"{found[1]}.onion"
        await asyncio.to_thread(keep_address, spec.key_file, address)
        return Published(address, command.warnings)

    async def withdraw(self, control: TorControl, address: str) -> None:
        """Take the service out of Tor, if it is there."""
        await _withdraw(control, address)


async def done(control: TorControl, command: str) -> None:
    """Raise `TorRefused` unless Tor does what `command` says."""
    accepted(await control.ask(command))


def accepted(answer: Message) -> Message:
    """`answer`, which is a good one, or `TorRefused`."""
    if answer.status != OK:
        raise TorRefused(answer=told(answer))
    return answer


def told(answer: Message) -> str:
    """An answer in one line."""
    return f"{answer.status} {answer.text}"


async def _withdraw(control: TorControl, address: str) -> None:
    await control.ask(f"DEL_ONION {address.removesuffix('.onion')}")


async def _added(control: TorControl, command: str, known: str) -> Message:
    """The answer to `command`; where the key is in use, that of a second try, without what nobody else holds."""
    answer = await control.ask(command)
    if answer.status == COLLISION:
        await _withdraw(control, known)
        answer = await control.ask(command)
    if answer.status == COLLISION:
        raise AddressTaken(address=known)
    return answer


def _commands(spec: OnionSpec, key: OnionKey) -> Iterator[_Command]:
    """The command with all our defences, then with ever fewer."""
    streams, work = _stream_words(spec.defences), _work_words(spec.defences)
    further = (f"Port=80,unix:{spec.socket_path}", *spec.words())
    for flags, words, lost in (
        (("MaxStreamsCloseCircuit",), (*streams, *work), ()),
        (("MaxStreamsCloseCircuit",), streams, (NO_POW,)),
        ((), (), (NO_POW, NO_STREAM_LIMIT)),
    ):
        every = ",".join((*flags, *spec.flags))
        parts = ("ADD_ONION", key.text, *([f"Flags={every}"] if every else []), *words, *further)
        yield _Command(" ".join(parts), tuple(Notice(text) for text in lost))


def _stream_words(defences: Defences) -> Sequence[str]:
    return (f"MaxStreams={defences.streams}",)


def _work_words(defences: Defences) -> Sequence[str]:
    """They are words with a value: as a flag Tor does not know them."""
    return (
        "PoWDefensesEnabled=1",
        f"PoWQueueRate={defences.arrivals_a_second}",
        f"PoWQueueBurst={defences.arrivals_waiting}",
    )
