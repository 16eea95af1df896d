"""The fingerprint as people read and type it."""

import pytest

from portal.domain.trust.signing import in_groups, read_fingerprint

FINGERPRINT = "0123456789abcdef" * 4
GROUPS = "01234567 89abcdef 01234567 89abcdef 01234567 89abcdef 01234567 89abcdef"

TYPED: dict[str, tuple[str, str | None]] = {
    "as it is": (FINGERPRINT, FINGERPRINT),
    "in groups": (GROUPS, FINGERPRINT),
    "in capitals, over two lines": (f" {GROUPS[:36].upper()}\n{GROUPS[36:]}\n", FINGERPRINT),
    "with blanks that do not break": (GROUPS.replace(" ", "\N{NO-BREAK SPACE}"), FINGERPRINT),
    "a digit short": (FINGERPRINT[1:], None),
    "a digit too many": (f"{FINGERPRINT}0", None),
    "letters of no number": ("é" * 64, None),
    "digits of another script": ("\N{ARABIC-INDIC DIGIT ONE}" * 64, None),
    "nothing": ("", None),
}


def test_fingerprint_is_read_aloud_in_eight_groups_of_eight() -> None:
    assert in_groups(FINGERPRINT) == GROUPS


@pytest.mark.parametrize(("typed", "read"), TYPED.values(), ids=TYPED.keys())
def test_fingerprint_is_read_however_it_was_typed(typed: str, read: str | None) -> None:
    assert read_fingerprint(typed) == read
