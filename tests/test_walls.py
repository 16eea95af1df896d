"""The walls of the project: who may import whom, no cycle, no relative import, and the budgets of size."""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from types import UnionType
from typing import Final

from tests.checkout import ROOT

MODULE_LINES: Final = 300
FUNCTION_LINES: Final = 40
HANDLER_LINES: Final = 20
NAMES_WITHOUT_MEANING: Final = {"utils", "common", "helpers"}

ROUTE_TABLE: Final = "portal.routes"
"""The one `__init__.py` with content. It stands above the modules of its folder, and has a row of its own."""

FOLDERS: Final = "portal", "onion", "tests", "bench"
LAYERS: Final = 8

STANDARD: Final = sys.stdlib_module_names

# What the modules of each folder may import beside one another and the standard library. `x.*` stands for the folder x
# and every folder in it, `x` for that folder alone.
MAY_IMPORT: Final[dict[str, set[str]]] = {
    "portal.__main__": {"portal.cli"},
    "portal": set(),
    "portal.cli": {
        *("portal", "portal.origin", "portal.mirror.*", "portal.routes", "portal.tor", "portal.server"),
        *("portal.services", "portal.settings", "portal.site", "portal.storage", "portal.web", "portal.domain.*"),
        *("onion", "onion.identity", "onion.tor", "tuf", "typer"),
    },
    "portal.origin": {
        *("portal", "portal.mirror.*", "portal.routes.*", "portal.routes.__init__", "portal.tor", "portal.server"),
        *("portal.services", "portal.settings", "portal.site", "portal.storage.*", "portal.web", "portal.domain.*"),
        *("starlette", "securesystemslib", "diceware"),
    },
    "portal.mirror": {
        *("portal.mirror.client", "portal.routes", "portal.tor", "portal.server", "portal.services"),
        *("portal.settings", "portal.site", "portal.storage", "portal.web", "portal.domain.*", "onion.tor"),
        *("starlette", "anyio"),
    },
    "portal.mirror.signing": {
        *("portal.mirror.client", "portal.site", "portal.storage", "portal.domain.*", "tuf", "securesystemslib"),
    },
    "portal.mirror.client": {
        *("portal.site", "portal.storage", "portal.domain.*", "onion.tor", "tuf", "securesystemslib"),
        *("httpx", "httpcore"),
    },
    "portal.routes.__init__": {"portal.routes.*", "portal.site", "portal.domain", "starlette"},
    "portal.routes.organisers.admin": {
        *("portal.routes.organisers.draft", "portal.routes.organisers.attendance", "portal.routes.organisers"),
        *("portal.routes.public", "portal.routes", "portal.services", "portal.site", "portal.web", "portal.domain.*"),
        "starlette",
    },
    "portal.routes.organisers.editions": {
        *("portal.routes.organisers.draft", "portal.routes.organisers", "portal.routes", "portal.site", "portal.web"),
        *("portal.domain.*", "starlette", "anyio"),
    },
    "portal.routes.organisers.attendance": {
        *("portal.routes.organisers.draft", "portal.routes.organisers", "portal.routes", "portal.site"),
        *("portal.domain.*", "starlette"),
    },
    "portal.routes.organisers.draft": {
        *("portal.routes.organisers", "portal.routes", "portal.services", "portal.site", "portal.web"),
        *("portal.domain.*", "starlette", "anyio"),
    },
    "portal.routes.organisers": {
        *("portal.routes", "portal.site", "portal.web", "portal.domain.*", "starlette", "anyio"),
    },
    "portal.routes.public": {
        *("portal.routes", "portal.services", "portal.site", "portal.web", "portal.domain.*", "starlette", "anyio"),
    },
    "portal.routes": {"portal.services", "portal.site", "portal.web", "portal.domain.*", "starlette", "anyio"},
    "portal.tor": {
        *("portal.server", "portal.services", "portal.settings", "portal.storage", "portal.web", "portal.domain"),
        *("onion.service", "onion.tor"),
    },
    "portal.server": {"portal.site", "portal.web", "portal.domain", "starlette", "uvicorn", "uvloop"},
    "portal.services": {"portal.settings", "portal.storage", "portal.site", "portal.domain.*"},
    "portal.settings": {"portal.domain", "onion.tor"},
    "portal.storage.embedded": {"portal.storage", "portal.domain.*", "tinydb"},
    "portal.storage": {"portal.domain.*"},
    "portal.site": {
        *("portal.domain.*", "jinja2", "markupsafe", "markdown_it", "icalendar", "babel", "segno", "tomlkit"),
    },
    "portal.web": {"portal.domain.*", "starlette", "itsdangerous", "multipart", "anyio"},
    "portal.domain.programme_import": {
        *("portal.domain.draft", "portal.domain.event", "portal.domain", "icalendar", "html2text"),
    },
    "portal.domain.draft": {"portal.domain.edition", "portal.domain.event", "portal.domain"},
    "portal.domain.organisers": {"portal.domain.registration", "portal.domain"},
    "portal.domain.registration": {"portal.domain.event", "portal.domain", "argon2", "cryptography", "nacl"},
    "portal.domain.edition": {"portal.domain.event", "portal.domain.trust", "portal.domain"},
    "portal.domain.trust": {"portal.domain"},
    "portal.domain.event": {"portal.domain"},
    "portal.domain": {"babel"},
    "onion.service": {"onion.tor", "onion.identity", "onion"},
    "onion.tor": {"onion.identity", "onion", "stem", "httpcore"},
    "onion.identity": {"onion", "nacl"},
    "onion": set(),
}


def modules() -> dict[str, Path]:
    """Return every module of the product by its dotted name."""
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
    """Yield the dotted names that a module imports; of `from a import b`, `a.b` where that is a module, else `a`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield from (name if (name := f"{base}.{alias.name}") in MODULES else base for alias in node.names)


def folder_of(module: str) -> str:
    """Return the key of a module's row in `MAY_IMPORT`: its folder, or the module itself."""
    if module == ROUTE_TABLE:
        return f"{ROUTE_TABLE}.__init__"
    if module in MAY_IMPORT and MODULES[module].name != "__init__.py":
        return module
    return module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]


def is_allowed(name: str, rows: set[str]) -> bool:
    """Return whether one of `rows` covers an imported `name`: a module of ours, or one of a library."""
    if name not in MODULES:
        return name.partition(".")[0] in rows | sys.stdlib_module_names
    folder = folder_of(name)
    return folder in rows or any(f"{folder}.".startswith(row.removesuffix("*")) for row in rows if row.endswith(".*"))


def trespasses_of(module: str) -> list[str]:
    """Return the imports of `module` that the row of its folder does not allow."""
    folder = folder_of(module)
    allowed = MAY_IMPORT[folder] | {folder}
    return [name for name in imports_of(MODULES[module]) if not is_allowed(name, allowed)]


def layers_of(graph: dict[str, set[str]]) -> int:
    """Count the layers of an acyclic graph: the nodes on its longest path."""
    depth: dict[str, int] = {}
    for node in TopologicalSorter(graph).static_order():
        depth[node] = 1 + max((depth[below] for below in graph[node]), default=0)
    return max(depth.values())


def graph_of(node_of: Callable[[str], str]) -> dict[str, set[str]]:
    """Return the imports between the nodes to which `node_of` assigns the modules."""
    graph: dict[str, set[str]] = {node_of(module): set() for module in MODULES}
    for module, path in MODULES.items():
        graph[node_of(module)] |= {node_of(name) for name in imports_of(path) if name in MODULES} - {node_of(module)}
    return graph


def package_of(module: str) -> str:
    """Return the top of the tree that a module belongs to: a module or a package of `portal`, or `onion`."""
    return ".".join(module.split(".")[:2]) if module.startswith("portal.") else module.split(".")[0]


def every_python_file() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions_beyond(lines: int, paths: Iterable[Path], kinds: type[ast.AST] | UnionType) -> list[str]:
    """Return each function of a kind, in any of `paths`, that is longer than `lines`."""
    return [
        f"{name_of(path)}: {node.name}: {length} lines"
        for path in paths
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node, kinds)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > lines
    ]


def test_every_folder_has_its_row() -> None:
    assert {folder_of(module) for module in MODULES} == set(MAY_IMPORT)


def test_module_imports_only_what_the_row_of_its_folder_allows() -> None:
    assert {module: wrong for module in MODULES if (wrong := trespasses_of(module))} == {}


def test_row_allows_nothing_that_no_module_needs() -> None:
    needed: dict[str, set[str]] = {folder: set() for folder in MAY_IMPORT}
    for module, path in MODULES.items():
        needed[folder_of(module)] |= {*imports_of(path)}
    unused = {
        folder: [row for row in rows if not any(is_allowed(name, {row}) for name in needed[folder] - STANDARD)]
        for folder, rows in MAY_IMPORT.items()
    }
    assert {folder: rows for folder, rows in unused.items() if rows} == {}


def test_modules_make_no_cycle() -> None:
    graph = {module: {name for name in imports_of(path) if name in MODULES} for module, path in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


def test_folders_make_no_cycle() -> None:
    assert set(TopologicalSorter(graph_of(folder_of)).static_order()) == set(MAY_IMPORT)


def test_portal_has_few_layers() -> None:
    assert layers_of(graph_of(package_of)) <= LAYERS


def test_no_import_is_relative() -> None:
    nodes = ((path, node) for path in MODULES.values() for node in ast.walk(tree_of(path)))
    assert [name_of(path) for path, node in nodes if isinstance(node, ast.ImportFrom) and node.level] == []


def test_package_reexports_nothing() -> None:
    packages = [name for name, path in MODULES.items() if path.name == "__init__.py" and name != ROUTE_TABLE]
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
    routes = sorted((ROOT / "portal" / "routes").rglob("*.py"))
    assert functions_beyond(HANDLER_LINES, routes, ast.AsyncFunctionDef) == []
