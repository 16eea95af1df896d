"""Errors of TUF's client and of the disk, turned into those of this portal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)

from portal.domain.disk_faults import reason_of
from portal.domain.trust.mirror_errors import (
    MetadataMalformed,
    MirrorError,
    MirrorUnwritable,
    SignaturesUnfit,
    SourceMixed,
    SourceOlder,
    SourceRefuses,
    SourceSilent,
    SourceStale,
    SourceTooLarge,
    SourceUnsigned,
)
from portal.mirror.client.fetching import FetchError, RedirectError

MISSING: Final = frozenset({403, 404, 410})
"""The statuses with which web servers say that they do not have a file."""


@contextmanager
def as_mirror_errors() -> Iterator[None]:
    """Raise `MirrorError` in place of the errors of TUF and of the disk that the block raises."""
    try:
        yield
    except (DownloadError, RepositoryError) as error:
        raise _mirror_error(error) from error
    except OSError as error:
        raise MirrorUnwritable(reason=reason_of(error)) from error


def _mirror_error(error: DownloadError | RepositoryError) -> MirrorError:
    if isinstance(error, FetchError | RedirectError):
        return error.error
    if isinstance(error, DownloadHTTPError):
        is_missing = error.status_code in MISSING
        return SourceUnsigned() if is_missing else SourceRefuses(status=error.status_code)
    kinds: dict[type[Exception], MirrorError] = {
        DownloadLengthMismatchError: SourceTooLarge(),
        DownloadError: SourceSilent(),
        UnsignedMetadataError: SignaturesUnfit(),
        ExpiredMetadataError: SourceStale(),
        BadVersionNumberError: SourceOlder(),
        LengthOrHashMismatchError: SourceMixed(),
    }
    return next((found for kind, found in kinds.items() if isinstance(error, kind)), MetadataMalformed())
