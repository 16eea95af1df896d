"""Publication by command: ADD_ONION and DEL_ONION (control-spec §3.27, §3.28), and Tor's answers."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from onion.errors import N_, AddressTaken, TorRefused
from onion.identity.key import OnionKey, record_address, recorded_address
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
    """An ADD_ONION command, and warnings of the defences that it lacks."""

    text: str = field(repr=False)
    warnings: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class AddOnionMethod:
    """Publication over the control connection, with which the service ends; any Tor will do."""

    async def torrc_lines(self, spec: OnionSpec, key: OnionKey) -> Sequence[str]:
        """Return no line: the service is added by command."""
        return ()

    async def publish(self, control: TorControl, spec: OnionSpec, key: OnionKey) -> Published:
        """Add the service of `spec` to Tor, in place of one of ours with the same key.

        Arguments that this Tor does not understand are left out. Raises `AddressTaken`, `TorRefused`, `AddressChanged`.
        """
        known = await asyncio.to_thread(recorded_address, spec.key_file)
        for command in _commands(spec, key):
            answer = await _add(control, command.text, known)
            if answer.status != NOT_UNDERSTOOD:
                break
        found = SERVICE.search(check_accepted(answer).text)
        if found is None:
            raise TorRefused(answer=str(answer))
        address = f"{found[1]}.onion"
        await asyncio.to_thread(record_address, spec.key_file, address)
        return Published(address, command.warnings)

    async def withdraw(self, control: TorControl, address: str) -> None:
        """Withdraw the service, if Tor has it."""
        await _withdraw(control, address)


async def execute(control: TorControl, command: str) -> None:
    """Send `command`. Raises `TorRefused`."""
    check_accepted(await control.ask(command))


def check_accepted(answer: Message) -> Message:
    """Return `answer` if its status is OK. Raises `TorRefused`."""
    if answer.status != OK:
        raise TorRefused(answer=str(answer))
    return answer


async def _withdraw(control: TorControl, address: str) -> None:
    await control.ask(f"DEL_ONION {address.removesuffix('.onion')}")


async def _add(control: TorControl, command: str, known: str) -> Message:
    """Return the answer to `command`; where the key is in use, withdraw a service of ours and try again."""
    answer = await control.ask(command)
    if answer.status == COLLISION:
        await _withdraw(control, known)
        answer = await control.ask(command)
    if answer.status == COLLISION:
        raise AddressTaken(address=known)
    return answer


def _commands(spec: OnionSpec, key: OnionKey) -> Iterator[_Command]:
    """Yield the command with all our defences, then with ever fewer."""
    streams, work = _stream_arguments(spec.defences), _work_arguments(spec.defences)
    further = (f"Port=80,unix:{spec.socket_path}", *spec.arguments())
    for flags, arguments, lost in (
        (("MaxStreamsCloseCircuit",), (*streams, *work), ()),
        (("MaxStreamsCloseCircuit",), streams, (NO_POW,)),
        ((), (), (NO_POW, NO_STREAM_LIMIT)),
    ):
        all_flags = ",".join((*flags, *spec.flags))
        parts = ("ADD_ONION", key.text, *([f"Flags={all_flags}"] if all_flags else []), *arguments, *further)
        yield _Command(" ".join(parts), tuple(Notice(text) for text in lost))


def _stream_arguments(defences: Defences) -> Sequence[str]:
    return (f"MaxStreams={defences.streams}",)


def _work_arguments(defences: Defences) -> Sequence[str]:
    """Return the arguments of the proof of work, which Tor does not know as flags."""
    return (
        "PoWDefensesEnabled=1",
        f"PoWQueueRate={defences.arrivals_a_second}",
        f"PoWQueueBurst={defences.arrivals_waiting}",
    )
