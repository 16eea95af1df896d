"""Finds of a thief of the machine: a real portal, a known person, then every file and every line it wrote."""

import base64
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
import pytest

from portal.domain.registration.hashing import KEY_BYTES
from portal.domain.registration.sealing import open_with_passphrase_key, open_with_private_key, seal_pseudonym, unwrap
from portal.domain.registration.ticket_code import parse_code
from tests.factories.origin_process import CHECKOUT, Running, init_ahead, serving
from tests.factories.page import Page
from tests.traces import traces
from tests.waiting import PATIENCE, let_a_form_age

ADDRESS: Final = "127.77.88.99"
FORWARDED: Final = "203.0.113.77"
BROWSER: Final = "Audit-Browser/7.7 (Coquelicot)"
PSEUDONYM: Final = "Nausicaä du vent"
PASSPHRASE: Final = "sept cailloux bleus dans l’eau"
WRONG: Final = "huit cailloux rouges au soleil"
LOOKED_UP: Final = "quarante-deux-pommes"


@dataclass
class Visitor:
    """A person at a known address with a known browser, who gives away all that a browser can."""

    client: httpx.Client

    def get(self, path: str) -> Page:
        """Open a page."""
        return Page(self.client.get(path))

    def send(self, path: str, fields: Mapping[str, str]) -> Page:
        """Send a form."""
        return Page(self.client.post(path, data=dict(fields)))

    def send_all(self, path: str, *several: Mapping[str, str]) -> list[int]:
        """Send forms one after the other; the status of each answer."""
        return [self.send(path, fields).status for fields in several]


@contextmanager
def visiting(portal: Running) -> Iterator[Visitor]:
    """A visitor of a portal."""
    headers = {
        "User-Agent": BROWSER,
        "X-Forwarded-For": FORWARDED,
        "Forwarded": f"for={FORWARDED}",
        "Referer": f"http://elsewhere.example/{LOOKED_UP}",
        "Cookie": f"seen={LOOKED_UP}",
    }
    transport = httpx.HTTPTransport(local_address=ADDRESS)
    with httpx.Client(base_url=portal.url, headers=headers, transport=transport, timeout=PATIENCE) as client:
        yield Visitor(client)


@dataclass
class Harness:
    """A portal in a folder of its own, and every line that its processes wrote."""

    folder: Path
    lines: str = ""

    @contextmanager
    def open(self) -> Iterator[Visitor]:
        """The portal at work, and somebody in it; it is stopped at the end."""
        with serving(self.folder) as portal:
            with visiting(portal) as visitor:
                yield visitor
            assert portal.stop() == 0
            assert portal.process.stdout is not None
            self.lines += "\n".join([*portal.lines, portal.process.stdout.read()])

    def places(self, text: str) -> dict[str, list[str]]:
        """Return the places of `text`, in a file, a name or a line, and its forms there."""
        files = {str(path.relative_to(self.folder)): path for path in self.folder.rglob("*") if path.is_file()}
        contents = {name: path.read_bytes() for name, path in files.items()}
        contents |= {"a name": "\n".join(files).encode(), "a line": self.lines.encode()}
        return {name: found for name, content in contents.items() if (found := traces(text, content))}


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    """A portal that has been set up."""
    command = subprocess.run(
        init_ahead(tmp_path), cwd=tmp_path, env=CHECKOUT, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    return Harness(tmp_path, command.stdout + command.stderr)


def registered(visitor: Visitor) -> tuple[Page, dict[str, str]]:
    """The ticket of somebody who registered, and the form that they sent for it, a wrong one and a right one."""
    page = visitor.get("/fr/inscription/")
    form = page.fields() | {"pseudonym": PSEUDONYM, "passphrase": PASSPHRASE}
    let_a_form_age()
    assert visitor.send_all("/fr/inscription/", form | {"passphrase": "court"}, form | {"pseudonym": "\u202e"}) == [
        422,
        422,
    ]
    return visitor.send("/fr/inscription/", form), form


def stumble(visitor: Visitor, code: str) -> None:
    """Everything that may be logged by a careless server: wrong paths, wrong forms, wrong methods, no HTTP at all."""
    for path in (f"/fr/billet/{code}", f"/{LOOKED_UP}", f"/fr/?code={code}&q={quote(PSEUDONYM)}", f"/fr/{WRONG}"):
        visitor.get(path)
    visitor.send_all("/fr/billet/", {"code": code, "passphrase": WRONG}, {"code": code[:-1], "passphrase": WRONG}, {})
    visitor.send("/fr/programme/", {"q": LOOKED_UP})
    visitor.client.post("/fr/inscription/", content=PASSPHRASE.encode(), headers={"content-type": "text/plain"})
    visitor.client.post("/fr/inscription/", content=b"x" * 100_000 + LOOKED_UP.encode())
    visitor.client.get("/fr/", headers={"Host": f"{LOOKED_UP}.example"})
    visitor.client.request(LOOKED_UP.upper(), "/fr/")


def keys_on_the_disk(folder: Path) -> set[bytes]:
    """Every 32 bytes that a thief may take for a key: the key files, and each 32 bytes of whatever text stands for."""
    found = {path.read_bytes() for path in (folder / "keys").iterdir() if path.stat().st_size == KEY_BYTES}
    for file in folder.glob("*.json"):
        for word in re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", file.read_bytes()):
            raw = bytes.fromhex(word.decode()) if re.fullmatch(rb"(?:[0-9a-f]{2})+", word) else b""
            for content in (raw, base64.b64decode(word.rstrip(b"=") + b"=" * (-len(word.rstrip(b"=")) % 4))):
                found |= {content[start : start + KEY_BYTES] for start in range(len(content) - KEY_BYTES + 1)}
    return {key for key in found if len(key) == KEY_BYTES}


def assert_nothing_opens(folder: Path, id: str, sealed_pseudonym: str) -> None:
    """No key of the folder opens the pseudonym, the organisers' key, or tells that a guess is right."""
    organisers = json.loads((folder / "organisers.json").read_bytes())["tables"]
    public_key = bytes.fromhex(organisers["sealing"]["in force"]["public_key"])
    wrapped = [organiser["wrapped_key"] for organiser in organisers["organisers"].values()]
    keys = keys_on_the_disk(folder) | {bytes.fromhex(id), sha256(bytes.fromhex(id)).digest(), PASSPHRASE.encode()[:32]}
    assert len(keys) > 100
    assert all(wrapped)
    for key in keys:
        assert open_with_passphrase_key(sealed_pseudonym, key) is None
        assert open_with_private_key(sealed_pseudonym, key) is None
        assert [unwrap(wrapped_key, key) for wrapped_key in wrapped] == [None] * len(wrapped)
        guessed = seal_pseudonym(PSEUDONYM, key, public_key).split(".")
        assert set(guessed) & set(sealed_pseudonym.split(".")) == set()


def test_thief_finds_nothing_that_a_person_gave_and_nothing_at_all_once_erased(harness: Harness) -> None:
    with harness.open() as visitor:
        ticket, form = registered(visitor)
        assert ticket.heading == "Vous avez une place"
        shown = ticket.text_of("//*[@class='code']")
        code = parse_code(shown)
        stumble(visitor, code)
        assert visitor.send("/fr/billet/", {"code": shown, "passphrase": PASSPHRASE}).heading == "Vous avez une place"
        # While the portal runs, then when it is stopped: nothing is written at the end that was held back before.
        assert harness.places(PSEUDONYM) == {}
    secrets = (ADDRESS, FORWARDED, BROWSER, PSEUDONYM, PASSPHRASE, WRONG, LOOKED_UP, code, shown, form["csrf_token"])
    assert {text: places for text in secrets if (places := harness.places(text))} == {}

    records = json.loads((harness.folder / "data" / "registrations.json").read_bytes())["tables"]["registrations"]
    ((id, record),) = records.items()
    assert_nothing_opens(harness.folder / "data", id, record["sealed_pseudonym"])
    salt, digest = record["passphrase_hash"].split("$")[-2:]
    with harness.open() as visitor:
        ticket = visitor.send("/fr/billet/", {"code": code, "passphrase": PASSPHRASE})
        action = "annuler/"
        question = visitor.send(str(httpx.URL("/fr/billet/").join(ticket.action(action))), ticket.fields(action))
        fields = question.fields()
        assert visitor.send("/fr/billet/annuler/", fields).heading == "C’est effacé"
        assert [harness.places(text) for text in (PSEUDONYM, id, salt, digest)] == [{}] * 4
    gone = (*secrets, id, salt, digest)
    assert {text: places for text in gone if (places := harness.places(text))} == {}
