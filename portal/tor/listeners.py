"""The listeners of a running portal: which there are, and the sockets behind them."""

import random

from portal.server.server import OpenDoor
from portal.server.sockets import open_tcp, open_unix
from portal.settings import Settings
from portal.tor.organisers_onion import OrganisersOnion
from portal.tor.service import OnionSide
from portal.web.listeners import LOCAL_HOST, clearnet_door, local_door, onion_door, organisers_door


def open_doors(settings: Settings, onion: OnionSide, closed: OrganisersOnion) -> list[OpenDoor]:
    """The clearnet door, then the onion's and the organisers' own two when there are to be such."""
    place = settings.organisers_place
    at_onion = place == "everywhere" or (place == "onion" and not closed.is_wanted)
    doors = open_public_doors(settings, onion, at_clearnet=place == "everywhere", at_onion=at_onion)
    if closed.is_wanted:
        doors.append(OpenDoor(organisers_door(lambda: closed.address), open_unix(closed.socket)))
    if place == "local":
        doors.append(OpenDoor(local_door(), open_tcp(LOCAL_HOST, settings.organisers_port)))
    return doors


def open_public_doors(settings: Settings, onion: OnionSide, *, at_clearnet: bool, at_onion: bool) -> list[OpenDoor]:
    """The clearnet door, then the onion's when there is to be one; whether the organisers' pages are at each."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    clearnet = clearnet_door(settings.public_url, (*settings.hosts, host), shows_organisers=at_clearnet)
    doors = [OpenDoor(clearnet, open_tcp(settings.host, settings.port))]
    if onion.is_wanted:
        through_tor = onion_door(lambda: onion.address, shows_organisers=at_onion)
        circuit_key = random.SystemRandom().randbytes(32) if settings.tells_circuits else b""
        doors.append(OpenDoor(through_tor, open_unix(onion.socket), circuit_key))
    return doors
