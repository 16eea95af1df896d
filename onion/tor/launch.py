"""Our own Tor: started with a torrc of its own, ended with the portal."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from onion.errors import N_, ExtraTorrcUnreadable, TorMissing, TorNotStarted
from onion.tor.addresses import TorAddress
from onion.tor.torrc import quoted

START_SECONDS: Final = 30
STOP_SECONDS: Final = 5
POLL_SECONDS: Final = 0.1


class OwnTor:
    """A `tor` that keeps everything in `folder`, 0700, and opens only its control and SOCKS sockets there.

    `extra_lines` are added to its torrc, as are those of the file `extra`.
    """

    def __init__(self, folder: Path, extra_lines: Sequence[str] = (), extra: Path | None = None) -> None:
        self._folder = folder.absolute()
        self._extra_lines = extra_lines
        self._extra = extra
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> TorAddress:
        """Return its control socket."""
        return TorAddress(self._folder / "control")

    @property
    def service_folder(self) -> Path:
        """Return the folder for a service of its torrc."""
        return self._folder / "service"

    async def start(self, service_lines: Sequence[str] = ()) -> TorAddress:
        """Start it with `service_lines` in its torrc unless it runs; return its control socket once that is open.

        Raises `TorMissing`, `TorNotStarted`, `ExtraTorrcUnreadable`.
        """
        if self._process is None or self._process.returncode is not None:
            program = shutil.which("tor")
            if program is None:
                raise TorMissing
            try:
                torrc, log = await asyncio.to_thread(self._prepare, service_lines)
            except OSError as error:
                raise TorNotStarted(reason=error.strerror, log=self._folder) from None
            with log.open("ab") as written:
                self._process = await asyncio.create_subprocess_exec(
                    *(program, "-f", torrc, "--defaults-torrc", os.devnull),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=written,
                    stderr=asyncio.subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C is for the portal, which ends its Tor itself
                )
            await self._wait_for_socket(self._process, log)
        return self.address

    async def stop(self) -> None:
        """End it; kill it if it does not end within `STOP_SECONDS`."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def torrc_lines(self, service_lines: Sequence[str] = ()) -> list[str]:
        """Return the whole torrc, one option a line (tor(1)). Blocks. Raises `ExtraTorrcUnreadable`."""
        return [
            f"DataDirectory {quoted(self._folder / 'data')}",
            f"ControlSocket unix:{quoted(self._folder / 'control')}",
            f"CookieAuthFile {quoted(self._folder / 'cookie')}",
            "CookieAuthentication 1",
            f"SocksPort unix:{quoted(self._folder / 'socks')}",
            "Log notice stdout",
            f"__OwningControllerProcess {os.getpid()}",
            "__ReloadTorrcOnSIGHUP 0",
            *service_lines,
            *self._extra_lines,
            *self._lines_of_file(),
        ]

    def _lines_of_file(self) -> list[str]:
        if self._extra is None:
            return []
        try:
            return self._extra.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise ExtraTorrcUnreadable(file=self._extra, reason=error.strerror) from None
        except UnicodeDecodeError:
            raise ExtraTorrcUnreadable(file=self._extra, reason=N_("it is not UTF-8 text")) from None

    def _prepare(self, service_lines: Sequence[str]) -> tuple[Path, Path]:
        """Write the torrc and empty the log; return their paths."""
        for folder in (*reversed(self._folder.parents), self._folder):  # `parents=True` would leave some to the umask
            folder.mkdir(mode=0o700, exist_ok=True)
        self._folder.chmod(0o700)
        torrc, log = self._folder / "torrc", self._folder / "log"
        for file, lines in ((torrc, self.torrc_lines(service_lines)), (log, [])):
            file.touch(mode=0o600)
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        for stale in ("control", "cookie", "socks"):
            (self._folder / stale).unlink(missing_ok=True)
        return torrc, log

    async def _wait_for_socket(self, process: asyncio.subprocess.Process, log: Path) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                # The cookie comes last: a login between the two fails, or uses the cookie of before.
                while not all((self._folder / name).exists() for name in ("control", "cookie")):
                    if process.returncode is not None:
                        raise TorNotStarted(reason=await asyncio.to_thread(_last_warning, log), log=log)
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            await self.stop()
            raise TorNotStarted(reason=N_("it did not open its control socket"), log=log) from None


def _last_warning(log: Path) -> str:
    """Return the last warning of `log`, without its date; an error line of Tor only points to the warnings above."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    warnings = [line.partition("[warn] ")[2] for line in lines if "[warn] " in line]
    return warnings[-1] if warnings else N_("it ended at once")
