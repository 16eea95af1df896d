"""An event as a file to take away."""

import anyio.to_thread
from starlette.responses import Response

from portal.domain.event import Event
from portal.site.event_toml import TOML, event_toml


async def file_of(event: Event, which: str) -> Response:
    """`event` to be saved under its id and `which` it is, `onestla-2026-edition-3.toml` (RFC 6266; both are ASCII)."""
    content = await anyio.to_thread.run_sync(event_toml, event)
    disposition = f'attachment; filename="{event.id}-{which}.toml"'
    return Response(content, headers={"content-type": TOML, "content-disposition": disposition})
