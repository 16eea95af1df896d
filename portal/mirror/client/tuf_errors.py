"""What TUF's client says when it refuses something, in the words of this portal."""

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
from portal.mirror.client.fetching import FetchFault, Redirected

MISSING: Final = frozenset({403, 404, 410})
"""The statuses with which web servers say that they do not have a file."""


@contextmanager
def told_in_words() -> Iterator[None]:
    """Raises `MirrorError` in place of what the block raises of TUF's and of the disk's."""
    try:
        yield
    except (DownloadError, RepositoryError) as error:
        raise _told(error) from error
    except OSError as error:
        raise MirrorUnwritable(reason=reason_of(error)) from error


def _told(error: DownloadError | RepositoryError) -> MirrorError:
    if isinstance(error, FetchFault | Redirected):
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
    return next((told for kind, told in kinds.items() if isinstance(error, kind)), MetadataMalformed())
