"""The refusals of `portal mirror` before it asks any source."""

import pytest

from portal.cli.main import run_command


def test_audit_without_a_tor_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["mirror", "http://127.0.0.1:1", "--audit", "--onion", "off"], {}) == 2
    message = (
        "portal: The other copies are checked through Tor. With --onion off, name the SOCKS port of one with --socks."
    )
    assert capsys.readouterr() == ("", f"{message}\n")


def test_option_is_refused_under_its_own_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["mirror", "http://127.0.0.1:1", "--every", "721"], {}) == 2
    assert capsys.readouterr() == ("", "portal: command line: --every: it is a number from 1 to 720\n")
