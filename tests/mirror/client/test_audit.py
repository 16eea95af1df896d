"""Results of the audit of a mirror, after whatever has been done to the mirror."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from tuf.api.exceptions import DownloadHTTPError
from tuf.api.metadata import Metadata

from portal.domain.limits import AUDIT_PATHS
from portal.domain.times import whole_minute
from portal.domain.trust.mirror_audit import AuditResult, Standing
from portal.domain.trust.mirror_errors import (
    SignaturesUnfit,
    SourceRefuses,
    SourceSilent,
    SourceStale,
    SourceUnsigned,
    VouchedTooLong,
)
from portal.mirror.client.audit import REPLACED, Reference, audit_mirror, reference_of
from portal.mirror.client.banner import LATE, Sentences, with_banner
from portal.mirror.client.fetching import Source
from portal.mirror.client.metadata import PREFIX, signed
from portal.mirror.signing.keys import PORTAL, read_signer
from portal.origin.installation import now
from portal.site.files import File
from tests.factories.mirror_scene import TIMESTAMP, Scene
from tests.fakes.tuf_changes import expired, keys_replaced, signed_by_somebody_else
from tests.fakes.tuf_repository import TufRepository
from tests.fakes.tuf_simulator import BASE, Moving, Simulator

SENTENCES: Final[Sentences] = {"fr": LATE, "en": LATE}
HOME: Final = "index.html"


class Always(random.Random):
    """Chance that always chooses the home page and that of what is gone."""

    def sample(self, population: Any, k: int, *, counts: Any = None) -> list[Any]:  # noqa: ANN401 - as the interface
        return [path for path in population if path in (HOME, "404.html")]


def reference(scene: Scene) -> Reference:
    return reference_of(scene.origin.repository.files(), scene.origin.now())


def audited(scene: Scene, source: Source | None = None) -> AuditResult:
    """Audit the mirror that the simulator is."""
    return audit_mirror(
        lambda: source or scene.simulator.source, reference(scene), SENTENCES, Always(), scene.origin.now()
    )


def found(scene: Scene, standing: Standing, **details: Any) -> AuditResult:  # noqa: ANN401 - fields of any kind
    at = whole_minute(scene.origin.now())
    return AuditResult(standing, at, at, **details)


def until(scene: Scene) -> object:
    return Metadata.from_bytes(scene.simulator.files[TIMESTAMP]).signed.expires


def test_mirror_that_follows_is_true(scene: Scene) -> None:
    assert audited(scene) == found(scene, Standing.TRUE, edition=1, until=until(scene))


def test_look_at_a_true_mirror_fetches_the_timestamp_and_the_chosen_files_alone(scene: Scene) -> None:
    scene.simulator.requests.clear()
    audit_mirror(lambda: scene.simulator.source, reference(scene), SENTENCES, random.Random(1), scene.origin.now())
    assert len(scene.simulator.requests) == 1 + min(AUDIT_PATHS, len(scene.origin.files))
    assert (scene.simulator.requests[0], len(set(scene.simulator.requests))) == (
        TIMESTAMP,
        len(scene.simulator.requests),
    )


def test_every_file_is_looked_at_sooner_or_later(scene: Scene) -> None:
    rng = random.Random(1)
    for _ in range(20):
        audit_mirror(lambda: scene.simulator.source, reference(scene), SENTENCES, rng, scene.origin.now())
    visited = {f"{path}{HOME}" if path.endswith("/") or not path else path for path in scene.simulator.requests}
    assert {path for path in visited if not path.startswith(PREFIX)} == set(scene.origin.files)


def test_mirror_of_an_earlier_edition_is_late_by_as_many(scene: Scene) -> None:
    before = dict(scene.simulator.files)
    scene.publish(2)
    scene.publish(4)
    scene.simulator.files = before
    assert audited(scene) == found(scene, Standing.LATE, edition=1, behind=3, until=until(scene))


def test_mirror_that_is_ahead_of_who_looks_is_true(scene: Scene) -> None:
    earlier = reference(scene)
    scene.publish(2)
    seen = audit_mirror(lambda: scene.simulator.source, earlier, SENTENCES, Always(), scene.origin.now())
    assert (seen.standing, seen.edition, seen.behind) == (Standing.TRUE, 2, 0)


def test_mirror_that_nobody_vouches_for_is_late_and_its_banner_is_no_alteration(scene: Scene) -> None:
    scene.publish(2, index="<body>\nhome")
    expired = reference(scene).signed.until
    scene.simulator.files[HOME] = with_banner(b"<body>\nhome", SENTENCES, expired)
    assert scene.simulator.files[HOME] != b"<body>\nhome"
    scene.origin.by = timedelta(hours=49)
    assert audited(scene) == found(scene, Standing.LATE, edition=2, until=expired)
    scene.simulator.files[HOME] = with_banner(b"<body>\nhome", SENTENCES, expired + timedelta(days=1))
    assert audited(scene) == found(scene, Standing.ALTERED, edition=2, path=HOME)


class Changing(random.Random):
    """Chance that chooses the home page first, and never again."""

    chosen = 0

    def sample(self, population: Any, k: int, *, counts: Any = None) -> list[Any]:  # noqa: ANN401 - as the interface
        self.chosen += 1
        return [HOME if self.chosen == 1 else "404.html"]


def test_file_that_is_altered_is_looked_at_again_whatever_chance_chooses_then(scene: Scene) -> None:
    scene.simulator.files[HOME] = b"mine"
    seen = audit_mirror(lambda: scene.simulator.source, reference(scene), SENTENCES, Changing(), scene.origin.now())
    assert seen == found(scene, Standing.ALTERED, edition=1, path=HOME)


def test_mirror_that_is_vouched_for_and_says_that_nobody_does_is_altered(scene: Scene) -> None:
    scene.publish(2, index="<body>\nhome")
    scene.simulator.files[HOME] = with_banner(b"<body>\nhome", SENTENCES, reference(scene).signed.until)
    assert audited(scene) == found(scene, Standing.ALTERED, edition=2, path=HOME)


@dataclass
class Case:
    """Change to a mirror, and the result of its audit after it."""

    done: Callable[[Scene], object]
    standing: Standing
    details: Mapping[str, object]


def altered(path: str, content: bytes = b"mine") -> Callable[[Scene], object]:
    return lambda scene: scene.simulator.files.update({path: content})


def drop(path: str) -> Callable[[Scene], object]:
    return lambda scene: scene.simulator.files.pop(path)


NO_SIGNATURES: Final = {"path": "tuf/", "reason": SourceUnsigned.text}
CASES: Final = {
    "a page is altered": Case(altered(HOME), Standing.ALTERED, {"edition": 1, "path": HOME}),
    "a page is gone": Case(drop(HOME), Standing.ALTERED, {"edition": 1, "path": HOME}),
    "a page goes on for ever": Case(
        lambda scene: scene.simulator.files.update({HOME: b"x" * 100_000}),
        Standing.ALTERED,
        {"edition": 1, "path": HOME},
    ),
    "there are no signatures": Case(drop(TIMESTAMP), Standing.ALTERED, NO_SIGNATURES),
    "another site is there": Case(lambda scene: scene.simulator.files.clear(), Standing.ALTERED, NO_SIGNATURES),
    "somebody else vouches": Case(
        lambda scene: scene.put("timestamp.json", forged(scene)),
        Standing.ALTERED,
        {"path": "tuf/", "reason": SignaturesUnfit.text},
    ),
    "nobody answers": Case(
        lambda scene: setattr(scene.simulator, "breaks_after", 0), Standing.SILENT, {"reason": SourceSilent.text}
    ),
    "it stops half-way": Case(
        lambda scene: setattr(scene.simulator, "breaks_after", 2), Standing.SILENT, {"reason": SourceSilent.text}
    ),
}


def forged(scene: Scene) -> Metadata[Any]:
    metadata = scene.metadata("timestamp.json")
    metadata.signed.version += 1
    return metadata


def test_mirror_that_is_vouched_for_until_the_end_of_time_is_altered(scene: Scene) -> None:
    before = reference(scene)
    now = scene.metadata("timestamp.json").signed
    now.version, now.expires = now.version + 1, datetime(9990, 1, 1, tzinfo=UTC)
    scene.put("timestamp.json", signed(now, [read_signer(scene.origin.data, PORTAL)]))
    seen = audit_mirror(lambda: scene.simulator.source, before, SENTENCES, Always(), scene.origin.now())
    details = {"path": "tuf/", "reason": VouchedTooLong.text, "details": {"when": "9990-01-01"}}
    assert seen == found(scene, Standing.ALTERED, **details)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_mirror_is_told_when(scene: Scene, case: Case) -> None:
    scene.simulator.requests.clear()
    case.done(scene)
    assert audited(scene) == found(scene, case.standing, **case.details)


def test_mirror_under_keys_that_were_replaced_is_late_and_nothing_more_is_said(scene: Scene) -> None:
    before = dict(scene.simulator.files)
    scene.origin.repository.change_portals_key()
    scene.camille.sign(scene.origin, "root")
    scene.simulator.files = before
    assert audited(scene) == found(scene, Standing.LATE, reason=REPLACED)


class Busy(Simulator):
    """A mirror that has too much to do for some requests."""

    def download_bytes(self, url: str, max_length: int) -> bytes:
        if not url.endswith(".json"):
            raise DownloadHTTPError("busy", 503)
        return super().download_bytes(url, max_length)


def test_mirror_that_is_busy_is_not_altered(scene: Scene) -> None:
    busy = Busy(scene.simulator.files)
    details = {"reason": SourceRefuses.text, "details": {"status": 503}}
    assert audited(scene, Source(BASE, BASE, busy)) == found(scene, Standing.SILENT, **details)


def test_mirror_that_takes_an_edition_meanwhile_is_not_altered(scene: Scene) -> None:
    before = dict(scene.simulator.files)
    scene.publish(2)
    seen = audited(scene, Moving(before, scene.simulator.files).source)
    assert (seen.standing, seen.edition) == (Standing.TRUE, 2)


def test_measure_of_a_portal_that_signs_nothing_is_refused() -> None:
    with pytest.raises(SourceUnsigned):
        reference_of({"index.html": File(b"", "text/html")}, now())


def found_after(change: Callable[[TufRepository], object]) -> AuditResult:
    """Change a repository after who audits it took its measure; what is found then."""
    repository = TufRepository()
    files = {path: File(content, "") for path, content in repository.simulator.files.items() if PREFIX in path}
    before = reference_of(files, repository.now)
    change(repository)
    return audit_mirror(lambda: repository.simulator.source, before, SENTENCES, Always(), repository.now)


def test_mirror_that_knows_a_newer_root_than_who_looks_is_true() -> None:
    assert found_after(keys_replaced("timestamp")).standing is Standing.TRUE


def test_mirror_whose_snapshot_has_expired_is_late() -> None:
    seen = found_after(expired("snapshot"))
    assert (seen.standing, seen.reason) == (Standing.LATE, SourceStale.text)


def test_forged_signatures_are_found_beside_a_root_that_has_expired_since() -> None:
    repository = TufRepository()
    repository.root.expires = repository.now - timedelta(hours=1)
    repository.put("root")
    repository.root.expires = repository.now + timedelta(days=1)
    keys_replaced("timestamp")(repository)
    known = reference_of(
        {path: File(content, "") for path, content in repository.simulator.files.items()}, repository.now
    )
    signed_by_somebody_else("timestamp")(repository)
    seen = audit_mirror(lambda: repository.simulator.source, known, SENTENCES, Always(), repository.now)
    assert (len(known.roots), seen.standing, seen.reason) == (2, Standing.ALTERED, SignaturesUnfit.text)
