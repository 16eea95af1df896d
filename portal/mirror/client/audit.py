"""Audit of a mirror that somebody else runs: whether its visitors get what was signed, and the newest edition."""

import random
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tuf.api.metadata import Metadata, Root

from portal.domain.language import N_
from portal.domain.limits import AUDIT_PATHS
from portal.domain.times import whole_minute
from portal.domain.trust.mirror_audit import AuditResult, Standing
from portal.domain.trust.mirror_errors import (
    MetadataMalformed,
    MirrorError,
    SignaturesUnfit,
    SourceMixed,
    SourceOlder,
    SourceStale,
    SourceTooLarge,
    SourceUnsigned,
    VouchedTooLong,
)
from portal.mirror.client.banner import Sentences, due_sentences
from portal.mirror.client.fetching import MemoryFetcher, Source, ignore_progress
from portal.mirror.client.metadata import PREFIX
from portal.mirror.client.tuf_client import VerifiedMetadata, verified_metadata, verified_under
from portal.mirror.client.verify import verify
from portal.site.files import Files

REPLACED: Final = N_("it is signed by keys that the organisers have replaced since")
_HERE: Final = "here:/"
_ROOT: Final = re.compile(rf"{PREFIX}([1-9]\d*)\.root\.json")
_FALSE: Final = (
    MetadataMalformed,
    SignaturesUnfit,
    SourceMixed,
    SourceOlder,
    SourceTooLarge,
    SourceUnsigned,
    VouchedTooLong,
)
"""Errors of metadata that came; after all others, none came."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference for mirrors: the roots of trust, the newest last, and the metadata that is signed under that one."""

    roots: tuple[bytes, ...]
    signed: VerifiedMetadata


def reference_of(metadata: Files, now: datetime) -> Reference:
    """Return the reference that is published as `metadata`, by path below `PREFIX`. Raises `MirrorError`."""
    files = {path: file.content for path, file in metadata.items()}
    numbers = sorted(int(found[1]) for path in files if (found := _ROOT.fullmatch(path)))
    if not numbers:
        raise SourceUnsigned
    roots = tuple(files[f"{PREFIX}{number}.root.json"] for number in numbers)
    return Reference(roots, verified_metadata(Source("", _HERE, MemoryFetcher(_HERE, files)), roots[-1], now))


def audit_mirror(
    opened: Callable[[], Source], reference: Reference, sentences: Sentences, rng: random.Random, now: datetime
) -> AuditResult:
    """Audit a mirror; `opened` opens it for each attempt over another circuit.

    `AUDIT_PATHS` files, chosen by `rng`, are compared with what was signed. A fault counts when
    it is found twice, at the same file: a circuit may break, a mirror may be between two editions.
    """

    def attempt(altered: str = "") -> AuditResult:
        with closing(opened()) as source:
            return _audit_once(source, reference, sentences, rng, now, altered)

    first = attempt()
    return first if first.standing in (Standing.TRUE, Standing.LATE) else attempt(first.path)


def _audit_once(
    source: Source, reference: Reference, sentences: Sentences, rng: random.Random, now: datetime, again: str
) -> AuditResult:
    """Audit `source` once, the file `again` included."""
    at = whole_minute(now)
    try:
        signed = _signed_at(source, reference, now)
        if signed is None:
            return AuditResult(Standing.LATE, at, at, reason=REPLACED)
        paths = sorted(signed.targets.targets)
        chosen = rng.sample(paths, min(AUDIT_PATHS, len(paths)))
        chosen = [again, *chosen] if again in paths and again not in chosen else chosen
        banner = due_sentences(sentences, signed.until, now)
        altered = verify(source, signed, chosen, banner, False, ignore_progress).altered
    except _FALSE as error:
        return AuditResult(Standing.ALTERED, at, at, path=PREFIX, reason=error.text, details=error.details)
    except SourceStale as error:
        return AuditResult(Standing.LATE, at, at, reason=error.text)
    except MirrorError as error:
        return AuditResult(Standing.SILENT, at, at, reason=error.text, details=error.details)
    if altered:
        return AuditResult(Standing.ALTERED, at, at, signed.edition, path=altered[0])
    behind = max(0, reference.signed.edition - signed.edition)
    standing = Standing.LATE if behind or signed.until <= now else Standing.TRUE
    return AuditResult(standing, at, at, signed.edition, behind, signed.until)


def _signed_at(source: Source, reference: Reference, now: datetime) -> VerifiedMetadata | None:
    """Return the metadata of `source`; None where it is signed by keys that were replaced. Raises `MirrorError`."""
    try:
        return verified_under(reference.roots[-1], source, now, reference.signed)
    except SignaturesUnfit:
        for root in reversed(reference.roots[:-1]):
            if Metadata[Root].from_bytes(root).signed.is_expired(now):
                continue  # it vouches for nothing any more, and would only be found to be old
            try:
                verified_under(root, source, now)
            except SignaturesUnfit:
                continue
            return None
        return verified_metadata(source, reference.roots[-1], now)  # a mirror may know a newer root already
