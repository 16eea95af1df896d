"""Run of the publishing portal, composed of its store, keys, application, listeners and onions."""

import asyncio
import platform
import random
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from portal import __version__
from portal.domain.edition.edition import Edition
from portal.domain.registration.hashing import CodeCosts
from portal.mirror.monitor import MirrorMonitor, addresses_of
from portal.origin.announcement_end import withdraw_when_ended
from portal.origin.app import at_listener, create_app
from portal.origin.erasure import erase_when_due
from portal.origin.installation import KEYS, code_costs_of, edition_in_force, hasher_of, now, open_installation
from portal.origin.seat_draw import draw_when_due
from portal.origin.signing import EditionSigner, edition_to_show, keep_signed
from portal.origin.word_lists import word_lists
from portal.server.server import BoundListener, background_tasks, serve
from portal.server.sockets import closing
from portal.services import Keys, Machine, Services
from portal.settings import Settings
from portal.storage.contract import Store
from portal.storage.disk import free_mib
from portal.storage.keys import read_key
from portal.storage.skeletons import skeletons_in
from portal.tor.listeners import open_listeners
from portal.tor.organisers_onion import OrganisersOnion
from portal.tor.service import OnionPublisher, Say
from portal.tor.status import serve_status
from portal.web.hashing_pool import ticket_threads
from portal.web.listeners import ListenerName

Ready = Callable[[Edition, Mapping[ListenerName, int]], None]


async def run_origin(settings: Settings, say: Say, ready: Ready) -> None:
    """Serve the portal in `settings.data` until SIGINT or SIGTERM.

    `ready` is called with the edition and the TCP port of each listener that has one, once the listeners answer, and
    `say` after it; the onion runs in the background. Raises `DataMissing`, `ListenerError` and `StorageError`.
    """
    async with open_installation(settings) as store:
        await edition_in_force(store, settings.data)
        signatures = EditionSigner(settings.data, now)
        await asyncio.to_thread(signatures.begin)
        edition = edition_to_show(await store.editions(), signatures.signing())
        messages = MessageBuffer(say)
        onion = OnionPublisher(settings, messages, now)
        closed = OrganisersOnion(settings, store, messages, now)
        listeners = open_listeners(settings, onion, closed)
        with closing([listener.sock for listener in listeners]):
            background = (
                onion.run(),
                closed.run(),
                serve_status(settings.data, onion.view, messages),
                draw_when_due(store, now, random.SystemRandom(), messages),
            )

            def answering() -> None:
                ready(edition, _ports(listeners))
                messages.flush()

            async with background_tasks(*background):
                # In a thread: Tor publishes the onion while the pages are made.
                audit = MirrorMonitor(settings.data, signatures.files, onion.open_socks_port, messages, now)
                services = _services(settings, store, onion, closed, await code_costs_of(store))
                services = replace(services, signatures=signatures, audit_results=lambda: audit.results)
                app = await asyncio.to_thread(create_app, services, edition, skeletons_in(settings.data))
                current = app.state.current
                withdrawing = withdraw_when_ended(store, current, now, messages)
                auditing = audit.run(lambda: addresses_of(current.renderer.edition.event.mirrors))
                erasing = erase_when_due(settings.data, store, lambda: current.renderer.edition.event, now, messages)
                async with background_tasks(withdrawing, erasing, keep_signed(signatures, current, store), auditing):
                    await serve(partial(at_listener, app), listeners, answering)


class MessageBuffer:
    """Buffer of messages until it is flushed, so that the first lines are those of the start."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._buffer: list[tuple[str, Mapping[str, object]]] | None = []

    def __call__(self, message: str, details: Mapping[str, object]) -> None:
        """Pass a message on, or buffer it until `flush`."""
        if self._buffer is None:
            self._say(message, details)
        else:
            self._buffer.append((message, details))

    def flush(self) -> None:
        """Pass on the buffered messages, and from now on each at once."""
        buffered, self._buffer = self._buffer or [], None
        for message, details in buffered:
            self._say(message, details)


def _ports(listeners: Sequence[BoundListener]) -> dict[ListenerName, int]:
    tcp = [bound for bound in listeners if bound.sock.family != socket.AF_UNIX]
    return {bound.listener.name: bound.sock.getsockname()[1] for bound in tcp}


def _services(
    settings: Settings, store: Store, onion: OnionPublisher, closed: OrganisersOnion, code_costs: CodeCosts
) -> Services:
    event_key, forms_key = (read_key(settings.data, name) for name in KEYS)
    return Services(
        settings=settings,
        store=store,
        hasher=hasher_of(settings, code_costs),
        ticket_hasher=hasher_of(replace(settings, cores=ticket_threads(settings.cores)), code_costs),
        organisers_hasher=hasher_of(replace(settings, cores=1), code_costs),
        known_browsers_hasher=hasher_of(replace(settings, cores=1), code_costs),
        keys=Keys(event_key, forms_key),
        clock=now,
        rng=random.SystemRandom(),
        words=word_lists(),
        onion=onion.view,
        machine=partial(_machine, settings.data),
        proof=lambda path: onion.answer(path) or closed.answer(path),
    )


def _machine(data: Path) -> Machine:
    return Machine(__version__, platform.python_version(), free_mib(data))
