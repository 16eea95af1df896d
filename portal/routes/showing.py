"""The edition that is being shown: its renderer and its public files, ready to be sent, changed at once together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import anyio
import anyio.to_thread

from portal.domain.edition import Edition
from portal.services import UNSIGNED, Signatures
from portal.site.carried import carried
from portal.site.files import Files
from portal.site.render import Renderer
from portal.web.ready import INDEX, ReadyPages, ready_pages, with_files


@dataclass(frozen=True, slots=True)
class Shown:
    """One edition, made: `pages` has the files `signed`, the signatures, beside the site; `site` has not."""

    renderer: Renderer
    site: ReadyPages
    pages: ReadyPages
    signed: Files


class Showing:
    """Holds what is shown now. `is_dynamic` says of a path (`/fr/billet/`) that the route table answers it.

    What is shown first is shown whether it is signed or not; what comes after it waits for the `signatures` it needs.
    """

    def __init__(self, edition: Edition, is_dynamic: Callable[[str], bool], signatures: Signatures = UNSIGNED) -> None:
        self._is_dynamic = is_dynamic
        self._signatures = signatures
        self.one_at_a_time: Final = anyio.CapacityLimiter(1)
        """For what strangers may ask of the signatures: they wait for one another, and nobody else for them."""
        self.now = self._make(edition)[0]

    @property
    def renderer(self) -> Renderer:
        """The renderer of the edition in force."""
        return self.now.renderer

    async def show(self, edition: Edition) -> None:
        """Make `edition` and sign it in a worker thread, then show it unless it waits for further signatures.

        An older one than what is shown by then is left aside.
        """
        made, may_be_seen = await anyio.to_thread.run_sync(self._make, edition)
        if may_be_seen and edition.number >= self.now.renderer.edition.number:
            self.now = made
        else:
            await self.show_signatures()

    async def show_signatures(self) -> None:
        """Show the signatures as they are now."""
        files = await anyio.to_thread.run_sync(self._signatures.files)
        if files != self.now.signed:
            self.now = replace(self.now, pages=with_files(self.now.site, files), signed=files)

    def _make(self, edition: Edition) -> tuple[Shown, bool]:
        renderer, files = Renderer(edition), carried(edition)
        may_be_seen = self._signatures.offer(files, self._answered(files), edition.number)
        style_hashes = (renderer.style_hash, renderer.organisers_style_hash)
        site, signed = ready_pages(files, style_hashes, self._is_dynamic), self._signatures.files()
        return Shown(renderer, site, with_files(site, signed), signed), may_be_seen

    def _answered(self, files: Files) -> frozenset[str]:
        return frozenset(path for path in files if self._is_dynamic(f"/{path.removesuffix(INDEX)}"))
