"""The files of one edition in one file of the origin's disk: what was signed, for the day the program makes others."""

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tuf.api.metadata import TargetFile

from portal.mirror.client.folder import media_type
from portal.site.files import File, Files

SITE_FILE: Final = "site.zip"


def packed(files: Files) -> bytes:
    """`files` as a ZIP archive that tells nothing else, no time either: the same files are the same bytes."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for path in sorted(files):
            archive.writestr(ZipInfo(path), files[path].content, ZIP_DEFLATED)
    return content.getvalue()


def unpacked(content: bytes, targets: Mapping[str, TargetFile]) -> Files | None:
    """The files of `targets` out of what `packed` made, each as it was signed; None where one is not."""
    # Whatever a damaged archive raises, the pages can be made.
    with suppress(Exception), ZipFile(BytesIO(content)) as archive:
        return {path: _read(archive, path, target) for path, target in targets.items()}
    return None


def _read(archive: ZipFile, path: str, target: TargetFile) -> File:
    with archive.open(path) as file:
        content = file.read(target.length + 1)  # one more than it may have: it will be refused
    target.verify_length_and_hashes(content)
    return File(content, media_type(path))
