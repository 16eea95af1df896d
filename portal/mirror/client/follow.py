"""Update of a mirror from a source: all of it is verified before any of it is served."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.domain.trust.mirror_errors import SourceStale
from portal.mirror.client.fetching import Progress, Source
from portal.mirror.client.folder import MirrorFolder, ServedEdition
from portal.mirror.client.metadata import TIMESTAMP
from portal.mirror.client.missing_files import MissingFiles, Rebuild
from portal.mirror.client.tuf_client import TIMESTAMP_BYTES, refresh
from portal.mirror.client.tuf_errors import as_mirror_errors
from portal.storage.disk import locked


@dataclass(frozen=True, slots=True)
class FollowResult:
    """Result of an update: `same`, nothing new; `vouched`, a newer timestamp of the same files; `new`, other files."""

    news: Literal["same", "vouched", "new"]
    served: ServedEdition


def follow(
    mirror: MirrorFolder,
    source: Source,
    served: ServedEdition | None,
    progress: Progress,
    rebuild: Rebuild,
    now: datetime,
) -> FollowResult:
    """Bring `mirror`, which serves `served`, up to what `source` offers `now`; `rebuild` saves fetching.

    Raises `MirrorError`; what is served stays then as it was, and what was fetched is kept for the next time.
    """
    with as_mirror_errors():
        if served and not served.damaged and source.metadata(TIMESTAMP, TIMESTAMP_BYTES) == served.timestamp:
            if served.until <= now:
                raise SourceStale
            return FollowResult("same", served)
        with locked(mirror.lock):  # only now, so that a source that is silent keeps no offer waiting
            refresh(mirror, source, served, now)
            missing = MissingFiles(mirror)
            done = missing.total - len(missing.hashes)
            progress(done, missing.total)
            for count, _ in enumerate(missing.bring(source, rebuild), done + 1):
                progress(count, missing.total)
            after = mirror.serve_verified()
    is_same = served and not served.damaged and served.files == after.files
    return FollowResult("vouched" if is_same else "new", after)
