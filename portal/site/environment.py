"""The Jinja environment of every page, public or not, one for each language."""

from collections.abc import Callable
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.domain.language import Language
from portal.site.bundled import bundled
from portal.site.catalogue import catalogue
from portal.site.typography import capitalised

_EXTENSIONS: Final = ("jinja2.ext.i18n",)


@cache
def environment(language: Language) -> Environment:
    """Return the templates with the messages of `language`: everything is escaped, an unknown name is an error."""
    templates = Environment(
        loader=FileSystemLoader(bundled("templates")),
        extensions=_EXTENSIONS,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.policies["ext.i18n.trimmed"] = True
    templates.filters["capitalised"] = capitalised
    messages = catalogue(language)
    templates.install_gettext_callables(messages.gettext, messages.ngettext, newstyle=True)  # type: ignore[attr-defined]
    templates.globals["_"] = _translator(messages.gettext)
    return templates


def _translator(translate: Callable[[str], str]) -> Callable[..., Markup]:
    """Return the `_` of templates: Jinja's, which puts escaped values into a message; each message is found once."""

    @cache
    def markup(message: str) -> Markup:
        return Markup(translate(message))  # noqa: S704 - a message is ours

    @cache
    def whole(message: str) -> Markup:
        return markup(message) % {}

    def translated(message: str, **values: object) -> Markup:
        return markup(message) % values if values else whole(message)

    return translated
