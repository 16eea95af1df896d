"""The systemd unit of the guide on mirrors: it is read without a fault and leaves the program little to abuse."""

import re
import subprocess
from pathlib import Path
from typing import Final

from tests.checkout import ROOT
from tests.programs import require

GUIDE: Final = ROOT / "docs" / "mirrors.md"
EXPOSURE: Final = 2.0
"""Of ten, as `systemd-analyze security` counts."""


def test_unit_of_the_guide_is_locked_down(tmp_path: Path) -> None:
    require("systemd-analyze")
    found = re.search(r"```ini\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    unit = tmp_path / "portal-copy.service"
    unit.write_text(found[1], encoding="utf-8")
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    result = subprocess.run(words, capture_output=True, text=True, check=True)
    exposure = re.search(r"exposure level for portal-copy\.service: ([\d.]+)", result.stdout)
    assert exposure is not None and float(exposure[1]) <= EXPOSURE
    assert result.stderr == ""
