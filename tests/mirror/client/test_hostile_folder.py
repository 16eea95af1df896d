"""A folder that somebody else wrote, on a stick for instance: what is verified in it has an end, and no way out."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, MetaFile, Snapshot, TargetFile, Targets

from portal.cli.verify import verdict_on
from portal.domain.limits import TARGET_KIB
from portal.domain.trust.mirror_errors import EditionTooLarge, EditionUnfit, MetadataMalformed, MirrorError
from portal.mirror.client.fetching import source_at
from portal.mirror.client.metadata import PREFIX, signed, timestamp_of
from portal.mirror.signing.keys import HOLDER, PORTAL, read_signer
from tests.factories.origin import Origin
from tests.fakes.tuf_simulator import put

HOME = "index.html"
HUGE = 10**12


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    origin = Origin(tmp_path / "origin").begin()
    origin.publish(1)
    return origin


def sparse(home: Path) -> None:
    with home.open("wb") as file:
        file.truncate(HUGE)


THINGS: dict[str, Callable[[Path], object]] = {
    "a pipe that nobody writes to": os.mkfifo,
    "a link in a circle": lambda home: home.symlink_to(home.name),
    "a link to a device without end": lambda home: home.symlink_to("/dev/zero"),
    "a link to a file of who verifies": lambda home: home.symlink_to("/etc/passwd"),
    "a folder": Path.mkdir,
    "a file of a terabyte": sparse,
}


@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS.keys())
def test_page_is_altered_where_there_is(origin: Origin, tmp_path: Path, make: Callable[[Path], object]) -> None:
    folder = put(origin.served(), tmp_path / "stick")
    (folder / HOME).unlink()
    make(folder / HOME)
    assert verdict_on(source_at(str(folder)), None).altered == (HOME,)


def named(path: str) -> Callable[[Targets], object]:
    return lambda targets: targets.targets.update({path: TargetFile.from_data(path, b"x", ["sha256"])})


SIGNED: dict[str, tuple[Callable[[Targets], object], type[MirrorError]]] = {
    "a page larger than a mirror takes": (
        lambda targets: setattr(targets.targets[HOME], "length", TARGET_KIB * 1024 + 1),
        EditionTooLarge,
    ),
    "a name that commands the terminal": (named("a\n\x1b[2J"), EditionUnfit),
    "a name outside of the folder": (named("../../etc/passwd"), EditionUnfit),
    "a name that none can be": (named("a\0b"), EditionUnfit),
}


@pytest.mark.parametrize(("edit", "error"), SIGNED.values(), ids=SIGNED.keys())
def test_edition_is_refused_whoever_signed_it_that_has(
    origin: Origin, tmp_path: Path, edit: Callable[[Targets], object], error: type[MirrorError]
) -> None:
    targets = Metadata[Targets].from_bytes(origin.served()[f"{PREFIX}1.targets.json"]).signed
    edit(targets)
    content = signed(targets, [read_signer(origin.data, HOLDER)]).to_bytes()
    meta = {"targets.json": MetaFile.from_data(1, content, ["sha256"])}
    folder = put({**origin.served(), **vouched(origin, meta), f"{PREFIX}1.targets.json": content}, tmp_path / "stick")
    sparse(folder / HOME)
    with pytest.raises(error):
        verdict_on(source_at(str(folder)), None)


def test_snapshot_that_names_nothing_is_refused(origin: Origin, tmp_path: Path) -> None:
    folder = put({**origin.served(), **vouched(origin, {})}, tmp_path / "stick")
    with pytest.raises(MetadataMalformed):
        verdict_on(source_at(str(folder)), None)


def vouched(origin: Origin, meta: dict[str, MetaFile]) -> dict[str, bytes]:
    """A snapshot of `meta` that the portal's own key vouches for."""
    portal = read_signer(origin.data, PORTAL)
    snapshot = signed(Snapshot(version=2, expires=origin.now() + timedelta(days=1), meta=meta), [portal])
    stamp = signed(timestamp_of(snapshot, 2, origin.now()), [portal])
    return {f"{PREFIX}2.snapshot.json": snapshot.to_bytes(), f"{PREFIX}timestamp.json": stamp.to_bytes()}
