"""Pending metadata, as a key holder reads it before signing: nothing is signed that their own program does not make."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest
from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Root

from portal.cli.sign import KNOWN, UNKNOWN, show
from portal.cli.terminal import Terminal
from portal.domain.edition.change import changed
from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Edition
from portal.domain.event.event import Mirror
from portal.domain.language import Text
from portal.domain.trust.signing import in_groups
from portal.domain.trust.signing_errors import OriginUnsendable, PagesForeign, WaitingUnfit
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.metadata import PREFIX, fingerprint_of, next_root, signed, targets_of
from portal.mirror.client.tuf_client import roots_up_to
from portal.mirror.signing.key_holders import key_changes, replacement, revocation
from portal.mirror.signing.keys import HOLDER, read_signer
from portal.mirror.signing.pending import PendingAtOrigin, read_pending, send
from portal.origin.installation import now
from portal.site.catalogue import translated
from portal.site.edition_files import edition_files
from portal.site.files import File, Files
from tests.factories.origin import Holder, two_of_three
from tests.factories.sample import EVENT, STEPS, edition
from tests.fakes.tuf_simulator import Simulator

ONE = edition(EVENT, fingerprint=None)
TWO = replace(ONE, number=2, event=replace(EVENT, lead=Text("Autre", "Another")))


def made(edition: Edition) -> tuple[Files, Collection[str]]:
    return edition_files(edition), ()


class Desk:
    """A holder's machine, and the origin that they look at, where edition 1 is in force."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.billie, self.camille = two_of_three(folder)
        self.offer(ONE)
        self.billie.sign(self.origin)
        self.simulator = Simulator()
        self.files = {path: file.content for path, file in edition_files(ONE).items()}
        self.catch_up()
        self.trust = MirrorFolder(folder / "trust")
        self.trust.begin(roots_up_to(self.simulator.source, None))

    def offer(self, edition: Edition, **altered: bytes) -> None:
        files = {
            **edition_files(edition),
            **{f"{name}.html": File(text, "text/html") for name, text in altered.items()},
        }
        self.origin.repository.sign(files, (), edition.number)

    def catch_up(self) -> None:
        signatures = {path: file.content for path, file in self.origin.repository.files().items()}
        self.simulator.files = {**self.files, **signatures}

    def look(self) -> PendingAtOrigin:
        self.catch_up()
        return read_pending(self.trust, self.simulator.source, made, now())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_edition_that_waits_is_shown_beside_the_one_in_force(desk: Desk) -> None:
    desk.offer(TWO)
    found = desk.look()
    assert (found.edition, found.next_edition, found.next_root) == (ONE, TWO, None)
    assert found.fingerprint == fingerprint_of(desk.simulator.files[f"{PREFIX}4.root.json"])
    assert found.targets is not None and found.targets.signed.version == 4


def test_nothing_is_shown_where_nothing_waits(desk: Desk) -> None:
    found = desk.look()
    assert (found.next_root, found.targets, found.next_edition) == (None, None, None)


def test_page_that_does_not_follow_from_the_edition_is_refused(desk: Desk) -> None:
    desk.offer(TWO, index=b"<form action=https://thief.example>")
    with pytest.raises(PagesForeign):
        desk.look()


def test_page_beside_those_of_the_edition_is_refused(desk: Desk) -> None:
    desk.offer(TWO, another=b"a page of the thief")
    with pytest.raises(PagesForeign):
        desk.look()


def test_edition_older_than_the_one_in_force_is_refused(desk: Desk) -> None:
    targets = signed(targets_of(edition_files(replace(TWO, number=0)), (), 0, 4, desk.origin.now()), [])
    desk.catch_up()
    desk.simulator.files[f"{PREFIX}waiting/targets.json"] = targets.to_bytes()
    desk.simulator.files[f"{PREFIX}waiting/edition.json"] = edition_files(replace(TWO, number=0))[
        "edition.json"
    ].content
    with pytest.raises(WaitingUnfit):
        read_pending(desk.trust, desk.simulator.source, made, now())


def test_root_that_splits_the_roles_is_refused(desk: Desk) -> None:
    root = next_root(Metadata[Root].from_bytes(desk.simulator.files[f"{PREFIX}4.root.json"]).signed, desk.origin.now())
    root.roles["targets"].threshold = 1
    desk.simulator.files[f"{PREFIX}waiting/root.json"] = signed(root, []).to_bytes()
    with pytest.raises(WaitingUnfit):
        read_pending(desk.trust, desk.simulator.source, made, now())


def stolen(desk: Desk, holder: Holder, id: str) -> None:
    """Put a pending root in which the thief's key is under `id`, in the name of `holder`."""
    root = next_root(Metadata[Root].from_bytes(desk.simulator.files[f"{PREFIX}4.root.json"]).signed, desk.origin.now())
    mapping = Holder(desk.trust.folder / "thief", holder.name).key().to_dict()
    if id in root.keys:
        root.keys[id] = Key.from_dict(id, mapping)
    else:
        replacement(holder.name, Key.from_dict(id, mapping))(root)
    desk.simulator.files[f"{PREFIX}waiting/root.json"] = signed(root, []).to_bytes()


def renamed(desk: Desk, holder: Holder, id: str) -> None:
    """Put a pending root in which the key of `holder` has another name."""
    root = next_root(Metadata[Root].from_bytes(desk.simulator.files[f"{PREFIX}4.root.json"]).signed, desk.origin.now())
    root.keys[holder.key().keyid].unrecognized_fields["x-portal-holder"] = "Dominique"
    desk.simulator.files[f"{PREFIX}waiting/root.json"] = signed(root, []).to_bytes()


UNTOLD: dict[str, tuple[Callable[[Desk, Holder, str], None], str]] = {
    "the thief's key is there under the id of a holder": (stolen, ""),
    "the thief's new key has an id that the holders were told": (stolen, "f" * 64),
    "the key of a holder is there in another name": (renamed, ""),
}


@pytest.mark.parametrize(("wait", "id"), UNTOLD.values(), ids=UNTOLD.keys())
def test_root_is_refused_in_which(desk: Desk, wait: Callable[[Desk, Holder, str], None], id: str) -> None:
    wait(desk, desk.camille, id or desk.camille.key().keyid)
    with pytest.raises(WaitingUnfit):
        read_pending(desk.trust, desk.simulator.source, made, now())


def test_root_with_a_new_key_under_its_own_id_is_shown(desk: Desk) -> None:
    stolen(desk, desk.camille, Holder(desk.trust.folder / "thief", "Camille").key().keyid)
    assert read_pending(desk.trust, desk.simulator.source, made, now()).next_root is not None


def test_change_of_the_holders_is_told_in_words(desk: Desk) -> None:
    desk.origin.repository.change_keys(revocation("Camille"))
    desk.origin.repository.change_portals_key()
    found = desk.look()
    assert found.next_root is not None
    messages = [
        translated("en", change.text, change.details_in("en"))
        for change in key_changes(found.root, found.next_root.signed)
    ]
    assert messages == [
        f"No longer a key holder: “Camille”, key {desk.camille.key().keyid}.",
        "The portal gets a new key of its own.",
    ]


FINGERPRINTS: dict[str, tuple[int | None, str]] = {
    "that of the root of trust in force": (4, KNOWN),
    "that of the first root of trust, whose one key a thief has with the server": (1, UNKNOWN),
    "that of a root of trust of the thief's own": (None, UNKNOWN),
}


@pytest.mark.parametrize(("version", "words"), FINGERPRINTS.values(), ids=FINGERPRINTS.keys())
def test_new_fingerprint_is_told_and_compared(
    desk: Desk, capsys: pytest.CaptureFixture[str], version: int | None, words: str
) -> None:
    root = desk.simulator.files[f"{PREFIX}{version}.root.json"] if version else b"another"
    desk.offer(edition(replace(EVENT, lead=TWO.event.lead), fingerprint=fingerprint_of(root)))
    show(Terminal("en", {}), desk.look())
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"  - The fingerprint on the pages: {in_groups(fingerprint_of(root))}",
        words,
    ]


def test_fingerprint_that_stays_is_not_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.offer(TWO)
    show(Terminal("en", {}), desk.look())
    assert "ingerprint" not in capsys.readouterr().out


def lines_shown(desk: Desk, capsys: pytest.CaptureFixture[str], waits: Edition) -> list[str]:
    desk.offer(waits)
    show(Terminal("en", {}), desk.look())
    return capsys.readouterr().out.splitlines()


def test_news_that_were_not_shown_are_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    newest, texts = STEPS[0], ["New on that page:", "  “Autre"]
    own = replace(newest, number=3, comment="Three", changes=tuple(changes(EVENT, TWO.event)))
    three = replace(TWO, number=3, comment="Three", history=(own, *STEPS))
    assert lines_shown(desk, capsys, three)[2:] == texts
    messages = changed("“%(title)s” is at http://thief.example from now on.", title="Registration")
    false = replace(newest, comment="We moved", changes=(messages,))
    four = replace(three, number=4, history=(replace(own, number=4), replace(own, changes=(messages,)), false))
    assert lines_shown(desk, capsys, four)[2:] == [
        *texts,
        "The news will say of edition 3, “Three”:",
        "  - “Registration” is at http://thief.example from now on.",
        "The news will say of edition 2, “We moved”:",
        "  - “Registration” is at http://thief.example from now on.",
        "The news will no longer mention edition 1.",
    ]


def test_texts_that_no_change_shows_are_shown_whole(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    mirror = Mirror("copy", "A copy", "Somebody", ("https://thief.example",))
    access = Text("Métro.\n\nEnvoyez 5 € à\u202ehttp://voleur.example", "Métro: line 7.")
    event = replace(EVENT, mirrors=(*EVENT.mirrors, mirror), texts=replace(EVENT.texts, access=access))
    assert lines_shown(desk, capsys, replace(TWO, event=event))[1:] == [
        "  - How to come: the French text has changed.",
        "  - New copy: “A copy”.",
        "New on that page:",
        "  “Métro.",
        "   ",
        "   Envoyez 5 € à\ufffdhttp://voleur.example",
        "  “Somebody",
        "  “https://thief.example",
    ]


def test_nothing_that_waits_commands_the_terminal(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    shown = lines_shown(desk, capsys, replace(TWO, comment="Ok”:\n  - Nothing.\x1b[2A\x1b[J\u202e"))
    assert shown[0] == "Edition 2, “Ok”:   - Nothing.\ufffd[2A\ufffd[J\ufffd”, makes these changes to edition 2:"
    assert len(shown) == 4


def test_signature_can_be_sent_to_a_running_portal_alone(desk: Desk) -> None:
    desk.offer(TWO)
    targets = desk.look().targets
    assert targets is not None
    with pytest.raises(OriginUnsendable):
        send(desk.simulator.source, read_signer(desk.billie.data, HOLDER), targets)
