"""An edition that is handed to a mirror is taken by its signatures alone, and nothing else is kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from portal.domain.language import Text
from portal.domain.limits import METADATA_KIB
from portal.domain.trust.mirror_errors import (
    FileAltered,
    MetadataMalformed,
    MirrorError,
    NoRunningMirror,
    SignaturesUnfit,
    SourceOlder,
    SourceTooLarge,
)
from portal.mirror.client.fetching import HttpFetcher, Source, ignore_progress, source_at
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.follow import Rebuild, RebuildOnce, follow, nothing_rebuilt
from portal.mirror.client.metadata import PREFIX
from portal.mirror.client.push import OFFER, OfferAnswer, accept_file, accept_metadata, is_missing, push
from portal.mirror.client.tuf_client import roots_up_to
from portal.mirror.signing.keys import HOLDER, read_signer
from portal.origin.installation import now
from portal.site.edition_files import LazyFiles, edition_files
from tests.factories.mirror_scene import TIMESTAMP, Scene
from tests.factories.origin import Origin
from tests.factories.sample import EVENT, edition
from tests.fakes.tuf_repository import TufRepository
from tests.fakes.tuf_simulator import Simulator


def metadata(scene: Scene) -> bytes:
    """Return the metadata of the source, as it is pushed."""
    texts = {path.removeprefix(PREFIX): text.decode() for path, text in scene.simulator.files.items() if PREFIX in path}
    return json.dumps(texts).encode()


def served(scene: Scene) -> ServedEdition:
    found = scene.mirror.load()
    assert found is not None
    return found


def offer(scene: Scene) -> OfferAnswer:
    return accept_metadata(scene.mirror, served(scene), metadata(scene), nothing_rebuilt, now())


def test_edition_is_in_force_once_its_last_file_is_there(scene: Scene) -> None:
    scene.publish(2, fr__programme__index="another programme")
    missing = offer(scene).missing
    contents = {sha256(content).hexdigest(): content for content in scene.simulator.files.values()}
    assert len(missing) == 3
    for hash in missing:
        assert is_missing(scene.mirror, hash)
        assert served(scene).edition == 1
        assert offer(scene).served is None
        accept_file(scene.mirror, hash, contents[hash])
        assert not is_missing(scene.mirror, hash)
    taken = offer(scene)
    assert taken.served is not None and taken.served.edition == served(scene).edition == 2
    assert offer(scene) == OfferAnswer((), None)


def test_edition_in_force_that_comes_written_otherwise_is_not_put_in_force_again(scene: Scene) -> None:
    """Signatures hold whatever spaces are added, and whoever pushes it has it from the mirror itself."""
    scene.simulator.files[TIMESTAMP] += b" "
    before = sorted(path.name for path in (scene.mirror.folder / "served").iterdir())
    assert offer(scene) == OfferAnswer((), None)
    assert sorted(path.name for path in (scene.mirror.folder / "served").iterdir()) == before


def test_file_that_no_verified_edition_names_is_not_kept(scene: Scene) -> None:
    scene.publish(2)
    hash = offer(scene).missing[0]
    before = sorted(path.name for path in (scene.mirror.folder / "files").iterdir())
    for name, content in ((hash, b"something else"), (sha256(b"mine").hexdigest(), b"mine"), ("../pinned.json", b"")):
        with pytest.raises(FileAltered):
            accept_file(scene.mirror, name, content)
    assert sorted(path.name for path in (scene.mirror.folder / "files").iterdir()) == before


def forged(scene: Scene) -> bytes:
    scene.vouch_for(3, scene.forge(read_signer(scene.origin.data, HOLDER)).to_bytes())
    return metadata(scene)


def older(scene: Scene) -> bytes:
    old = metadata(scene)
    scene.publish(2)
    scene.follow()
    return old


OFFERS: dict[str, tuple[Callable[[Scene], bytes], type[MirrorError]]] = {
    "too few signatures": (forged, SignaturesUnfit),
    "an older edition": (older, SourceOlder),
    "no metadata": (lambda _: b"{}", MirrorError),
    "no object": (lambda _: b"[1]", MetadataMalformed),
    "no texts": (lambda _: b'{"timestamp.json": 1}', MetadataMalformed),
    "no JSON": (lambda _: b"<html>", MetadataMalformed),
    "half a character": (lambda _: b'{"timestamp.json": "\\ud800"}', MetadataMalformed),
    "brackets without end": (lambda _: b"[" * 100_000, MetadataMalformed),
}


@pytest.mark.parametrize(("bring", "error"), OFFERS.values(), ids=OFFERS.keys())
def test_edition_is_served_on_when_somebody_brings(
    scene: Scene, bring: Callable[[Scene], bytes], error: type[MirrorError]
) -> None:
    body = bring(scene)
    before = served(scene)
    with pytest.raises(error):
        accept_metadata(scene.mirror, before, body, nothing_rebuilt, now())
    assert served(scene) == before


class Handed(HttpFetcher):
    """A mirror at an address, without the wire: what is posted to it."""

    def __init__(self, mirror: MirrorFolder, rebuild: Rebuild) -> None:
        super().__init__("http://copy.example")
        self._mirror, self._rebuild = mirror, RebuildOnce(rebuild)
        self.posted: list[str] = []

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        path = url.removeprefix("http://copy.example/")
        self.posted.append(path)
        if path != OFFER:
            accept_file(self._mirror, path.removeprefix(f"{OFFER}/"), body)
            return 200, b"{}"
        before = self._mirror.load()
        assert before is not None
        return 200, json.dumps(
            {"missing": accept_metadata(self._mirror, before, body, self._rebuild, now()).missing}
        ).encode()


@pytest.mark.parametrize("rebuild", [LazyFiles, nothing_rebuilt], ids=["made", "brought"])
def test_edition_that_is_handed_over_travels_alone_where_the_mirror_can_make_its_pages(
    tmp_path: Path, rebuild: Rebuild
) -> None:
    origin, source, mirror = Origin(tmp_path / "origin").begin(), Simulator(), MirrorFolder(tmp_path / "copy")
    first = edition(EVENT)
    second = replace(first, number=first.number + 1, event=replace(EVENT, lead=Text("Autre", "Another")))
    for each in (first, second):
        site = edition_files(each)
        origin.repository.sign(site, (), each.number)
        source.files = {path: file.content for path, file in {**site, **origin.repository.files()}.items()}
        if each == first:
            mirror.begin(roots_up_to(source.source, None))
            follow(mirror, source.source, None, ignore_progress, nothing_rebuilt, now())
    handed = Handed(mirror, rebuild)
    to = Source("http://copy.example", "http://copy.example/", handed)
    assert push(source.source, to, roots_up_to(source.source, None)[-1], ignore_progress, now()) == second.number
    handed.close()
    others = {file.content for file in site.values()} - {file.content for file in edition_files(first).values()}
    offers = [path for path in handed.posted if path == "tuf/offer"]
    assert (len(offers), len(handed.posted) - len(offers)) == (3, 1 if rebuild is LazyFiles else len(others))
    after = mirror.load()
    assert after and {path: file.content for path, file in after.files.items()} == {
        path: file.content for path, file in site.items()
    }


class Answering(HttpFetcher):
    """A mirror that answers the same to everything that is handed to it."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("a copy")
        self.answer = answer
        self.handed: list[str] = []

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        self.handed.append(url)
        return 200, self.answer


def handed_to(scene: Scene, answer: bytes) -> list[str]:
    """Push to a mirror that gives this `answer` to everything; return what it was handed before it was given up."""
    to = Answering(answer)
    with pytest.raises(NoRunningMirror):
        push(
            scene.simulator.source,
            Source("", "", to),
            roots_up_to(scene.simulator.source, None)[-1],
            ignore_progress,
            now(),
        )
    to.close()
    return to.handed


HOME = sha256(b"home of edition 1").hexdigest()
ANSWERS: dict[str, tuple[bytes, list[str]]] = {
    "no JSON": (b"<html>", []),
    "no object": (b"[1]", []),
    "no list": (b'{"missing": 5}', []),
    "brackets without end": (b"[" * 100_000, []),
    "a file that is none of the edition": (b'{"missing": ["../../etc/passwd"]}', []),
    "the same file again and again": (
        json.dumps({"missing": [HOME] * 1_000}).encode(),
        [f"tuf/offer/{HOME}", "tuf/offer"],
    ),
}


@pytest.mark.parametrize(("answer", "handed"), ANSWERS.values(), ids=ANSWERS.keys())
def test_mirror_is_given_up_that_answers(scene: Scene, answer: bytes, handed: list[str]) -> None:
    assert handed_to(scene, answer) == ["tuf/offer", *handed]


def test_edition_is_handed_to_no_folder(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(NoRunningMirror):
        push(
            scene.simulator.source,
            source_at(str(tmp_path)),
            roots_up_to(scene.simulator.source, None)[-1],
            ignore_progress,
            now(),
        )


def test_edition_with_more_metadata_than_a_mirror_takes_is_not_handed_on() -> None:
    repository = TufRepository()
    for _ in range(3):
        repository.root.unrecognized_fields["custom-field"] = "x" * (METADATA_KIB * 1024 * 3 // 4)
        repository.release("root")
    source = repository.simulator.source
    with pytest.raises(SourceTooLarge):
        push(source, Source("", "", Answering(b"")), roots_up_to(source, None)[-1], ignore_progress, now())
