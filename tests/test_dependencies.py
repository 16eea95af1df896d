"""The lock files, against the dependencies that pyproject.toml names."""

import re
import tomllib
from typing import Final

import pytest

from tests.checkout import ROOT

PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NAME: Final = re.compile(r"[\w-]+")
LOCKED: Final = re.compile(
    r"^([\w-]+)==(?:.*\n )*.*# via(?: |\n(?: .*\n)*? +#   )anonymous-event-portal ", re.MULTILINE
)
DEPENDENCIES: Final = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]],
}


@pytest.mark.parametrize("lock", DEPENDENCIES)
def test_lock_names_our_own_dependencies_and_no_other_as_ours(lock: str) -> None:
    wanted = {found[0] for dependency in DEPENDENCIES[lock] if (found := NAME.match(dependency))}
    assert set(LOCKED.findall((ROOT / lock).read_text())) == wanted
