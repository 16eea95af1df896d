"""The Jinja environment of every page, public or not, one for each language."""

from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.domain.language import Language
from portal.site.bundled import bundled
from portal.site.catalogue import catalogue
from portal.site.typography import capitalised

_EXTENSIONS: Final = ("jinja2.ext.i18n",)


@cache
def environment(language: Language) -> Environment:
    """Templates with the messages of `language`: everything is escaped, and an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(bundled("templates")),
        extensions=_EXTENSIONS,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.filters["capitalised"] = capitalised
    messages = catalogue(language)
    made.install_gettext_callables(messages.gettext, messages.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return made
