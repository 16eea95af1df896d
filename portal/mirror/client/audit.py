"""A look at a copy that somebody else keeps: is what visitors get there what was signed, and is it the newest?"""

import random
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final

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
from portal.mirror.client.banner import Sentences, due_banner
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
"""What is wrong with metadata that came; all the rest is that it did not come."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What copies are compared with: the roots of trust, the newest last, and what is signed under that one."""

    roots: tuple[bytes, ...]
    signed: VerifiedMetadata


def reference_of(metadata: Files, now: datetime) -> Reference:
    """The measure that is published as `metadata`, by path below `PREFIX`. Raises `MirrorError`."""
    files = {path: file.content for path, file in metadata.items()}
    numbers = sorted(int(found[1]) for path in files if (found := _ROOT.fullmatch(path)))
    if not numbers:
        raise SourceUnsigned
    roots = tuple(files[f"{PREFIX}{number}.root.json"] for number in numbers)
    return Reference(roots, verified_metadata(Source("", _HERE, MemoryFetcher(_HERE, files)), roots[-1], now))


def audit_mirror(
    opened: Callable[[], Source], measure: Reference, sentences: Sentences, rng: random.Random, now: datetime
) -> AuditResult:
    """What is found at a copy, which `opened` opens anew, over another circuit, for each look.

    So many files as `AUDIT_PATHS`, chosen by `rng`, are compared with what was signed. A fault is believed when it
    is found twice, at the same file: a circuit may break, a copy may be just between two editions.
    """

    def once(altered: str = "") -> AuditResult:
        with closing(opened()) as source:
            return _look_once(source, measure, sentences, rng, now, altered)

    first = once()
    return first if first.standing in (Standing.TRUE, Standing.LATE) else once(first.path)


def _look_once(
    source: Source, measure: Reference, sentences: Sentences, rng: random.Random, now: datetime, again: str
) -> AuditResult:
    """What is found at `source`, at the file `again` whatever chance says."""
    at = whole_minute(now)
    try:
        signed = _signed_at(source, measure, now)
        if signed is None:
            return AuditResult(Standing.LATE, at, at, reason=REPLACED)
        paths = sorted(signed.targets.targets)
        chosen = rng.sample(paths, min(AUDIT_PATHS, len(paths)))
        chosen = [again, *chosen] if again in paths and again not in chosen else chosen
        said = due_banner(sentences, signed.until, now)
        altered = verify(source, signed, chosen, said, False, ignore_progress).altered
    except _FALSE as error:
        return AuditResult(Standing.ALTERED, at, at, path=PREFIX, reason=error.text, details=error.details)
    except SourceStale as error:
        return AuditResult(Standing.LATE, at, at, reason=error.text)
    except MirrorError as error:
        return AuditResult(Standing.SILENT, at, at, reason=error.text, details=error.details)
    if altered:
        return AuditResult(Standing.ALTERED, at, at, signed.edition, path=altered[0])
    behind = max(0, measure.signed.edition - signed.edition)
    standing = Standing.LATE if behind or signed.until <= now else Standing.TRUE
    return AuditResult(standing, at, at, signed.edition, behind, signed.until)


def _signed_at(source: Source, measure: Reference, now: datetime) -> VerifiedMetadata | None:
    """What is signed at `source`; None where it is by keys that were in force once. Raises `MirrorError`."""
    try:
        return verified_under(measure.roots[-1], source, now, measure.signed)
    except SignaturesUnfit:
        for root in reversed(measure.roots[:-1]):
            try:
                verified_under(root, source, now)
            except SignaturesUnfit:
                continue
            return None
        return verified_metadata(source, measure.roots[-1], now)  # a copy may know a newer root already
