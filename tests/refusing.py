"""Which functions of ours can refuse, which write, and whether one transaction holds the two together; read from the source."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from unittest import mock

from portal.refusals import Refusal

ROOT = Path(__file__).parents[1]
APPS = ["portal", "people", "activities", "community", "events", "projects", "volunteers"]
WRITES = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "delete"}
#: Stop a refusal: portal.refusals.
CATCHING = {"caught", "in_form", "as_message"}
#: Calls what could refuse with what it does not refuse.
REFUSED_NOTHING = {"volunteers.operations.planning.settle": "gives turns to adults only; give() refuses minors"}
#: Ask functions that upper apps have added, of which some refuse.
ASKING_HOOKS = {"activities.rules.publication.ask"}


@dataclass
class Node:
    """A call or a ``raise`` within a function: what it leads to, and the outermost atomic block it stands in."""

    line: int
    called: str  # "app.room.module.function", "" for what refuses or writes by itself
    refuses: bool = False
    writes: bool = False
    atomic: int | None = None  # line of the block
    is_caught: bool = False


@dataclass
class Function:
    name: str
    is_atomic: bool = False  # decorated
    nodes: list[Node] = field(default_factory=list)


class Reader(ast.NodeVisitor):
    """Reads one function."""

    def __init__(self, function: Function, names: dict[str, str]) -> None:
        self.function, self.names = function, names
        self.atomic: int | None = None
        self.is_caught = False

    def note(self, node: ast.stmt | ast.expr, called: str = "", **what: bool) -> None:
        self.function.nodes.append(Node(node.lineno, called, atomic=self.atomic, is_caught=self.is_caught, **what))

    def visit_With(self, node: ast.With) -> None:
        before = self.atomic, self.is_caught
        for item in node.items:
            self.visit(item.context_expr)
            words = ast.unparse(item.context_expr)
            if "transaction.atomic" in words and self.atomic is None:
                self.atomic = node.lineno
            if words.partition("(")[0].rpartition(".")[2] in CATCHING or any(f"{one}(" in words for one in CATCHING):
                self.is_caught = True
        for line in node.body:
            self.visit(line)
        self.atomic, self.is_caught = before

    def visit_Try(self, node: ast.Try) -> None:
        before = self.is_caught
        self.is_caught = before or any(
            one.type is not None and ast.unparse(one.type) == "Refusal" for one in node.handlers
        )
        for line in node.body:
            self.visit(line)
        self.is_caught = before
        for line in [*node.handlers, *node.orelse, *node.finalbody]:
            self.visit(line)

    def visit_Raise(self, node: ast.Raise) -> None:
        if node.exc is not None and ast.unparse(node.exc).startswith("Refusal("):
            self.note(node, refuses=True)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        words = ast.unparse(node.func)
        head, _dot, rest = words.partition(".")
        if words in self.names:
            self.note(node, self.names[words])
        elif rest and head in self.names and "." not in rest:
            self.note(node, f"{self.names[head]}.{rest}")
        if isinstance(node.func, ast.Attribute):
            name = node.func.attr
            # A dict is updated with a dict, rows are with names of columns.
            if name in WRITES or (name == "update" and node.keywords and not node.args):
                self.note(node, writes=True)
        self.generic_visit(node)


def imported(tree: ast.Module) -> dict[str, str]:
    """{the name here: what it is}."""
    return {
        one.asname or one.name: f"{node.module}.{one.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for one in node.names
    }


def read_module(name: str, text: str) -> Iterator[Function]:
    """Each function of a module, methods and the functions within them as part of what they stand in."""
    tree = ast.parse(text)
    names = imported(tree)
    tops = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    names |= {node.name: f"{name}.{node.name}" for node in tops}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = [(f"{one.name}.", node) for one in classes for node in one.body if isinstance(node, ast.FunctionDef)]
    for before, node in [*(("", top) for top in tops), *methods]:
        function = Function(
            f"{name}.{before}{node.name}",
            is_atomic=any("transaction.atomic" in ast.unparse(one) for one in node.decorator_list),
        )
        reader = Reader(function, names)
        for line in node.body:
            reader.visit(line)
        yield function


@dataclass
class Code:
    """All functions by name; ``refusing`` and ``writing`` are the names of those that do, directly or by what they call."""

    functions: dict[str, Function]

    def __post_init__(self) -> None:
        for name in REFUSED_NOTHING:
            for node in self.functions[name].nodes if name in self.functions else ():
                node.is_caught = True
        self.refusing = self._spread(lambda node: (node.refuses or node.called in ASKING_HOOKS) and not node.is_caught)
        self.refusing |= ASKING_HOOKS & set(self.functions)
        self.writing = self._spread(lambda node: node.writes, through_caught=True)

    def _spread(self, does, *, through_caught: bool = False) -> set[str]:
        """``through_caught``: what is written counts whatever becomes of the refusal; the ground floor has no rows to write."""
        found = {
            name
            for name, one in self.functions.items()
            if any(does(node) for node in one.nodes) and not (through_caught and name.startswith("portal."))
        }
        while True:
            more = {
                name
                for name, one in self.functions.items()
                if any(node.called in found and (through_caught or not node.is_caught) for node in one.nodes)
            }
            if more <= found:
                return found
            found |= more

    def refuses(self, node: Node) -> bool:
        return not node.is_caught and (node.refuses or node.called in self.refusing)

    def writes(self, node: Node) -> bool:
        return node.writes or node.called in self.writing

    def operations(self) -> set[str]:
        return {name for name in self.functions if name.split(".")[1] == "operations"}

    def torn(self) -> set[str]:
        """Operations that write and can refuse, and leave written what stood before or beside the refusal."""
        suspect = {
            name
            for name in self.operations() & self.refusing & self.writing
            if not self._is_one_transaction(self.functions[name])
        }
        callers: dict[str, list[tuple[str, Node]]] = {name: [] for name in suspect}
        for name, one in self.functions.items():
            for node in one.nodes:
                if node.called in callers:
                    callers[node.called].append((name, node))
        helpers = {name for name in suspect if callers[name]}
        while True:  # parts of an operation: each is called within a transaction only, or by such a part
            still = {
                name
                for name in helpers
                if all(
                    by in helpers or (by in self.operations() and (node.atomic or self.functions[by].is_atomic))
                    for by, node in callers[name]
                )
            }
            if still == helpers:
                return suspect - helpers
            helpers = still

    def _is_one_transaction(self, one: Function) -> bool:
        doing = [node for node in one.nodes if self.refuses(node) or self.writes(node)]
        if one.is_atomic or (len(doing) == 1 and doing[0].called in self.operations()):
            return True  # by itself, or as all it does is another operation
        blocks = {node.atomic for node in one.nodes if self.refuses(node)}
        if len(blocks) != 1 or None in blocks:
            return False
        block = next(iter(blocks)) or 0
        return not any(self.writes(node) and node.atomic != block and node.line < block for node in one.nodes)


@cache
def our_code() -> Code:
    functions: dict[str, Function] = {}
    handed_on: dict[str, str] = {}
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in file.parts:
                name, text = ".".join(file.relative_to(ROOT).with_suffix("").parts), file.read_text(encoding="utf-8")
                functions |= {one.name: one for one in read_module(name.removesuffix(".__init__"), text)}
                if file.name == "__init__.py":
                    package = name.removesuffix(".__init__")
                    handed_on |= {f"{package}.{short}": full for short, full in imported(ast.parse(text)).items()}
    for node in (node for one in functions.values() for node in one.nodes):
        node.called = handed_on.get(node.called, node.called)
    return Code(functions)


def code_of(**modules: str) -> Code:
    """For trying the reader: ``activities__operations__x="source"``."""
    found = [one for name, text in modules.items() for one in read_module(name.replace("__", "."), text)]
    return Code({one.name: one for one in found})


# --- refused, whatever it is ---


@contextmanager
def everything_refuses(sentence: str, *, also_what_never_does: bool = False) -> Iterator[list[str]]:
    """Each operation that writes and can refuse does, wherever a module of ours has it by name; their names, as they do."""
    code = our_code()
    names = {
        name
        for name in (code.writing if also_what_never_does else code.writing & code.refusing)
        if name.split(".")[1] in {"operations", "outbox"} and not re.search(r"\.(_|[A-Z])", name)
    }

    met: list[str] = []

    def refusing(name: str) -> Callable[..., None]:
        def no(*args: object, **kwargs: object) -> None:
            met.append(name)
            raise Refusal(sentence)

        return no

    found = {}
    for name in names:
        module, _dot, function = name.rpartition(".")
        found[id(getattr(import_module(module), function))] = name
    with ExitStack() as stack:
        for module in [one for one in sys.modules.values() if one and one.__name__.partition(".")[0] in APPS]:
            for name, value in list(vars(module).items()):
                if id(value) in found:
                    stack.enter_context(mock.patch.object(module, name, refusing(found[id(value)])))
        yield met
