"""The edition that is being shown: its renderer and its public files, ready to be sent, changed at once together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import anyio
import anyio.to_thread

from portal.domain.edition.edition import Edition
from portal.services import NO_SIGNATURES, Signatures
from portal.site.edition_files import edition_files
from portal.site.files import Files
from portal.site.render import Renderer
from portal.web.headers import style_of
from portal.web.static_files import INDEX, StaticSite, add_files, static_site

TARGETS: Final = ".targets.json"
"""How the name of the signatures over the pages themselves ends: before it stands which ones they are."""


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """One edition: `pages` has the files `signed`, the signatures, beside the site; `site` has not.

    The site is what was signed, where several holders sign; another version of the program may make another one. What
    `renderer` makes for one person is of this version.
    """

    renderer: Renderer
    site: StaticSite
    pages: StaticSite
    signed: Files


class CurrentEdition:
    """Holds what is shown now. `is_dynamic` says of a path (`/fr/billet/`) that the route table answers it.

    What is shown first is shown whether it is signed or not; what comes after it waits for the `signatures` it needs.
    """

    def __init__(
        self, edition: Edition, is_dynamic: Callable[[str], bool], signatures: Signatures = NO_SIGNATURES
    ) -> None:
        self._is_dynamic = is_dynamic
        self._signatures = signatures
        self.signature_limiter: Final = anyio.CapacityLimiter(1)
        """For what strangers may ask of the signatures: they wait for one another, and nobody else for them."""
        self.shown = self._make(edition)[0]

    @property
    def renderer(self) -> Renderer:
        """The renderer of the edition in force."""
        return self.shown.renderer

    async def show(self, edition: Edition) -> None:
        """Make `edition` and sign it in a worker thread, then show it unless it waits for further signatures.

        An older one than what is shown by then is left aside.
        """
        if not await self._show(edition):
            await self.refresh_signatures()

    async def refresh_signatures(self) -> None:
        """Show the signatures as they are now, and the pages with them that they are of."""
        files = await anyio.to_thread.run_sync(self._signatures.files)
        if files == self.shown.signed:
            return
        if not (self._are_of_others(files) and await self._show(self.shown.renderer.edition)):
            self.shown = replace(self.shown, pages=add_files(self.shown.site, files), signed=files)

    async def _show(self, edition: Edition) -> bool:
        made, may_be_seen = await anyio.to_thread.run_sync(self._make, edition)
        may_be_seen = may_be_seen and edition.number >= self.shown.renderer.edition.number
        if may_be_seen:
            self.shown = made
        return may_be_seen

    def _are_of_others(self, signed: Files) -> bool:
        """Whether `signed` may be of other pages of the edition that is shown than those that are."""
        signing, before = self._signatures.signing(), self.shown.signed
        is_same = {path for path in signed if path.endswith(TARGETS)} <= before.keys()
        return bool(signing and signing.edition == self.shown.renderer.edition.number and not is_same)

    def _make(self, edition: Edition) -> tuple[ShownEdition, bool]:
        renderer, made = Renderer(edition), edition_files(edition)
        may_be_seen = self._signatures.sign(made, dynamic_paths(made, self._is_dynamic), edition.number)
        files = self._signatures.signed_files(edition.number) or made
        own_style = style_of(file.content for file in files.values())
        style_hashes = dict.fromkeys((renderer.style_hash, renderer.organisers_style_hash, own_style))
        site, signed = static_site(files, style_hashes, self._is_dynamic), self._signatures.files()
        return ShownEdition(renderer, site, add_files(site, signed), signed), may_be_seen


def dynamic_paths(files: Files, is_dynamic: Callable[[str], bool]) -> frozenset[str]:
    """The paths of those `files` where the origin itself has another answer, made for one person."""
    return frozenset(path for path in files if is_dynamic(f"/{path.removesuffix(INDEX)}"))
