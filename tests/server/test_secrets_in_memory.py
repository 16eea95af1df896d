"""Passphrases are not kept in the memory of the portal once they were hashed: all of it is searched for them."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from urllib.parse import quote_plus

import httpx
import pytest

from tests.factories.origin_process import CHECKOUT, PORTAL, serving
from tests.waiting import PATIENCE, let_a_form_age

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="root alone reads its memory"),
]

PEOPLE: Final = 24
AT_ONCE: Final = 8
OTHER_REQUESTS: Final = 40
LEFT_AT_MOST: Final = 4
"""People whose passphrase may be found: those of the last forms."""
FORM: Final = "fr/inscription/"


def register(url: str, token: str, passphrase: str) -> int:
    """Register; return the status of the answer."""
    return httpx.post(url + FORM, data={"csrf_token": token, "passphrase": passphrase}, timeout=PATIENCE).status_code


def new_form(url: str) -> tuple[str, str]:
    """Return the token of a new form, and its generated passphrase."""
    page = httpx.get(url + FORM, timeout=PATIENCE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    passphrase = re.search(r"<textarea[^>]*>\s*([a-z -]+)</textarea>", page)
    assert token is not None
    assert passphrase is not None
    return token[1], passphrase[1]


def found_in_memory(pid: int, secrets: list[str]) -> set[str]:
    """Return those of `secrets` in the memory that the process can write (proc(5)), in any encoding."""
    encodings = ("utf-8", "utf-16-le", "utf-32-le")
    forms = {secret: [*(secret.encode(name) for name in encodings), quote_plus(secret).encode()] for secret in secrets}
    found = set[str]()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            place, access = line.split()[:2]
            if access.startswith("rw"):
                start, end = (int(number, 16) for number in place.split("-"))
                memory.seek(start)
                content = memory.read(end - start)
                found |= {secret for secret, spelt in forms.items() if any(form in content for form in spelt)}
    return found


def test_passphrases_are_gone_once_they_were_hashed(tmp_path: Path) -> None:
    environment = CHECKOUT | {"PORTAL_REGISTRATIONS_PER_MINUTE": "1000"}
    subprocess.run([*PORTAL, "init"], cwd=tmp_path, env=os.environ | environment, check=True, capture_output=True)
    with serving(tmp_path, environment=environment) as running:
        forms = [new_form(running.url) for _ in range(PEOPLE)]
        let_a_form_age()
        with ThreadPoolExecutor(AT_ONCE) as senders:
            answers = list(senders.map(lambda form: register(running.url, *form), forms))
        assert answers == [200] * PEOPLE
        for _ in range(OTHER_REQUESTS):
            httpx.get(running.url + FORM, timeout=PATIENCE)
        assert len(found_in_memory(running.process.pid, [secret for _, secret in forms])) <= LEFT_AT_MOST
