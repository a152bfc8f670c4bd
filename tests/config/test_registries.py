"""What upper apps tell lower ones stands in registries (portal/registry.py), filled in ``registration.py`` and nowhere else.

Imported for its effect is only what the frameworks look for themselves: an app's ``admin`` package (Django's
autodiscovery, which is why its ``__init__`` names each module), its ``tasks`` (Celery's), its template tags, and the
receivers of signals in ``people/adapters.py`` (allauth finds it by its setting).
"""

import ast
import importlib
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.settings.environment import BASE_DIR
from people.access.roles import allow
from portal.registry import Registry

HOUSE = ["portal", *settings.DOMAIN_APPS]
MUTABLE = {"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque"}
CHANGING = {"add", "append", "extend", "insert", "setdefault", "update", "insort"}
# Module-level collections that change while the portal runs, each with its reason.
NO_REGISTRIES = {
    "people/access/roles.py:_table": "the table of permissions; allow() is called in registration.py alone",
    "portal/errors.py:_phones": "a copy of numbers for when the database is away",
    "portal/page_cache/shared_rows.py:_kept": "a cache",
}
# Imports of ours inside functions, each with its reason; AppConfig.ready() has them because models load before it.
LATE_IMPORTS: dict[str, str] = {}


def modules(folders=HOUSE):
    """(path from the project's folder, its tree) of each module, without migrations."""
    for folder in folders:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(BASE_DIR), ast.parse(path.read_text())


def names_of_registries() -> set[str]:
    return {name for name, _registry in registries()}


def registries():
    """(name, registry) of each one that stands in a module of ours, under the name it has where it is made."""
    found = {}
    for path, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                module = sys.modules.get(dotted(path)) or importlib.import_module(dotted(path))
                if isinstance(getattr(module, name, None), Registry):
                    found[f"{path}:{name}"] = (name, getattr(module, name))
    return list(found.values())


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def fillings(tree: ast.Module, names: set[str]) -> dict[int, str]:
    """{line: what} where ``tree`` puts something into a registry of these names, or gives a permission."""
    found = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(attr="add" | "add_all", value=ast.Name(id=owner) | ast.Attribute(attr=owner)) if (
                owner in names or any(word.arg == "order" for word in node.keywords)
            ):
                found[node.lineno] = f"{owner}.{node.func.attr}"
            case ast.Name(id="allow") | ast.Attribute(attr="allow", value=ast.Name(id="roles")):
                found[node.lineno] = "allow"
    return found


def collections_of(tree: ast.Module) -> set[str]:
    """Names at the top of a module that stand for a list, a dict or a set."""
    made = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            called = node.value.func if isinstance(node.value, ast.Call) else None
            called = called.value if isinstance(called, ast.Subscript) else called
            is_one = isinstance(node.value, ast.List | ast.Dict | ast.Set) or getattr(called, "id", "") in MUTABLE
            if is_one and isinstance(target, ast.Name):
                made.add(target.id)
    return made


def lists_that_grow(tree: ast.Module) -> set[str]:
    """Collections at the top of a module that its functions, or lines below, put something into."""
    return collections_of(tree) & {name for _owner, name in growing(tree)}


def growing(tree: ast.Module):
    """(owner, name) of what is put something into: ``name.append(…)``, ``name[…] = …``, ``owner.name += …``."""
    for node in ast.walk(tree):
        changed: list[ast.expr] = []
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
                changed = [node.func.value, *node.args[: node.func.attr == "insort"]]
            elif isinstance(node.func, ast.Name) and node.func.id == "insort":
                changed = node.args[:1]
        elif isinstance(node, ast.Assign):
            changed = [target.value for target in node.targets if isinstance(target, ast.Subscript)]
        elif isinstance(node, ast.AugAssign):
            changed = [node.target]
        for one in changed:
            while isinstance(one, ast.Subscript):
                one = one.value
            if isinstance(one, ast.Name):
                yield "", one.id
            elif isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
                yield one.value.id, one.attr


def grown_elsewhere(path: Path, tree: ast.Module, made: dict[str, set[str]]) -> list[str]:
    """Collections at the top of other modules of ours (``made``: {module: names}) that this one puts something into."""
    here = {}  # what a name means in this module: (module, name), or (module, "") for a module
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                here[alias.asname or alias.name] = (node.module, alias.name)
    found = []
    for owner, name in growing(tree):
        module, known = here.get(owner or name, ("", ""))
        if owner and name in made.get(f"{module}.{known}", ()):
            found.append(f"{path} fills {module}.{known}.{name}")
        elif not owner and known in made.get(module, ()):
            found.append(f"{path} fills {module}.{known}")
    return found


def late_imports(tree: ast.Module) -> dict[int, str]:
    """{line: module} of ours, imported inside a function that is not ``ready()``."""
    found = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name != "ready":
            for node in ast.walk(function):
                named = [node.module] if isinstance(node, ast.ImportFrom) else []
                named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for module in named:
                    if (module or "").split(".")[0] in {*HOUSE, "config"} or getattr(node, "level", 0):
                        found[node.lineno] = module or "."
    return found


def test_registries_are_filled_in_registration_alone():
    names = names_of_registries()
    found = [
        f"{path}:{line} {what}"
        for path, tree in modules([*HOUSE, "config"])
        if path.name != "registration.py" and path != Path("portal/registry.py")
        for line, what in fillings(tree, names).items()
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "sweeps.add(f, order=1)",
        "from people.operations import merging\nmerging.before.add(f, order=1)",
        "message_kinds.add_all(KINDS, order=1)",
        "def register():\n    unheard_of.add(f, order=1)",
        "allow(role, 'people.person', 'view')",
        "roles.allow(role, 'people.person', 'view')",
    ],
)
def test_the_scan_sees_a_filling(source):
    assert len(fillings(ast.parse(source), {"sweeps", "before", "message_kinds"})) == 1


def test_the_scan_sees_the_fillings_there_are():
    names = names_of_registries()
    found = {path.parts[0]: fillings(tree, names) for path, tree in modules() if path.name == "registration.py"}

    assert set(found) == set(settings.DOMAIN_APPS)
    assert all(len(lines) > 5 for lines in found.values())
    assert not fillings(ast.parse("seen.add(1)"), names)


def test_no_module_keeps_a_registry_of_another_kind():
    found = {f"{path}:{name}" for path, tree in modules() for name in lists_that_grow(tree)}

    assert found == set(NO_REGISTRIES)


def test_no_module_fills_a_list_of_another():
    made = {dotted(path): collections_of(tree) for path, tree in modules()}
    found = [line for path, tree in modules() for line in grown_elsewhere(path, tree, made)]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "jobs: list[int] = []\ndef register(job): jobs.append(job)",
        "kinds = {}\ndef register(kind): kinds[kind.code] = kind",
        "codes = set()\ndef leave(*some): codes.update(some)",
        "checks = defaultdict(list)\ndef register(kind, check): checks[kind].append(check)",
        "jobs: list[int] = list()\ndef register(job):\n    global jobs\n    jobs += [job]",
        "jobs = []\ndef register(job): insort(jobs, job)",
    ],
)
def test_the_scan_sees_a_list_that_grows(source):
    assert len(lists_that_grow(ast.parse(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from people.rules import consent\nconsent.on_change.append(f)",
        "from people.rules.consent import on_change\non_change.append(f)",
        "from people.rules.consent import on_change as changes\nchanges['x'] = f",
    ],
)
def test_the_scan_sees_a_list_of_another_module(source):
    made = {"people.rules.consent": {"on_change"}}

    assert len(grown_elsewhere(Path("x.py"), ast.parse(source), made)) == 1


def test_every_registry_is_filled():
    found = registries()

    assert [name for name, registry in found if not len(registry)] == []
    assert len(found) >= 30


def test_a_permission_given_twice_stops_the_start():
    with pytest.raises(ValueError, match="system_admin is given people.view_user twice"):
        allow("system_admin", "people.user", "view")


def test_ours_is_imported_at_the_top():
    found = {f"{path}:{module}" for path, tree in modules([*HOUSE, "config"]) for module in late_imports(tree).values()}

    assert found == set(LATE_IMPORTS)


def test_the_scan_sees_a_late_import():
    assert late_imports(ast.parse("def f():\n    from people import outbox")) == {2: "people"}
    assert late_imports(ast.parse("class C:\n    def ready(self):\n        from people import registration")) == {}


def test_nothing_is_imported_for_its_effect():
    """An import that no line uses (F401) is silenced nowhere."""
    found = [
        path
        for folder in [*HOUSE, "config"]
        for path in (BASE_DIR / folder).rglob("*.py")
        if "F401" in path.read_text()
    ]

    assert found == []
