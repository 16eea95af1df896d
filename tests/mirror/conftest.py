"""The scene of the attacks."""

from pathlib import Path

import pytest

from tests.factories.mirror_scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)
