"""Where a copy can be had: an address, and what fetches from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from tuf.ngclient import FetcherInterface

from onion.tor.addresses import SOCKS_PORT, TorAddress
from portal.domain.limits import METADATA_KIB
from portal.domain.trust.mirror_errors import AddressUnfit
from portal.mirror.client.fetching import FolderFetcher, HttpFetcher, InMemory
from portal.mirror.client.metadata import PREFIX

METADATA_BYTES: Final = METADATA_KIB * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """Where a copy can be had: its `address` as it was given, and `base`, the same with a slash at the end."""

    address: str
    base: str
    fetcher: FetcherInterface

    def metadata(self, name: str, max_bytes: int = METADATA_BYTES) -> bytes:
        """The file `name` of its metadata, not verified. Raises TUF's `DownloadError`."""
        return self.fetcher.download_bytes(f"{self.base}{PREFIX}{name}", max_bytes)

    def close(self) -> None:
        """End its connections, where there are any."""
        if isinstance(self.fetcher, InMemory):
            self.fetcher.close()


def source_at(address: str, proxy: TorAddress | None = None, tor: TorAddress = SOCKS_PORT) -> Source:
    """The source at `address`: `https://…`, `http://…`, `file:…` or the path of a folder.

    An onion is reached through `tor`, the SOCKS port of a Tor; everything else through `proxy`, where there is one.
    Raises `AddressUnfit`.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        raise AddressUnfit(address=address) from None
    if parts.scheme in ("http", "https") and host and not (parts.query or parts.fragment or parts.username):
        through = proxy or (tor if host.rstrip(".").endswith(".onion") else None)
        return Source(address, f"{address.rstrip('/')}/", HttpFetcher(address, through))
    if parts.scheme in ("", "file") and parts.path:
        folder = Path(unquote(parts.path)) if parts.scheme else Path(address)
        if folder.is_dir():
            return Source(address, f"{folder.resolve().as_uri()}/", FolderFetcher(folder))
    raise AddressUnfit(address=address)
