"""The confirmation before something is destroyed: a page says what is lost, and its form confirms that and no more."""

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

VERSION_FIELD: Final = "seen"
"""The field of a form with the version of what it changes, as the organiser saw it."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The confirmation before `action` of `page` (of `id`): its `template` extends `organisers/confirm.html`.

    `version` is that of what would be lost, or its number; the form carries it along with the `fields`. An organiser
    who declines goes to the page `back`, or to `page` itself. The template is rendered with `context`.
    """

    page: PageName
    template: str
    action: str
    version: str | int = ""
    fields: Form = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    id: str = ""
    back: PageName | None = None

    def show(self, request: Request, sign_in: SignIn, errors: PageErrors = NO_ERRORS) -> Response:
        """Return the page that asks, with `errors` above its form."""
        hidden = {"action": self.action, VERSION_FIELD: str(self.version), **self.fields}
        way_back = (self.back, "") if self.back else (self.page, self.id)
        context = {"hidden": hidden, "way_back": way_back, **self.context}
        return organisers_page(request, sign_in, self.template, self.page, errors, id=self.id, form=None, **context)

    def show_unless_confirmed(self, request: Request, sign_in: SignIn, form: Form) -> Response | None:
        """Return the page that asks; None if `form` confirms this version, or at least this number."""
        confirmed = form.get(VERSION_FIELD)
        if confirmed is None:
            return self.show(request, sign_in)
        is_number = isinstance(self.version, int) and re.fullmatch("[0-9]{1,9}", confirmed)
        if confirmed == str(self.version) or (is_number and int(confirmed) >= int(self.version)):
            return None
        return self.show(request, sign_in, page_errors(request, LossChanged()))
