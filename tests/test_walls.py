"""The walls of the house: who may import whom, no cycle, no relative import, and the budgets of size."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from types import UnionType
from typing import Final

ROOT: Final = Path(__file__).parents[1]
MODULE_LINES: Final = 300
FUNCTION_LINES: Final = 40
HANDLER_LINES: Final = 20
NAMES_WITHOUT_MEANING: Final = {"utils", "common", "helpers"}

TABLE_OF_ROUTES: Final = "portal.routes"
STORAGE_CONTRACT: Final = "portal.storage.contract"
FORMATTING: Final = {"jinja2", "markupsafe", "markdown_it", "icalendar", "babel", "segno", "tomlkit"}

# The longest prefix of a module's name decides which row is its own.
MAY_IMPORT: Final[dict[str, set[str]]] = {
    "portal.domain": {"argon2", "cryptography", "nacl"},
    "portal.settings": {"portal.domain"},
    "portal.site": {"portal.domain", *FORMATTING},
    "portal.storage": {"portal.domain", "tinydb"},
    "portal.web": {"portal.domain", "starlette", "itsdangerous", "anyio"},
    "portal.places": set(),
    "portal.flow": {"uvicorn"},
    "portal.connection": {"portal.domain", "portal.flow", "portal.places", "portal.site.catalogue", "uvicorn"},
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
    "portal.process_memory": set(),
    "portal.word_lists": {"portal.domain", "diceware"},
    "onion": {"stem", "httpcore"},
}
COMPOSITION_ROOTS: Final = {
    "portal.__main__",
    "portal.address_commands",
    "portal.announcement_ends",
    "portal.app",
    "portal.beside",
    "portal.public_doors",
    "portal.audit_side",
    "portal.banner_in_words",
    "portal.cli",
    "portal.commands",
    "portal.confirmation",
    "portal.draft_commands",
    "portal.erasure",
    "portal.installation",
    "portal.key_commands",
    "portal.onion_commands",
    "portal.onion_side",
    "portal.onion_status",
    "portal.organiser_commands",
    "portal.organisers_onion",
    "portal.origin",
    "portal.seat_draw",
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


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """The dotted names that a module imports; of `from a import b`, `a.b` where that is a module, else `a`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield from (name if (name := f"{base}.{alias.name}") in MODULES else base for alias in node.names)


def is_within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def room_of(module: str) -> str | None:
    return max((room for room in MAY_IMPORT if is_within(module, room)), key=len, default=None)


def trespasses_of(module: str) -> list[str]:
    """What `module` imports and its room may not; its own name where it stands in no room."""
    room = room_of(module)
    if room is None:
        return [] if module in COMPOSITION_ROOTS | {"portal"} else [module]
    allowed = MAY_IMPORT[room] | {room} | set(sys.stdlib_module_names)
    return [name for name in imports_of(MODULES[module]) if not any(is_within(name, place) for place in allowed)]


def every_python_file() -> list[Path]:
    return sorted(path for folder in ("portal", "onion", "tests") for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions_beyond(lines: int, paths: Iterable[Path], kinds: type[ast.AST] | UnionType) -> list[str]:
    """Each function of a kind, in any of `paths`, that is longer than `lines`."""
    return [
        f"{name_of(path)}: {node.name}: {length} lines"
        for path in paths
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node, kinds)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > lines
    ]


def test_module_imports_only_what_its_room_may() -> None:
    assert {module: wrong for module in MODULES if (wrong := trespasses_of(module))} == {}


def test_composition_root_is_imported_by_nobody() -> None:
    others = set(MODULES) - COMPOSITION_ROOTS
    assert {module: wrong for module in others if (wrong := COMPOSITION_ROOTS & {*imports_of(MODULES[module])})} == {}


def test_imports_make_no_cycle() -> None:
    graph = {module: {name for name in imports_of(path) if name in MODULES} for module, path in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


def test_no_import_is_relative() -> None:
    nodes = ((path, node) for path in MODULES.values() for node in ast.walk(tree_of(path)))
    assert [name_of(path) for path, node in nodes if isinstance(node, ast.ImportFrom) and node.level] == []


def test_package_reexports_nothing() -> None:
    packages = [name for name, path in MODULES.items() if path.name == "__init__.py" and name != TABLE_OF_ROUTES]
    makes_a_name = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    nodes = ((name, node) for name in packages for node in tree_of(MODULES[name]).body)
    assert [name for name, node in nodes if isinstance(node, makes_a_name)] == []


def test_name_of_a_file_has_a_meaning() -> None:
    assert [name_of(path) for path in every_python_file() if path.stem in NAMES_WITHOUT_MEANING] == []


def test_module_stays_short() -> None:
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in every_python_file()}
    assert {name: count for name, count in lines.items() if count > MODULE_LINES} == {}


def test_function_stays_short() -> None:
    assert functions_beyond(FUNCTION_LINES, every_python_file(), ast.FunctionDef | ast.AsyncFunctionDef) == []


def test_handler_stays_short() -> None:
    routes = sorted((ROOT / "portal" / "routes").glob("*.py"))
    assert functions_beyond(HANDLER_LINES, routes, ast.AsyncFunctionDef) == []
