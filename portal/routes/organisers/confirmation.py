"""The question before something is destroyed: one page says what is lost, and its form confirms that and no more."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from portal.domain.errors import LossChanged
from portal.domain.organisers.organiser import SignIn
from portal.routes.errors import NO_ERRORS, PageErrors, page_errors
from portal.routes.organisers.forms import Form, organisers_page
from portal.site.paths import PageName

SEEN: Final = "seen"
"""The field of a form that holds the state of what is lost, as the organiser saw it."""


@dataclass(frozen=True, slots=True)
class Question:
    """The question before `action` of `page` (of `id`): its `template` extends `organisers/confirm.html`.

    What would be `lost` is given by its state, or by its number. The form carries it along with the `fields`; whoever
    says no goes to the page `back`, or to `page` itself. The template has what is `told` as its names.
    """

    page: PageName
    template: str
    action: str
    lost: str | int = ""
    fields: Form = field(default_factory=dict)
    told: Mapping[str, object] = field(default_factory=dict)
    id: str = ""
    back: PageName | None = None

    def ask(self, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS) -> Response:
        """Return the page that asks, with a `errors` above its form."""
        asked = {"action": self.action, SEEN: str(self.lost), **self.fields}
        way_back = (self.back, "") if self.back else (self.page, self.id)
        told = {"asked": asked, "way_back": way_back, **self.told}
        return organisers_page(request, sign_in, self.template, self.page, errors, id=self.id, form=None, **told)

    def ask_unless_confirmed(self, request: Request, sign_in: SignIn, form: Form) -> Response | None:
        """Return the page that asks; None where `form` confirms what would be lost now, or a greater number of it."""
        confirmed = form.get(SEEN)
        if confirmed is None:
            return self.ask(request, sign_in)
        is_number = isinstance(self.lost, int) and re.fullmatch("[0-9]{1,9}", confirmed)
        if confirmed == str(self.lost) or (is_number and int(confirmed) >= int(self.lost)):
            return None
        return self.ask(request, sign_in, page_errors(request, LossChanged()))
