"""Messages for the errors of the file system, for whoever runs the portal in a terminal."""

import errno
from typing import Final

from portal.domain.language import N_

_REASONS: Final = {
    errno.ENOENT: N_("there is no such file"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a file is where its folder should be"),
    errno.EEXIST: N_("a file is where its folder should be"),
    errno.EACCES: N_("this account may not open it"),
    errno.EPERM: N_("this account may not open it"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk can only be read"),
}


def reason_of(error: OSError) -> str:
    """Return the reason of `error` as a message to be translated; of a rare one, the words of the system."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
