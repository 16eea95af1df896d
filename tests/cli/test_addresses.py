"""`portal onion card` and `portal verify`: a card is made by the key at hand, and checked by anybody, offline."""

import io
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from onion.identity.address import address_of
from onion.identity.ed25519 import public_key
from onion.identity.key import TOR_HEADER, load_or_create_key, read_secret
from portal.cli.main import run_command
from tests.factories.origin_process import CHEAP

Typed = Callable[..., tuple[int, str, str]]

FRENCH: Final = {**CHEAP, "LC_ALL": "fr_FR.UTF-8"}
WEB: Final = {"PORTAL_PUBLIC_URL": "https://event.example"}


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types a command in a folder where a portal is set up; its status, and what it says on both its outputs."""
    monkeypatch.chdir(tmp_path)
    assert run_command(["init"], CHEAP | WEB) == 0
    capsys.readouterr()

    def type_(*words: str, **environment: str) -> tuple[int, str, str]:
        status = run_command(words, CHEAP | WEB | environment)
        return (status, *capsys.readouterr())

    return type_


def made_key(file: Path = Path("data/keys/onion")) -> str:
    """Make the onion's key as the portal does; its address."""
    load_or_create_key(file, random.Random(1))
    return address_of(public_key(read_secret(file)))


def test_card_is_made_with_the_portals_own_key_and_checked(typed: Typed) -> None:
    address = made_key()
    status, card, _ = typed("onion", "card")
    assert (status, card.split("\n")[1:4]) == (
        0,
        [
            "Événement / Event: Conférence onestla.tech",
            f"Onion: http://{address}",
            "Web: https://event.example",
        ],
    )
    Path("card.txt").write_text(card, encoding="utf-8")
    status, output, _ = typed("verify", "card.txt")
    assert (status, output.split("\n")[0]) == (
        0,
        "This card is true: the owner of its onion address signed it, word for word.",
    )
    assert output.split("\n")[1:4] == [
        "    Conférence onestla.tech",
        f"    http://{address}",
        "    https://event.example",
    ]
    assert "It does not prove" in output


def test_altered_card_is_false_in_words_and_by_its_status(typed: Typed) -> None:
    made_key()
    card = typed("onion", "card")[1].replace("event.example", "evil.example")
    Path("card.txt").write_text(card, encoding="utf-8")
    status, output, _ = typed("verify", "card.txt")
    assert status == 1
    assert output.startswith("This card is FALSE")
    assert "evil" not in output


def test_what_is_no_card_has_another_status(typed: Typed) -> None:
    status, _, output = typed("verify", "data/programme.json")
    assert (status, output.startswith("portal: data/programme.json is not an address card")) == (2, True)
    assert typed("verify", "nothing")[0] == 2


def test_verdict_is_told_in_french(typed: Typed) -> None:
    made_key()
    Path("card.txt").write_text(typed("onion", "card")[1], encoding="utf-8")
    output = typed("verify", "card.txt", **FRENCH)[1]
    assert output.startswith("Cette carte est vraie")
    assert "Elle ne prouve pas" in output


def test_card_needs_a_key(typed: Typed) -> None:
    status, card, output = typed("onion", "card")
    assert (status, card) == (2, "")
    assert "data/keys/onion" in output
    assert not Path("data/keys/onion").exists()


def tor_file() -> tuple[Path, str]:
    """Make a key as Tor keeps it, and its address."""
    other = Path("other/onion")
    address = made_key(other)
    service = Path("service")
    service.mkdir(mode=0o700)
    file = service / "hs_ed25519_secret_key"
    file.write_bytes(TOR_HEADER + read_secret(other))
    file.chmod(0o600)
    return file, address


def test_key_of_tor_signs_too(typed: Typed) -> None:
    file, address = tor_file()
    status, card, _ = typed("onion", "card", "--key", str(file))
    assert status == 0
    assert f"Onion: http://{address}\n" in card


def test_key_may_come_by_a_pipe(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    file, address = tor_file()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    status, card, _ = typed("onion", "card", "--key", "-", PORTAL_ONION_ADDRESS=address)
    assert status == 0
    assert f"Onion: http://{address}\n" in card


def test_key_of_another_address_signs_nothing(typed: Typed) -> None:
    file, address = tor_file()
    known = f"{'a' * 56}.onion"
    status, card, output = typed("onion", "card", "--key", str(file), PORTAL_ONION_ADDRESS=known)
    assert (status, card) == (2, "")
    assert (
        output
        == f"portal: {file} holds the key of {address}, but this portal is known by {known}. Nothing was signed.\n"
    )


def test_key_that_is_open_to_others_signs_nothing(typed: Typed) -> None:
    file, _ = tor_file()
    file.chmod(0o640)
    status, card, output = typed("onion", "card", "--key", str(file))
    assert (status, card) == (2, "")
    assert "chmod go=" in output
