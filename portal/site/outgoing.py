"""Links of a session to other sites, as a page shows them: with their words, and the host that they lead to."""

import re
from dataclasses import dataclass
from typing import Final

from portal.domain.event.event import Link

_WEB_ADDRESS: Final = re.compile(r"https?://(?P<rest>([^/?#@\s]*@)?(?P<host>[^/?#@\s]+)\S*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OutgoingLink:
    """A link: its `href`, "" where it is none that may be followed; its `label`; and its `host`, "" if the label is."""

    href: str
    label: str
    host: str


def outgoing(link: Link) -> OutgoingLink:
    """Return `link` as it is shown. Nothing but a web address is made a link, even in a draft that has faults."""
    address = _WEB_ADDRESS.fullmatch(link.url)
    if address is None:
        return OutgoingLink("", link.label or link.url, "")
    return OutgoingLink(link.url, link.label or address["rest"], address["host"] if link.label else "")
