"""The edition that is being shown: its renderer and its public files, ready to be sent, changed at once together."""

from collections.abc import Callable
from dataclasses import dataclass

import anyio.to_thread

from portal.domain.edition import Edition
from portal.site.render import Renderer, render
from portal.web.ready import ReadyPages, ready_pages


@dataclass(frozen=True, slots=True)
class Shown:
    """One edition, made."""

    renderer: Renderer
    pages: ReadyPages


class Showing:
    """Holds what is shown now. `is_dynamic` says of a path (`/fr/billet/`) that the route table answers it."""

    def __init__(self, edition: Edition, is_dynamic: Callable[[str], bool]) -> None:
        self._is_dynamic = is_dynamic
        self.now = self._make(edition)

    @property
    def renderer(self) -> Renderer:
        """The renderer of the edition in force."""
        return self.now.renderer

    async def show(self, edition: Edition) -> None:
        """Make `edition` in a worker thread, then show it; an older one than what is shown by then is left aside."""
        made = await anyio.to_thread.run_sync(self._make, edition)
        if edition.number >= self.now.renderer.edition.number:
            self.now = made

    def _make(self, edition: Edition) -> Shown:
        renderer = Renderer(edition)
        style_hashes = (renderer.style_hash, renderer.organisers_style_hash)
        return Shown(renderer, ready_pages(render(edition), style_hashes, self._is_dynamic))
