"""Detection of rewriting proxies: sites that show our pages under an address of their own.

A gateway to onions, or a clone of the site that passes forms on, replaces our address by its own throughout a page. So
a hidden field of each form holds our address; when it comes back as another address, somebody stands between. A proxy
that restores our address in the forms that it passes on is not detected.
"""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from portal.domain.input_errors import FormAltered
from portal.web.listeners import listener_of

FIELD: Final = "own_address"
_GROUP: Final = 8


def own_address(request: Request) -> str:
    """Return the value of FIELD in the forms of the listener of `request`, "" where that knows no address."""
    return listener_of(request.scope).address() or ""


def check_own_address(request: Request, form: Mapping[str, str]) -> None:
    """Raise `FormAltered` when our address came back as another address, or not at all. The Host is not read."""
    own = own_address(request)
    if own and form.get(FIELD) != own:
        raise FormAltered(address=in_groups(own))


def in_groups(address: str) -> str:
    """Return the host of `address` in groups of letters, which no gateway recognises: `event . org`."""
    host = address.partition("://")[2]
    return " . ".join(
        " ".join(part[start : start + _GROUP] for start in range(0, len(part), _GROUP)) for part in host.split(".")
    )
