"""The walls of the house: who may import whom, no cycle, no relative import, and the budgets of size."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
MODULE_LINES: Final = 300
FUNCTION_LINES: Final = 40
HANDLER_LINES: Final = 20
NAMES_WITHOUT_MEANING: Final = {"utils", "common", "helpers"}

STORAGE_CONTRACT: Final = "portal.storage.contract"
FORMATTING: Final = {"jinja2", "markupsafe", "markdown_it", "icalendar", "babel", "segno", "tomlkit"}

# The longest prefix of a module's name decides which row is its own.
MAY_IMPORT: Final[dict[str, set[str]]] = {
    "portal.domain": {"argon2", "cryptography", "nacl"},
    "portal.settings": {"portal.domain"},
    "portal.site": {"portal.domain", *FORMATTING},
    "portal.storage": {"portal.domain", "tinydb"},
    "portal.web": {"portal.domain", "starlette", "itsdangerous", "anyio"},
    "portal.connection": {"portal.domain", "portal.site.catalogue", "uvicorn"},
    "portal.circuit_connection": {
        "portal.connection",
        "portal.web.circuits",
        "portal.web.proxy_line",
        "uvicorn",
    },
    "portal.services": {"portal.domain", "portal.settings", "portal.site.files", STORAGE_CONTRACT},
    "portal.routes": {
        "portal.domain",
        "portal.site",
        "portal.web",
        "portal.services",
        STORAGE_CONTRACT,
        "starlette",
        "anyio",
    },
    "portal.mirror": {"portal.domain", "portal.site.files", "tuf", "securesystemslib", "httpx", "httpcore"},
    "portal.terminal": {"portal.domain", "portal.settings", "portal.site.catalogue", "typer"},
    "portal.limits_in_words": {"portal.domain"},
    "portal.word_lists": {"portal.domain", "diceware"},
    "onion": {"stem", "httpcore"},
}
COMPOSITION_ROOTS: Final = {
    "portal.__main__",
    "portal.address_commands",
    "portal.announcement_ends",
    "portal.app",
    "portal.audit_side",
    "portal.banner_in_words",
    "portal.cli",
    "portal.commands",
    "portal.draft_commands",
    "portal.installation",
    "portal.key_commands",
    "portal.onion_commands",
    "portal.onion_side",
    "portal.onion_status",
    "portal.organiser_commands",
    "portal.organisers_onion",
    "portal.origin",
    "portal.serve_command",
    "portal.server",
    "portal.sign_command",
    "portal.signing_side",
    "portal.source_options",
    "portal.verify_command",
    "portal.mirror_command",
    "portal.push_command",
    "portal.copy_app",
    "portal.copy_side",
}


def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {}
    for package in ("portal", "onion"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES: Final = modules()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """The dotted names that a module imports; of `from a import b`, `a.b` where that is a module, else `a`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            base = node.module or ""
            yield from (name if (name := f"{base}.{alias.name}") in MODULES else base for alias in node.names)


def is_within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def room_of(module: str) -> str | None:
    return max((room for room in MAY_IMPORT if is_within(module, room)), key=len, default=None)


@pytest.mark.parametrize("module", MODULES)
def test_module_imports_only_what_its_room_may(module: str) -> None:
    room = room_of(module)
    if room is None:
        assert module in COMPOSITION_ROOTS | {"portal"}, f"{module} stands in no room"
        return
    allowed = MAY_IMPORT[room] | {room} | set(sys.stdlib_module_names)
    trespasses = [name for name in imports_of(MODULES[module]) if not any(is_within(name, one) for one in allowed)]
    assert trespasses == []


@pytest.mark.parametrize("module", sorted(set(MODULES) - COMPOSITION_ROOTS))
def test_composition_root_is_imported_by_nobody(module: str) -> None:
    assert [name for name in imports_of(MODULES[module]) if name in COMPOSITION_ROOTS] == []


def test_imports_make_no_cycle() -> None:
    graph = {module: {name for name in imports_of(path) if name in MODULES} for module, path in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


@pytest.mark.parametrize("package", [name for name, path in MODULES.items() if path.name == "__init__.py"])
def test_package_reexports_nothing(package: str) -> None:
    holds_the_table = package == "portal.routes"
    statements = [type(node) for node in tree_of(MODULES[package]).body]
    assert holds_the_table or not {ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef} & set(statements)


def every_python_file() -> list[Path]:
    return sorted(path for folder in ("portal", "onion", "tests") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", every_python_file(), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_keeps_to_the_budgets(path: Path) -> None:
    assert path.stem not in NAMES_WITHOUT_MEANING
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES
    too_long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert too_long == []


@pytest.mark.parametrize("path", sorted((ROOT / "portal" / "routes").glob("*.py")), ids=lambda path: path.stem)
def test_handler_stays_short(path: Path) -> None:
    too_long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > HANDLER_LINES
    ]
    assert too_long == []
