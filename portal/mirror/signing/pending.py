"""Pending metadata at an origin, for a key holder to read before signing: fetched, verified, and compared."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from securesystemslib.signer import Signature, Signer
from tuf.api.exceptions import DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Root, Targets

from portal.domain.edition.edition import Edition
from portal.domain.edition.edition_file import EDITION_FILE, edition_from_json
from portal.domain.limits import TARGET_KIB
from portal.domain.trust.mirror_errors import MetadataMalformed, SourceRefuses
from portal.domain.trust.signing_errors import OriginUnsendable, PagesForeign, WaitingUnfit
from portal.mirror.client.fetching import HttpFetcher, Source
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.follow import fetched
from portal.mirror.client.metadata import PREFIX, edition_of, targets_of
from portal.mirror.client.tuf_client import as_mirror_errors, refresh
from portal.mirror.signing.key_holders import has_true_ids, is_uniform
from portal.mirror.signing.metadata_store import WAITING
from portal.site.files import Files

_OK: Final = 200


@dataclass(frozen=True, slots=True)
class PendingAtOrigin:
    """State of an origin: `root` and `edition` in force, `next_root`, `targets` and `next_edition` pending.

    `fingerprint` is that of the `root`. Without a `next_edition`, the pending `targets` are those in force, to be
    signed again.
    """

    root: Root
    fingerprint: str
    edition: Edition
    next_root: Metadata[Root] | None
    targets: Metadata[Targets] | None
    next_edition: Edition | None


RenderAtOrigin = Callable[[Edition], tuple[Files, Collection[str]]]
"""Renders every file of an edition; also returns the paths at which the origin has other responses."""


def read_pending(trust: MirrorFolder, source: Source, make: RenderAtOrigin, now: datetime) -> PendingAtOrigin:
    """Return what is in force and what is pending at `source`, whose root of trust is pinned in `trust`.

    The pending pages are rebuilt from the pending edition, so that nothing is signed that nobody has read.
    Raises `MirrorError` and `SigningError`.
    """
    with as_mirror_errors():
        refresh(trust, source, None, now)
        root, fingerprint, current = trust.root(), trust.fingerprint(), trust.targets()
        edition = edition_from_json(fetched(source, current.targets[EDITION_FILE]))
        next_root, targets = _pending(source, "root", Root), _pending(source, "targets", Targets)
    if next_root and not _can_follow(root, next_root.signed):
        raise WaitingUnfit
    if targets and targets.signed.version != current.version + 1:
        raise WaitingUnfit
    if targets is None or targets.signed.targets == current.targets:
        return PendingAtOrigin(root, fingerprint, edition, next_root, targets, None)
    next_edition = _next_edition(source, targets.signed, make, edition, now)
    return PendingAtOrigin(root, fingerprint, edition, next_root, targets, next_edition)


def _can_follow(root: Root, next_root: Root) -> bool:
    """Return whether `next_root` is the next of `root`, and `key_changes` shows all that it changes."""
    is_next = next_root.version == root.version + 1
    return is_next and is_uniform(next_root) and has_true_ids(root, next_root)


def send(source: Source, signer: Signer, metadata: Metadata[Any]) -> None:
    """Sign `metadata` and send the signature to the origin. Raises `SigningError` and `MirrorError`."""
    if not isinstance(source.fetcher, HttpFetcher):
        raise OriginUnsendable(address=source.address)
    signature: Signature = metadata.sign(signer, append=True)
    fields = {"role": metadata.signed.type, "key": signature.keyid, "signature": signature.signature}
    status = source.fetcher.send(f"{source.base}{PREFIX}signatures", fields)
    if status != _OK:
        raise SourceRefuses(status=status)


def _next_edition(source: Source, targets: Targets, make: RenderAtOrigin, current: Edition, now: datetime) -> Edition:
    with as_mirror_errors():
        edition = edition_from_json(source.metadata(f"{WAITING}/{EDITION_FILE}", TARGET_KIB * 1024))
    files, dynamic = make(edition)
    made = targets_of(files, dynamic, edition.number, targets.version, now)
    paths = {**made.targets, **targets.targets}
    different = [path for path in paths if made.targets.get(path) != targets.targets.get(path)]
    if different:
        raise PagesForeign(path=different[0])
    if not (edition_of(targets) == edition.number >= current.number):
        raise WaitingUnfit
    return edition


def _pending(source: Source, role: str, kind: type[Root | Targets]) -> Metadata[Any] | None:
    try:
        metadata: Metadata[Any] = Metadata.from_bytes(source.metadata(f"{WAITING}/{role}.json"))
    except DownloadHTTPError:
        return None
    except RepositoryError:
        raise MetadataMalformed from None
    if not isinstance(metadata.signed, kind):
        raise MetadataMalformed
    return metadata
