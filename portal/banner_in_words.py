"""What a copy says on every page while nobody vouches for it, in each language."""

from portal.domain.language import LANGUAGES
from portal.mirror.banner import LATE, WHEN, Sentences
from portal.site.catalogue import translated


def sentences() -> Sentences:
    """The sentence in each language, with `WHEN` where the moment comes."""
    return {language: translated(language, LATE, {"when": WHEN}) for language in LANGUAGES}
