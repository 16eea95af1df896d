"""The edition that the public sees: its renderer and its public files, replaced together in one step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import anyio
import anyio.to_thread

from portal.domain.edition.edition import Edition
from portal.services import NO_SIGNATURES, Signatures
from portal.site.edition_files import NO_CACHE, SkeletonCache, edition_files
from portal.site.files import Files
from portal.site.render import Renderer
from portal.web.headers import style_of
from portal.web.static_files import INDEX, StaticSite, add_files, build_site

TARGETS: Final = ".targets.json"
"""End of the file names of signatures over the pages; they begin with the version."""


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """An edition as it is shown: `pages` are those of the `site` and the `signed` metadata.

    Where several holders sign, the site is as they signed it; this version of the program may render another one.
    `renderer` renders personal pages by this version.
    """

    renderer: Renderer
    site: StaticSite
    pages: StaticSite
    signed: Files


class CurrentEdition:
    """Holder of the shown edition. `is_dynamic` tells that the route table answers a path, `/fr/billet/`.

    `skeletons` keeps what the pages of the next edition may have in common with it. The first edition is shown whether
    it is signed or not; later editions wait for the `signatures` that they need.
    """

    def __init__(
        self,
        edition: Edition,
        is_dynamic: Callable[[str], bool],
        signatures: Signatures = NO_SIGNATURES,
        skeletons: SkeletonCache = NO_CACHE,
    ) -> None:
        self._is_dynamic = is_dynamic
        self._signatures = signatures
        self._skeletons = skeletons
        self._rendering: Final = anyio.Lock()
        self.signature_limiter: Final = anyio.CapacityLimiter(1)
        """Limit of one thread for signatures that anybody may send: they wait for one another alone."""
        self.shown = self._render(edition)[0]

    @property
    def is_rendering(self) -> bool:
        """Return whether another edition is being rendered, to be shown next."""
        return self._rendering.locked()

    @property
    def renderer(self) -> Renderer:
        """Return the renderer of the shown edition."""
        return self.shown.renderer

    async def show(self, edition: Edition) -> None:
        """Render and sign `edition` in a worker thread, then show it unless it waits for further signatures.

        An edition older than the shown one is ignored.
        """
        if not await self._show(edition):
            await self.refresh_signatures()

    async def refresh_signatures(self) -> None:
        """Publish the present signatures, together with the pages that they sign."""
        files = await anyio.to_thread.run_sync(self._signatures.files)
        if files == self.shown.signed:
            return
        if not (self._sign_other_pages(files) and await self._show(self.shown.renderer.edition)):
            self.shown = replace(self.shown, pages=add_files(self.shown.site, files), signed=files)

    async def _show(self, edition: Edition) -> bool:
        async with self._rendering:
            shown, is_visible = await anyio.to_thread.run_sync(self._render, edition)
            is_visible = is_visible and edition.number >= self.shown.renderer.edition.number
            if is_visible:
                self.shown = shown
            return is_visible

    def _sign_other_pages(self, signed: Files) -> bool:
        """Return whether `signed` may sign other pages of the shown edition than those that are shown.

        Where further holders are to sign, these are to be kept as they are.
        """
        signing, before = self._signatures.signing(), self.shown.signed
        is_same = {path for path in signed if path.endswith(TARGETS)} <= before.keys()
        is_shown = signing and signing.edition == self.shown.renderer.edition.number
        return bool(signing and is_shown and (signing.keys or not is_same))

    def _render(self, edition: Edition) -> tuple[ShownEdition, bool]:
        renderer, rendered = Renderer(edition), edition_files(edition, self._skeletons)
        is_visible = self._signatures.sign(rendered, dynamic_paths(rendered, self._is_dynamic), edition.number)
        files = self._signatures.signed_files(edition.number) or rendered
        own_style = style_of(file.content for file in files.values())
        style_hashes = dict.fromkeys((renderer.style_hash, renderer.organisers_style_hash, own_style))
        site, signed = build_site(files, style_hashes, self._is_dynamic), self._signatures.files()
        return ShownEdition(renderer, site, add_files(site, signed), signed), is_visible


def dynamic_paths(files: Files, is_dynamic: Callable[[str], bool]) -> frozenset[str]:
    """Return the paths of the `files` in whose place the origin answers with a personal page."""
    return frozenset(path for path in files if is_dynamic(f"/{path.removesuffix(INDEX)}"))
