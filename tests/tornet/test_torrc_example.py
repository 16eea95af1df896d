"""`torrc.example` is a torrc that Tor takes, as it is and with each option that it offers."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from onion.tor.torrc import EXPORT_CIRCUITS, static_lines
from portal.tor.service import DEFENCES
from tests.checkout import ROOT
from tests.programs import require

EXAMPLE: Final = ROOT / "torrc.example"
OFFERED: Final = re.compile(r"^#(?=[A-Z])", re.MULTILINE)
OF_THE_SECOND_WAY: Final = re.compile(r"^#(?=HiddenService)", re.MULTILINE)

TEXT: Final = EXAMPLE.read_text(encoding="utf-8")
VERSIONS: Final = {
    "as it is": TEXT,
    "with the second way": OF_THE_SECOND_WAY.sub("", TEXT),
    "with every option that it offers": OFFERED.sub("", TEXT),
}


@pytest.mark.parametrize("torrc", VERSIONS.values(), ids=VERSIONS.keys())
def test_tor_takes_the_example(torrc: str, tmp_path: Path) -> None:
    """Verified as the tests may run Tor: without network and in a folder of theirs. A warning is a fault too."""
    require("tor")
    file = tmp_path / "torrc"
    file.write_text(torrc, encoding="utf-8")
    command = ["tor", "--verify-config", "-f", str(file), "--defaults-torrc", os.devnull]
    ours = ["--DisableNetwork", "1", "--DataDirectory", str(tmp_path / "data")]
    verified = subprocess.run([*command, *ours], capture_output=True, text=True, check=False)
    warnings = [line for line in verified.stdout.splitlines() if re.search(r"\[(warn|err)\]", line)]
    assert (verified.returncode, [line for line in warnings if "running Tor as root" not in line]) == (0, [])


def test_example_exposes_no_port_to_other_machines() -> None:
    ports = re.findall(r"^#?(?:Socks|Control|OR|Dir|Trans|DNS|NAT|HTTPTunnel)Port (\S+)", TEXT, re.MULTILINE)
    assert {port for port in ports if port != "0" and not port.startswith(("127.0.0.1:", "unix:/"))} == set()


def test_example_has_the_lines_that_the_portal_prints() -> None:
    shown = [line[1:] for line in TEXT.splitlines() if OF_THE_SECOND_WAY.match(line)]
    assert shown == [*static_lines(Path("/run/portal/onion"), DEFENCES), EXPORT_CIRCUITS]
