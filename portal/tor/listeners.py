"""Listeners of a running portal, and their sockets."""

import random

from portal.server.server import BoundListener
from portal.server.sockets import open_tcp, open_unix
from portal.settings import Settings
from portal.tor.organisers_onion import OrganisersOnion
from portal.tor.service import OnionPublisher
from portal.web.listeners import LOCAL_HOST, clearnet_listener, local_listener, onion_listener, organisers_listener


def open_listeners(settings: Settings, onion: OnionPublisher, organisers_onion: OrganisersOnion) -> list[BoundListener]:
    """Open the clearnet listener, then those of the onion and the organisers that the settings want."""
    place = settings.organisers_place
    at_onion = place == "everywhere" or (place == "onion" and not organisers_onion.is_wanted)
    listeners = open_public_listeners(settings, onion, at_clearnet=place == "everywhere", at_onion=at_onion)
    if organisers_onion.is_wanted:
        listeners.append(
            BoundListener(organisers_listener(lambda: organisers_onion.address), open_unix(organisers_onion.socket))
        )
    if place == "local":
        listeners.append(BoundListener(local_listener(), open_tcp(LOCAL_HOST, settings.organisers_port)))
    return listeners


def open_public_listeners(
    settings: Settings, onion: OnionPublisher, *, at_clearnet: bool, at_onion: bool
) -> list[BoundListener]:
    """Open the clearnet listener, and the onion's if the settings want it; `at_…` shows the organisers' pages there."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    clearnet = clearnet_listener(settings.public_url, (*settings.hosts, host), shows_organisers=at_clearnet)
    listeners = [BoundListener(clearnet, open_tcp(settings.host, settings.port))]
    if onion.is_wanted:
        through_tor = onion_listener(lambda: onion.address, shows_organisers=at_onion)
        circuit_key = random.SystemRandom().randbytes(32) if settings.tells_circuits else b""
        listeners.append(BoundListener(through_tor, open_unix(onion.socket), circuit_key))
    return listeners
