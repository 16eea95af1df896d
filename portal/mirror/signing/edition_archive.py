"""Archive of the signed files of an edition on the origin's disk: a newer program makes others."""

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tuf.api.metadata import TargetFile

from portal.mirror.client.folder import media_type
from portal.site.files import File, Files

ARCHIVE: Final = "site.zip"


def pack(files: Files) -> bytes:
    """Return `files` as a ZIP archive without times: the same files give the same bytes."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for path in sorted(files):
            archive.writestr(ZipInfo(path), files[path].content, ZIP_DEFLATED)
    return content.getvalue()


def unpack(content: bytes, targets: Mapping[str, TargetFile]) -> Files | None:
    """Return the files of `targets` from an archive of `pack`, as they were signed; None where any of them differs."""
    # Whatever a damaged archive raises, the pages can be made.
    with suppress(Exception), ZipFile(BytesIO(content)) as archive:
        return {path: _read(archive, path, target) for path, target in targets.items()}
    return None


def _read(archive: ZipFile, path: str, target: TargetFile) -> File:
    with archive.open(path) as file:
        content = file.read(target.length + 1)  # a byte more than it may have: it will be refused
    target.verify_length_and_hashes(content)
    return File(content, media_type(path))
