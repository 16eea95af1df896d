"""Sources of a mirror, and the fetchers that read them: over HTTP, directly or through Tor, or from a folder."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx
from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError
from tuf.ngclient import FetcherInterface

from onion.tor.addresses import SOCKS_PORT, TorAddress
from portal.domain.limits import FETCH_IDLE_SECONDS, FETCH_SECONDS, METADATA_KIB
from portal.domain.trust.mirror_errors import (
    AddressUnfit,
    MirrorError,
    SourceCompresses,
    SourceRedirects,
    SourceSilent,
    SourceSlow,
)
from portal.mirror.client.bounded_transport import BoundedTransport
from portal.mirror.client.metadata import INDEX, PREFIX

IDENTITY: Final = "identity"
METADATA_BYTES: Final = METADATA_KIB * 1024
_BYTES: Final = "application/octet-stream"
_CHUNK_BYTES: Final = 65_536
_HEADERS: Final = {"accept-encoding": IDENTITY, "user-agent": "portal", "accept": "*/*"}


class FetchError(DownloadError):
    """A download failed for the reason `error`."""

    def __init__(self, error: MirrorError) -> None:
        super().__init__(str(error))
        self.error = error


class RedirectError(DownloadHTTPError):
    """The source leads elsewhere: to TUF's client, which asks for roots that may not be there yet, nothing is there.

    Many a web server answers so for what it has not.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}", httpx.codes.NOT_FOUND)
        self.error = SourceRedirects(status=status)


class BufferedFetcher(FetcherInterface):
    """A fetcher that keeps what comes in memory: a file of its own for each download would ask for a second disk."""

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """See the interface."""
        content = bytearray()
        with self._bounded():
            for chunk in self.fetch(url):
                content += chunk
                if len(content) > max_length:
                    raise DownloadLengthMismatchError(f"more than {max_length} bytes")
        return bytes(content)

    def close(self) -> None:
        """Close its connections."""

    def _bounded(self) -> AbstractContextManager[None]:
        """Return a context that bounds how long a file may take."""
        return nullcontext()


class HttpFetcher(BufferedFetcher):
    """Fetches over HTTP what is at one source: no redirect, no compression, no cookie, no setting of the environment.

    `proxy` is a SOCKS 5 proxy that also looks up names, as Tor's; each
    `circuit` has credentials of its own there, so that Tor leads it another way. `seconds` is how long one file may
    take, `idle` how long nothing may come.
    """

    def __init__(
        self,
        circuit: str,
        proxy: TorAddress | None = None,
        seconds: float = FETCH_SECONDS,
        idle: float = FETCH_IDLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        name = sha256(circuit.encode()).hexdigest()[:16]
        self._seconds = seconds
        self._transport = BoundedTransport(proxy, name, clock)
        self._client = httpx.Client(
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
            headers=_HEADERS,
            timeout=httpx.Timeout(idle, connect=seconds),
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def send(self, url: str, fields: Mapping[str, str]) -> int:
        """POST a form; return the status of the response, of which no more is read. Raises `MirrorError`."""
        try:
            with self._post_stream(url, data=fields) as response:
                self._client.cookies.clear()
                return response.status_code
        except Exception:  # see `_fetch`
            raise SourceSilent from None

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        """POST `body`; return the status and the response, up to METADATA_BYTES, for which a mirror may take longer.

        Raises `MirrorError`.
        """
        try:
            with self._post_stream(url, content=body, headers={"content-type": _BYTES}) as response:
                self._client.cookies.clear()
                content = bytearray()
                for chunk in response.iter_raw():
                    content += chunk[: METADATA_BYTES - len(content)]
                    if len(content) == METADATA_BYTES:
                        break
                return response.status_code, bytes(content)
        except Exception:  # see `_fetch`
            raise SourceSilent from None

    @contextmanager
    def _post_stream(self, url: str, **sent: Any) -> Iterator[httpx.Response]:  # noqa: ANN401 - as httpx takes them
        """Send a request, in the time that a file may take to come, and as long again for the response.

        A mirror rebuilds pages before it responds: MAKE_SECONDS are no more than FETCH_SECONDS.
        """
        seconds = 2 * self._seconds
        with self._transport.within(seconds), self._client.stream("POST", url, timeout=seconds, **sent) as response:
            yield response

    def _bounded(self) -> AbstractContextManager[None]:
        return self._transport.within(self._seconds)

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            with self._client.stream("GET", url) as response:
                self._client.cookies.clear()
                self._check(response)
                yield from response.iter_raw()  # as they come: a size would wait for slow ones
        except DownloadError:
            raise
        except httpx.TimeoutException:
            raise FetchError(SourceSlow(seconds=self._seconds)) from None
        except Exception:  # httpx's errors have no root, and those of socksio and its asserts come through it
            raise FetchError(SourceSilent()) from None

    def _check(self, response: httpx.Response) -> None:
        if 300 <= response.status_code < 400 or _leads_elsewhere(response.headers):
            raise RedirectError(response.status_code)
        if response.status_code != httpx.codes.OK:
            raise DownloadHTTPError(f"status {response.status_code}", response.status_code)
        if response.headers.get("content-encoding", IDENTITY).lower() != IDENTITY:
            raise FetchError(SourceCompresses())


def _leads_elsewhere(headers: httpx.Headers) -> bool:
    """Return whether browsers show another page (HTML §7.5.1), or in a style of somebody else (RFC 8288)."""
    return "refresh" in headers or "stylesheet" in headers.get("link", "").lower()


class MemoryFetcher(BufferedFetcher):
    """Fetches from `files` in memory, whose addresses are `base` and their name."""

    def __init__(self, base: str, files: Mapping[str, bytes]) -> None:
        self._base = base
        self._files = files

    def _fetch(self, url: str) -> Iterator[bytes]:
        content = self._files.get(url.removeprefix(self._base))
        if content is None:
            raise DownloadHTTPError("no such file", httpx.codes.NOT_FOUND)
        yield content


class FolderFetcher(BufferedFetcher):
    """Fetches from a folder on this machine, by `file:` addresses; nothing outside of `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = Path(unquote(urlsplit(url).path))
        try:
            path = (path / INDEX if url.endswith("/") else path).resolve()
            is_there = path.is_relative_to(self._folder) and path.is_file()
        except (OSError, RuntimeError, ValueError):  # a name that is none, or links that lead in a circle
            is_there = False
        if not is_there:
            raise DownloadHTTPError("no such file", httpx.codes.NOT_FOUND)
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    yield chunk
        except OSError:
            raise FetchError(SourceSilent()) from None


@dataclass(frozen=True, slots=True)
class Source:
    """Portal, mirror or folder to fetch from: its `address` as given, and `base`, the same with a slash at the end."""

    address: str
    base: str
    fetcher: FetcherInterface

    def metadata(self, name: str, max_bytes: int = METADATA_BYTES) -> bytes:
        """Fetch the file `name` of its metadata, not verified. Raises TUF's `DownloadError`."""
        return self.fetcher.download_bytes(f"{self.base}{PREFIX}{name}", max_bytes)

    def close(self) -> None:
        """Close its connections, if it has any."""
        if isinstance(self.fetcher, BufferedFetcher):
            self.fetcher.close()


def source_at(address: str, proxy: TorAddress | None = None, tor: TorAddress = SOCKS_PORT) -> Source:
    """Return the source at `address`: `https://…`, `http://…`, `file:…` or the path of a folder.

    An onion is reached through `tor`, the SOCKS port of a Tor; everything else through `proxy`, where there is one.
    Raises `AddressUnfit`.
    """
    try:
        parts = urlsplit(address)
        host = httpx.URL(address).raw_host.decode("ascii")  # the one that is connected to: `。onion` is an onion too
    except (ValueError, httpx.InvalidURL):
        raise AddressUnfit(address=address) from None
    if parts.scheme in ("http", "https") and host and not (parts.query or parts.fragment or parts.username):
        through = proxy or (tor if host.rstrip(".").endswith(".onion") else None)
        return Source(address, f"{address.rstrip('/')}/", HttpFetcher(address, through))
    if parts.scheme in ("", "file") and parts.path:
        folder = Path(unquote(parts.path)) if parts.scheme else Path(address)
        if folder.is_dir():
            return Source(address, f"{folder.resolve().as_uri()}/", FolderFetcher(folder))
    raise AddressUnfit(address=address)


Progress = Callable[[int, int], None]
"""Called with the number of files that are there and the number of all."""


def ignore_progress(done: int, of: int) -> None:
    """Do nothing, as a `Progress`."""
