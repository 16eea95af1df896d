"""Settings, read once from `portal.toml` and the environment, which no other module reads."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final, Literal, get_args

from onion.tor.addresses import TorAddress, tor_address
from portal.domain.disk_faults import reason_of
from portal.domain.errors import SettingsError, SettingsFileError
from portal.domain.language import N_
from portal.domain.limits import ARGON2_MEMORY_KIB, ARGON2_PASSES, FOLLOW_MAX_MINUTES, FOLLOW_MINUTES

OnionMode = Literal["auto", "launch", "off"]
OrganisersPlace = Literal["onion", "everywhere", "local"]
ENVIRONMENT_PREFIX: Final = "PORTAL_"
COMMAND_LINE: Final = N_("command line")

_NAME: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?"
_HOST: Final = re.compile(rf"{_NAME}|\[[0-9a-fA-F:.]+\]")
_ADDRESS: Final = re.compile(rf"https?://(?:{_HOST.pattern})(?::[0-9]{{1,5}})?")

_ONION: Final = re.compile(r"[a-z2-7]{56}\.onion")

_POSITION_IN_TOML: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_BOOLEANS: Final = {"true": True, "false": False}
_PORTS: Final = ("port", "organisers_port")
_NO_PORT: Final = N_("it is a number from 0 to 65535")
_NO_BOOLEAN: Final = N_("it is true or false")
_TOR_ADDRESSES: Final = ("tor_control", "tor_socks")
_NO_TOR_ADDRESS: Final = N_("it is the path of a socket of Tor, or an address:port")
_NOT_EXPECTED: Final = N_("this is not the kind of value expected")
_FROM_ONE: Final = ("cores", "argon2_passes", "argon2_memory_kib", "registrations_per_minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting with its default; each is a key of `portal.toml` and, as `PORTAL_<KEY>`, of the environment.

    `data`: the folder of everything the portal keeps. `host`, `port`: the clearnet listener, a TCP socket.
    `public_url`: the address at which people find the clearnet listener, `https://…` without a trailing slash.
    `hosts`: further host names that the clearnet listener answers to, beside that of `public_url` and loopback.
    `onion`: `auto` (a Tor that is already running), `launch` (a Tor of our own) or `off`.
    `tor_control`: Tor's control port, None to look at the usual addresses.
    `tor_socks`: Tor's SOCKS port, None to ask Tor or to look at the usual addresses.
    `tor_extra_torrc`: a file of further lines for the torrc of a Tor of our own.
    `tor_password`: for a control port that wants one; best given in the environment.
    `onion_socket`: the onion's listener, a Unix socket; empty for `onion/socket` in the data folder.
    `onion_address`: the `….onion` of a service that Tor's own torrc leads to that socket; nothing is asked of Tor then.
    `tor_user`: the account of that Tor if not the portal's own; the onion's socket is opened to its group.
    `onion_circuits`: True where the service of a torrc, Tor's or that of our own Tor, sends circuits
    (`HiddenServiceExportCircuitID haproxy`); None for the rule of `tells_circuits`.
    `organisers`: the listeners that show the organisers' pages, `onion`, `everywhere` or `local`; empty for the rule of
    `organisers_place`. `organisers_port`: the port, on loopback, of their own listener where they are `local`.
    `organisers_onion`: True for an onion of their own, which wants a key; `organisers_onion_socket`: its
    listener, a Unix socket, empty for `organisers-onion/socket` in the data folder.
    `argon2_memory_kib`, `argon2_passes`: the cost of hashing a passphrase; `cores`: hashes at the same time.
    `registrations_per_minute`: limit of the whole portal, for all clients together.
    `follow_minutes`: time between two checks of a mirror for a new edition, from 1 to FOLLOW_MAX_MINUTES.
    """

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    hosts: tuple[str, ...] = ()
    onion: OnionMode = "auto"
    tor_control: TorAddress | None = None
    tor_socks: TorAddress | None = None
    tor_extra_torrc: str = ""
    tor_password: str = field(default="", repr=False)
    onion_socket: str = ""
    onion_address: str = ""
    tor_user: str = ""
    onion_circuits: bool | None = None
    organisers: Literal["", OrganisersPlace] = ""
    organisers_port: int = 8001
    organisers_onion: bool = False
    organisers_onion_socket: str = ""
    argon2_memory_kib: int = ARGON2_MEMORY_KIB
    argon2_passes: int = ARGON2_PASSES
    cores: int = os.cpu_count() or 1
    registrations_per_minute: int = 60
    follow_minutes: int = FOLLOW_MINUTES

    @property
    def tells_circuits(self) -> bool:
        """Tell whether the onion sends circuits: by default with our own Tor, elsewhere by `onion_circuits`."""
        if self.onion_circuits is None:
            return self.onion == "launch" and not self.onion_address
        return self.onion_circuits

    @property
    def organisers_place(self) -> OrganisersPlace:
        """Return the listeners of the organisers' pages: all until there is a public address, then the onion alone.

        With a public address and without an onion, they have a listener of their own on this machine.
        """
        if self.organisers:
            return self.organisers
        if not self.public_url:
            return "everywhere"
        return "local" if self.onion == "off" else "onion"


def read_settings(
    file: Path | None, environment: Mapping[str, str], options: Mapping[str, object] | None = None
) -> Settings:
    """Read `file` (TOML; None for none), overridden by `environment`, and that by the terminal's `options`.

    Raises `SettingsError`.
    """
    settings = Settings()
    if file is not None:
        settings = _merge(settings, _read_file(file), str(file))
    prefixed = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
    settings = _merge(settings, prefixed, N_("environment"))
    return _check_consistency(_merge(settings, options or {}, COMMAND_LINE))


def _check_consistency(settings: Settings) -> Settings:
    """Return `settings` unless one contradicts another."""
    if settings.onion_circuits and not settings.onion_address and settings.onion != "launch":
        reason = N_(
            'it goes with onion_address, or with onion = "launch": only a service of a torrc reports its circuits'
        )
        raise SettingsError(source=N_("settings"), setting="onion_circuits", reason=reason)
    if settings.organisers == "onion" and settings.onion == "off":
        reason = N_("the onion is off: nobody could sign in; turn it on, or choose local or everywhere")
        raise SettingsError(source=N_("settings"), setting="organisers", reason=reason)
    if settings.organisers_onion and settings.onion == "off":
        reason = N_("the onion is off; turn it on, or leave this out")
        raise SettingsError(source=N_("settings"), setting="organisers_onion", reason=reason)
    return settings


def _read_file(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8") + "\n")
    except OSError as error:
        raise SettingsFileError(file=file, reason=reason_of(error)) from None
    except UnicodeDecodeError:
        raise SettingsFileError(file=file, reason=N_("it is not UTF-8 text")) from None
    except tomllib.TOMLDecodeError as error:
        if position := _POSITION_IN_TOML.search(str(error)):
            raise SettingsFileError(file=f"{file}:{position[1]}:{position[2]}", reason=N_("this is not TOML")) from None
        reason = N_("it is not TOML: it ends before a text or a bracket is closed")
        raise SettingsFileError(file=file, reason=reason) from None


def _merge(settings: Settings, values: Mapping[str, object], source: str) -> Settings:
    known = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    changed: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(source=source, setting=name, reason=N_("there is no such setting"))
        changed[name] = _checked(source, name, _converted(source, name, value, known[name]))
    return replace(settings, **changed)  # type: ignore[arg-type]  # each value was converted to its field's type


def _converted(source: str, name: str, value: object, default: object) -> object:
    """Convert `value` to the type of `default`; a list in the environment is separated by spaces."""
    if name in _TOR_ADDRESSES:
        return _tor_address(source, name, value)
    default = False if default is None else default  # only a boolean may be None
    if isinstance(default, Path) and isinstance(value, str):
        return Path(value).expanduser()
    if isinstance(default, tuple) and isinstance(value, str):
        return tuple(value.split())
    if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if isinstance(default, bool) and isinstance(value, str) and value in _BOOLEANS:
        return _BOOLEANS[value]
    if type(default) is int and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if type(value) is type(default):
        return value
    reason = _NO_PORT if name in _PORTS else _NO_BOOLEAN if isinstance(default, bool) else _NOT_EXPECTED
    raise SettingsError(source=source, setting=name, reason=reason)


def _tor_address(source: str, name: str, value: object) -> TorAddress | None:
    try:
        return tor_address(str(value))
    except ValueError:
        raise SettingsError(source=source, setting=name, reason=_NO_TOR_ADDRESS) from None


def _checked(source: str, name: str, value: object) -> object:
    if name == "onion" and value not in get_args(OnionMode):
        raise SettingsError(source=source, setting=name, reason=N_("it is one of: auto, launch, off"))
    if name == "organisers" and value not in ("", *get_args(OrganisersPlace)):
        raise SettingsError(source=source, setting=name, reason=N_("it is one of: onion, everywhere, local"))
    if name in _PORTS and not 0 <= int(str(value)) <= 65_535:
        raise SettingsError(source=source, setting=name, reason=_NO_PORT)
    if name in _FROM_ONE and int(str(value)) < 1:
        raise SettingsError(source=source, setting=name, reason=N_("it is a number from 1"))
    if name == "follow_minutes" and not 1 <= int(str(value)) <= FOLLOW_MAX_MINUTES:
        raise SettingsError(source=source, setting=name, reason=N_("it is a number from 1 to 720"))
    if name == "public_url" and value:
        return _public_url(source, str(value))
    if name == "onion_address" and value and not _ONION.fullmatch(str(value)):
        raise SettingsError(source=source, setting=name, reason=N_("it is 56 letters and digits, then .onion"))
    if isinstance(value, tuple) and not all(_HOST.fullmatch(host) for host in value):
        raise SettingsError(source=source, setting=name, reason=N_("it is names like example.org, without a port"))
    return value


def _public_url(source: str, value: str) -> str:
    """`value` without a trailing slash, in lower case as browsers send it (RFC 6454 §6)."""
    address = value.lower().rstrip("/")
    if not _ADDRESS.fullmatch(address):
        reason = N_("it is an address like https://example.org, without a path")
        raise SettingsError(source=source, setting="public_url", reason=reason)
    return address
