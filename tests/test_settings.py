"""The settings: where each may come from, which comes first, and what is refused with its name and its place."""

from pathlib import Path
from typing import Any, Final

import pytest

from onion.tor.addresses import TorAddress
from portal.domain.errors import SettingsError
from portal.domain.limits import FOLLOW_MAX_MINUTES
from portal.settings import Settings, read_settings


def written(folder: Path, text: str) -> Path:
    file = folder / "portal.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_and_an_empty_environment_give_the_defaults() -> None:
    assert read_settings(None, {}) == Settings()


def test_every_setting_may_come_from_the_file(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
        data = "/srv/portal"
        host = "127.0.0.2"
        port = 9000
        public_url = "https://Portal.example.org/"
        hosts = ["example.org", "[::1]"]
        onion = "launch"
        tor_control = "/run/tor/control"
        tor_password = "secret"
        onion_socket = "/run/portal/onion"
        onion_address = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.onion"
        tor_user = "debian-tor"
        onion_circuits = true
        argon2_memory_kib = 1024
        argon2_passes = 1
        cores = 1
        registrations_per_minute = 600
        """,
    )
    assert read_settings(file, {}) == Settings(
        data=Path("/srv/portal"),
        host="127.0.0.2",
        port=9000,
        public_url="https://portal.example.org",
        hosts=("example.org", "[::1]"),
        onion="launch",
        tor_control=TorAddress(Path("/run/tor/control")),
        tor_password="secret",
        onion_socket="/run/portal/onion",
        onion_address="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.onion",
        tor_user="debian-tor",
        onion_circuits=True,
        argon2_memory_kib=1024,
        argon2_passes=1,
        cores=1,
        registrations_per_minute=600,
    )


TELLING: Final[dict[str, tuple[Settings, bool]]] = {
    "a Tor of our own": (Settings(onion="launch"), True),
    "a Tor of our own, when it is asked not to": (Settings(onion="launch", onion_circuits=False), False),
    "a Tor that is there already": (Settings(onion="auto"), False),
    "a service in Tor's own configuration": (Settings(onion_address=f"{'a' * 56}.onion"), False),
    "such a service, when it is asked to": (Settings(onion_address=f"{'a' * 56}.onion", onion_circuits=True), True),
    "such a service, beside a Tor that would be our own": (
        Settings(onion="launch", onion_address=f"{'a' * 56}.onion"),
        False,
    ),
}


@pytest.mark.parametrize(("settings", "tells"), TELLING.values(), ids=TELLING.keys())
def test_circuits_are_told_by_a_tor_of_our_own_unless_it_is_asked_not_to(settings: Settings, tells: bool) -> None:
    assert settings.tells_circuits is tells


def test_circuits_may_be_told_or_not_by_the_file_and_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, 'onion = "launch"\nonion_circuits = false')
    assert read_settings(file, {}).tells_circuits is False
    assert read_settings(file, {"PORTAL_ONION_CIRCUITS": "true"}).tells_circuits is True


def test_settings_of_the_organisers_may_come_from_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'organisers = "local"\norganisers_port = 9001\norganisers_onion = true')
    assert read_settings(file, {}) == Settings(organisers="local", organisers_port=9001, organisers_onion=True)
    assert read_settings(file, {"PORTAL_ORGANISERS_ONION": "false"}).organisers_onion is False


def test_every_setting_may_come_from_the_environment() -> None:
    environment = {
        "PORTAL_DATA": "/srv/portal",
        "PORTAL_PORT": "9000",
        "PORTAL_HOSTS": "example.org www.example.org",
        "PORTAL_ONION": "off",
        "PATH": "/usr/bin",
    }
    assert read_settings(None, environment) == Settings(
        data=Path("/srv/portal"), port=9000, hosts=("example.org", "www.example.org"), onion="off"
    )


def test_command_line_comes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "port = 1\nhost = 'file'\nonion = 'off'")
    environment = {"PORTAL_PORT": "2", "PORTAL_HOST": "environment"}
    settings = read_settings(file, environment, {"port": 3})
    assert (settings.port, settings.host, settings.onion) == (3, "environment", "off")


def test_tilde_in_the_data_folder_is_the_home_of_who_runs_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/orga")
    assert read_settings(None, {"PORTAL_DATA": "~/portal"}).data == Path("/home/orga/portal")


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "a setting that does not exist": ({"PORTAL_COLOUR": "red"}, "environment: colour: there is no such setting"),
    "a port that is no number": ({"PORTAL_PORT": "http"}, "environment: port: it is a number from 0 to 65535"),
    "a port below zero": ({"PORTAL_PORT": "-1"}, "environment: port: it is a number from 0 to 65535"),
    "a port above the last": ({"PORTAL_PORT": "65536"}, "environment: port: it is a number from 0 to 65535"),
    "no registration at all": (
        {"PORTAL_REGISTRATIONS_PER_MINUTE": "0"},
        "environment: registrations_per_minute: it is a number from 1",
    ),
    "a copy that never rests": (
        {"PORTAL_FOLLOW_MINUTES": "0"},
        f"environment: follow_minutes: it is a number from 1 to {FOLLOW_MAX_MINUTES}",
    ),
    "a copy that hardly asks": (
        {"PORTAL_FOLLOW_MINUTES": f"{FOLLOW_MAX_MINUTES + 1}"},
        f"environment: follow_minutes: it is a number from 1 to {FOLLOW_MAX_MINUTES}",
    ),
    "an address of Tor without a port": (
        {"PORTAL_TOR_SOCKS": "127.0.0.1"},
        "environment: tor_socks: it is the path of a socket of Tor, or an address:port",
    ),
    "a control port beyond the last": (
        {"PORTAL_TOR_CONTROL": "65536"},
        "environment: tor_control: it is the path of a socket of Tor, or an address:port",
    ),
    "no core": ({"PORTAL_CORES": "0"}, "environment: cores: it is a number from 1"),
    "an onion address of version 2": (
        {"PORTAL_ONION_ADDRESS": "aaaaaaaaaaaaaaaa.onion"},
        "environment: onion_address: it is 56 letters and digits, then .onion",
    ),
    "circuits of a service in a Tor that is there already": (
        {"PORTAL_ONION_CIRCUITS": "true"},
        'settings: onion_circuits: it goes with onion_address, or with onion = "launch": only a service of a torrc '
        "reports its circuits",
    ),
    "circuits neither told nor not": (
        {"PORTAL_ONION_CIRCUITS": "yes"},
        "environment: onion_circuits: it is true or false",
    ),
    "a port of the organisers that is none": (
        {"PORTAL_ORGANISERS_PORT": "http"},
        "environment: organisers_port: it is a number from 0 to 65535",
    ),
    "an unknown place of the organisers": (
        {"PORTAL_ORGANISERS": "nowhere"},
        "environment: organisers: it is one of: onion, everywhere, local",
    ),
    "an onion of the organisers' own that is neither true nor false": (
        {"PORTAL_ORGANISERS_ONION": "1"},
        "environment: organisers_onion: it is true or false",
    ),
    "an onion of the organisers' own and no onion": (
        {"PORTAL_ORGANISERS_ONION": "true", "PORTAL_ONION": "off"},
        "settings: organisers_onion: the onion is off; turn it on, or leave this out",
    ),
    "organisers at an onion that is off": (
        {"PORTAL_ORGANISERS": "onion", "PORTAL_ONION": "off"},
        "settings: organisers: the onion is off: nobody could sign in; turn it on, or choose local or everywhere",
    ),
    "an unknown way to the onion": ({"PORTAL_ONION": "on"}, "environment: onion: it is one of: auto, launch, off"),
} | {
    f"the public address {address}": (
        {"PORTAL_PUBLIC_URL": address},
        "environment: public_url: it is an address like https://example.org, without a path",
    )
    for address in (
        "example.org",
        "ftp://example.org",
        "https://example.org/portal",
        "https://example.org?x",
        "https://user@example.org",
        "https://example.org:http",
        "https://",
        "https://exa mple.org",
    )
}


@pytest.mark.parametrize(("environment", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_wrong_value_is_refused_with_its_place_and_its_name(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as page_errors:
        read_settings(None, environment)
    assert str(page_errors.value) == sentence


WRONG_FILES: dict[str, tuple[str, str]] = {
    "a number in quotes where a list is wanted": ("hosts = 3", "hosts: this is not the kind of value expected"),
    "a list of numbers": ("hosts = [3]", "hosts: this is not the kind of value expected"),
    "a host with a port": ("hosts = ['example.org:80']", "hosts: it is names like example.org, without a port"),
    "yes where a number is wanted": ("port = true", "port: it is a number from 0 to 65535"),
    "a number where a text is wanted": ("host = 1", "host: this is not the kind of value expected"),
    "a table": ("[onion]\nmode = 'off'", "onion: this is not the kind of value expected"),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_wrong_file_is_refused_with_its_name(tmp_path: Path, text: str, sentence: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as page_errors:
        read_settings(file, {})
    assert str(page_errors.value) == f"{file}: {sentence}"


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "not TOML": (b"host = 'localhost'\nport: 8000", ":2:5: this is not TOML"),
    "a text without its end": (b"hosts = [", ": it is not TOML: it ends before a text or a bracket is closed"),
    "not UTF-8": (b"host = '\xff'", ": it is not UTF-8 text"),
}


@pytest.mark.parametrize(("content", "sentence"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_file_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "portal.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as page_errors:
        read_settings(file, {})
    assert str(page_errors.value) == f"{file}{sentence}"


def test_missing_file_that_was_named_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "portal.toml"
    with pytest.raises(SettingsError) as page_errors:
        read_settings(file, {})
    assert str(page_errors.value) == f"{file}: there is no such file"


def test_settings_are_frozen() -> None:
    settings: Any = Settings()
    with pytest.raises(AttributeError):
        settings.port = 1


def test_password_of_tor_is_never_shown() -> None:
    assert "hush" not in repr(Settings(tor_password="hush"))


PLACES: dict[str, tuple[Settings, str]] = {
    "no public address": (Settings(), "everywhere"),
    "no public address and no onion": (Settings(onion="off"), "everywhere"),
    "a public address": (Settings(public_url="https://event.example"), "onion"),
    "a public address and an onion of Tor's own configuration": (
        Settings(public_url="https://event.example", onion_address="a" * 56 + ".onion"),
        "onion",
    ),
    "a public address and no onion": (Settings(public_url="https://event.example", onion="off"), "local"),
    "a choice": (Settings(public_url="https://event.example", organisers="everywhere"), "everywhere"),
    "another choice": (Settings(organisers="local"), "local"),
}


@pytest.mark.parametrize(("settings", "place"), PLACES.values(), ids=PLACES.keys())
def test_organisers_pages_are_where_it_was_chosen_or_where_it_is_safest(settings: Settings, place: str) -> None:
    assert settings.organisers_place == place
