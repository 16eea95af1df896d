"""What a thief of the machine finds: a real portal, a known person, then every file and every line it wrote."""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
import pytest

from portal.domain.ticket_code import parse_code
from tests.origin_process import CHECKOUT, Running, init_ahead, serving
from tests.routes.page import Page
from tests.traces import traces

ADDRESS: Final = "127.77.88.99"
FORWARDED: Final = "203.0.113.77"
BROWSER: Final = "Audit-Browser/7.7 (Coquelicot)"
PSEUDONYM: Final = "Nausicaä du vent"
PASSPHRASE: Final = "sept cailloux bleus dans l’eau"
WRONG: Final = "huit cailloux rouges au soleil"
LOOKED_UP: Final = "quarante-deux-pommes"
FILES_WITH_THE_PSEUDONYM: Final = {"data/registrations.json", "data/registrations.last-good.json"}


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
    with httpx.Client(base_url=portal.url, headers=headers, transport=transport, timeout=30) as client:
        yield Visitor(client)


@dataclass
class House:
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
        """Where `text` is, in a file, in a name or in a line, and in which forms."""
        files = {str(path.relative_to(self.folder)): path for path in self.folder.rglob("*") if path.is_file()}
        contents = {name: path.read_bytes() for name, path in files.items()}
        contents |= {"a name": "\n".join(files).encode(), "a line": self.lines.encode()}
        return {name: found for name, content in contents.items() if (found := traces(text, content))}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A portal that has been set up."""
    command = subprocess.run(
        init_ahead(tmp_path), cwd=tmp_path, env=CHECKOUT, capture_output=True, text=True, check=True, timeout=60
    )
    return House(tmp_path, command.stdout + command.stderr)


def registered(visitor: Visitor) -> tuple[Page, dict[str, str]]:
    """The ticket of somebody who registered, and the form that they sent for it, a wrong one and a right one."""
    page = visitor.get("/fr/inscription/")
    form = page.fields() | {"pseudonym": PSEUDONYM, "passphrase": PASSPHRASE}
    time.sleep(2.1)  # a form that comes back sooner is a robot's
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


def test_thief_finds_the_pseudonym_and_nothing_else_and_nothing_at_all_once_erased(house: House) -> None:
    with house.open() as visitor:
        ticket, form = registered(visitor)
        assert ticket.heading == "Vous avez une place"
        shown = ticket.said("//*[@class='code']")
        code = parse_code(shown)
        stumble(visitor, code)
        assert visitor.send("/fr/billet/", {"code": shown, "passphrase": PASSPHRASE}).heading == "Vous avez une place"
        # While the portal runs, then when it is stopped: nothing is written at the end that was held back before.
        assert house.places(PSEUDONYM).keys() == FILES_WITH_THE_PSEUDONYM
    assert house.places(PSEUDONYM) == {name: ["raw"] for name in FILES_WITH_THE_PSEUDONYM}
    secrets = (ADDRESS, FORWARDED, BROWSER, PASSPHRASE, WRONG, LOOKED_UP, code, shown, form["csrf_token"])
    assert {text: places for text in secrets if (places := house.places(text))} == {}

    records = json.loads((house.folder / "data" / "registrations.json").read_bytes())["tables"]["registrations"]
    ((id, record),) = records.items()
    salt, digest = record["passphrase_hash"].split("$")[-2:]
    with house.open() as visitor:
        ticket = visitor.send("/fr/billet/", {"code": code, "passphrase": PASSPHRASE})
        action = "annuler/"
        question = visitor.send(str(httpx.URL("/fr/billet/").join(ticket.action(action))), ticket.fields(action))
        fields = question.fields() | {"confirmed": "yes"}
        assert visitor.send("/fr/billet/annuler/", fields).heading == "C’est effacé"
        assert [house.places(text) for text in (PSEUDONYM, id, salt, digest)] == [{}] * 4
    gone = (*secrets, PSEUDONYM, id, salt, digest)
    assert {text: places for text in gone if (places := house.places(text))} == {}
