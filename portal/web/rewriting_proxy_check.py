"""The address of a door in its own forms, by which a site that shows our pages under another address gives itself away.

A gateway to onions, or a clone of the site that passes forms on, writes its own address in the place of ours, wherever
it finds it. So a hidden field of each form holds our address; when it comes back as another one, somebody stands
between. Who writes our address back into what is sent is not noticed.
"""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from portal.domain.input_errors import FormAltered
from portal.web.listeners import listener_of

FIELD: Final = "own_address"
_GROUP: Final = 8


def own_address(request: Request) -> str:
    """What FIELD holds in a form that is shown by the door of `request`; "" where the door knows no address."""
    return listener_of(request.scope).address() or ""


def check_own_address(request: Request, form: Mapping[str, str]) -> None:
    """Raise `FormAltered` when our address came back as another one, or not at all. The Host is not asked."""
    own = own_address(request)
    if own and form.get(FIELD) != own:
        raise FormAltered(address=spelled(own))


def spelled(address: str) -> str:
    """The host of `address` in groups of letters, that a gateway does not know: `event . org`."""
    host = address.partition("://")[2]
    return " . ".join(
        " ".join(part[start : start + _GROUP] for start in range(0, len(part), _GROUP)) for part in host.split(".")
    )
