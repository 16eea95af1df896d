"""The question before something is destroyed: one page says what is lost, and its form confirms that and no more."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import LossChanged
from portal.domain.organiser import SignIn
from portal.routes.organiser_forms import Form, organisers_page
from portal.routes.refusals import NOTHING_REFUSED, Refusal, refused
from portal.site.paths import PageName

SEEN: Final = "seen"
"""The field of a form that holds the state of what is lost, as the organiser saw it."""


def unconfirmed(request: Request, form: Form, seen: str) -> Refusal | None:
    """Return the refusal with which to ask; None where `form` confirms the loss of what is `seen` now."""
    confirmed = form.get(SEEN)
    if confirmed == seen:
        return None
    return NOTHING_REFUSED if confirmed is None else refused(request, LossChanged())


def question(
    request: Request,
    sign_in: SignIn,
    page: PageName,
    template: str,
    refusal: Refusal = NOTHING_REFUSED,
    *,
    action: str,
    seen: str = "",
    id: str = "",
    back: PageName | None = None,
    fields: Form | None = None,
    **context: object,
) -> Response:
    """`template`, which extends `organisers/confirm.html`, as the page that asks before `action` of `page`.

    The form carries `seen` and the `fields`; whoever says no goes to the page `back`, or to `page` itself.
    """
    asked = {"action": action, SEEN: seen, **(fields or {})}
    way_back = (back, "") if back else (page, id)
    told = {"asked": asked, "way_back": way_back, **context}
    return organisers_page(request, sign_in, template, page, refusal, id=id, form=None, **told)
