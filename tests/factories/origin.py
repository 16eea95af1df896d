"""An origin's signatures for the tests: a repository in a folder, key holders with folders of their own, a clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from securesystemslib.signer import Key, Signature
from tuf.api.metadata import Metadata

from portal.domain.edition.edition_file import EDITION_FILE
from portal.domain.trust.signing import Signing
from portal.mirror.client.metadata import PREFIX
from portal.mirror.signing.key_holders import enrolment, new_threshold
from portal.mirror.signing.keys import HOLDER, make_signer, read_signer
from portal.mirror.signing.repository import Repository
from portal.site.files import File, Files

ANSWERED: Final = ("fr/inscription/index.html",)
PAGES: Final[Mapping[str, str]] = {
    "index.html": "home",
    "fr/programme/index.html": "programme",
    "fr/inscription/index.html": "go to the origin",
    "fr/evenement.ics": "calendar",
    "404.html": "gone",
}


def site(number: int, **changed: str) -> Files:
    """Return the files of edition `number`: `PAGES` with a home of its own, and what is `changed` (`__` for `/`)."""
    texts = {**PAGES, "index.html": f"home of edition {number}"}
    texts |= {f"{name.replace('__', '/')}.html": text for name, text in changed.items()}
    files = {path: File(text.encode(), "text/html") for path, text in texts.items()}
    return {**files, EDITION_FILE: File(b'{"number":%d}' % number, "application/json")}


@dataclass
class Holder:
    """Somebody with a key in a folder of their own."""

    data: Path
    name: str

    def key(self) -> Key:
        """Return the public half of their key, which is made first if need be."""
        if not (self.data / "keys").exists():
            make_signer(self.data, HOLDER, self.name)
        return read_signer(self.data, HOLDER).public_key

    def signature(self, content: bytes) -> Signature:
        """Their signature over the metadata `content`."""
        metadata: Metadata[Any] = Metadata.from_bytes(content)
        return metadata.sign(read_signer(self.data, HOLDER))

    def sign(self, origin: "Origin", role: str = "targets") -> Signing:
        """Sign what waits as `role`, and send the signature."""
        metadata = origin.waiting(role)
        signature = metadata.sign(read_signer(self.data, HOLDER))
        return origin.repository.add_signature(role, signature)


@dataclass
class Origin:
    """The origin in the folder `data`, at the real time but for what its clock is turned `by`."""

    data: Path
    by: timedelta = timedelta(0)
    files: Files = field(default_factory=dict)
    repository: Repository = field(init=False)

    def __post_init__(self) -> None:
        self.repository = Repository(self.data, self.now)

    def now(self) -> datetime:
        """Return the time by its clock."""
        return datetime.now(UTC) + self.by

    def begin(self) -> "Origin":
        """Make its keys."""
        self.repository.begin("Alix")
        return self

    def publish(self, number: int, **changed: str) -> Signing:
        """Offer an edition to be signed; it is shown where it was."""
        files = site(number, **changed)
        signing = self.repository.sign(files, ANSWERED, number)
        if signing.edition == number:
            self.files = files
        return signing

    def waiting(self, role: str) -> Metadata[Any]:
        """Return the pending metadata of `role`, as a holder fetches it."""
        return Metadata.from_bytes(self.repository.files()[f"{PREFIX}waiting/{role}.json"].content)

    def served(self) -> dict[str, bytes]:
        """Return every file that a static server would have, by path."""
        return {path: file.content for path, file in {**self.files, **self.repository.files()}.items()}


def signed_by(origin: Origin, holder: Holder, number: int, **changed: str) -> None:
    """Publish an edition that waits for the signature of `holder`."""
    assert origin.publish(number, **changed).next is not None
    holder.sign(origin)
    assert origin.publish(number, **changed).edition == number


def two_of_three(folder: Path) -> tuple[Origin, Holder, Holder]:
    """Return an origin with three holders, of whom two have to sign, and edition 1 in force."""
    origin = Origin(folder / "origin").begin()
    origin.publish(1)
    billie, camille = Holder(folder / "billie", "Billie"), Holder(folder / "camille", "Camille")
    for holder in (billie, camille):
        origin.repository.change_keys(enrolment(holder.key()))
    origin.repository.change_keys(new_threshold(2))
    origin.publish(1)  # as the running portal does: its files are kept from now on
    billie.sign(origin, "root")
    assert billie.sign(origin).needed == 2
    return origin, billie, camille
