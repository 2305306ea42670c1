"""What the learner typed: the cells that ran, and what they assign."""

import ast
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Ran:
    """A cell that ran, and the error that ended it, if any."""

    source: str
    error: BaseException | None = None


class Cells:
    """The cells of this session in the order in which they ran."""

    def __init__(self, given: Iterable[str | Ran] | None = None) -> None:
        self._given = None if given is None else [_ran(cell) for cell in given]

    def all(self) -> list[Ran]:
        """Every cell that ran so far, the running one included, oldest first."""
        if self._given is not None:
            return self._given
        shell = _shell()
        if shell is None:
            return []
        errors = getattr(shell, "_course_errors", {})
        return [
            Ran(source, errors.get(number)) for number, source in enumerate(shell.user_ns["In"])
        ]

    def ran(self, source: str, error: BaseException | None = None) -> None:
        """Adds a cell, outside a notebook."""
        if self._given is not None:
            self._given.append(Ran(source, error))

    def place(self, name: str) -> int | None:
        """The number of the last cell that assigns `name`."""
        cells = self.all()
        for number in range(len(cells) - 1, -1, -1):
            if name in assigned(cells[number].source):
                return number
        return None

    def assigning(self, name: str) -> Ran | None:
        """The last cell that assigns `name`."""
        place = self.place(name)
        return None if place is None else self.all()[place]


def watch_errors() -> None:
    """Remember from now on which cells ended in an error. Calling it again changes nothing."""
    shell: Any = _shell()
    if shell is None or hasattr(shell, "_course_errors"):
        return
    errors: dict[int, BaseException] = {}
    shell._course_errors = errors

    def remember(result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is not None and result.execution_count is not None:
            errors[result.execution_count] = error

    shell.events.register("post_run_cell", remember)


# "rmse =", "rmse, mae =", "def change("
_MEANT = re.compile(r"^(?:def )?([A-Za-z_]\w*(?: *, *[A-Za-z_]\w*)*)(?: *=(?!=)|\()", re.MULTILINE)


@lru_cache(maxsize=1000)  # every check looks through the cells again
def assigned(source: str) -> frozenset[str]:
    """The names that a cell binds at its top level, loops and with-blocks included."""
    tree = _parse(source)
    if tree is None:
        # Text that is not valid Python yet still shows what it was meant to set
        return frozenset(
            name for text in _MEANT.findall(source) for name in re.findall(r"\w+", text)
        )
    return frozenset(name for name, _ in _bindings(tree.body))


def typed_in(source: str, name: str) -> bool:
    """Whether the cell gives `name` a plain literal and does nothing else with it.

    More is not guessed from the text: what was typed in by a detour falls on sibling data.
    """
    tree = _parse(source)
    if tree is None:
        return False
    values = [value for bound, value in _bindings(tree.body) if bound == name]
    if not values or not all(value is not None and _literal(value) for value in values):
        return False
    # A container that began as a literal may be filled, also by a function that it is given to
    shown = {id(part) for node in ast.walk(tree) if _shows(node) for part in ast.walk(node)}
    return not any(
        isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
        and id(node) not in shown
        for node in ast.walk(tree)
    )


def _literal(node: ast.expr) -> bool:
    """A number, text or container of such, with something in it."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    empty = isinstance(value, list | tuple | dict | set) and not value
    return value is not ... and not empty


def _shows(node: ast.AST) -> bool:
    """A call that prints."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "display")
    )


def _bindings(body: list[ast.stmt]) -> list[tuple[str, ast.expr | None]]:
    """(name, value) for every binding at cell level; value None: not a plain assignment."""
    found: list[tuple[str, ast.expr | None]] = []
    for statement in body:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    found += _targets(target, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                found += _targets(target, value)
            case ast.AugAssign(target=ast.Name(id=name)):
                found.append((name, None))  # a counter
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.append((name, None))
            case ast.ClassDef(name=name):
                found.append((name, None))
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found += [((n.asname or n.name).split(".")[0], None) for n in names]
            case ast.For(target=target):
                found += _targets(target, None)
            case ast.With(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        found += _targets(item.optional_vars, None)
        for block in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found += _bindings(getattr(statement, block, []))
        for handler in getattr(statement, "handlers", []):
            found += _bindings(handler.body)
        if isinstance(statement, ast.Expr | ast.Assign):
            found += _inside(statement)
    return found


# Calls that fill a container which began as a literal
_FILLS = frozenset({"append", "extend", "insert", "add", "update", "setdefault"})


def _inside(statement: ast.stmt) -> list[tuple[str, ast.expr | None]]:
    """What an expression binds or fills: `(n := …)`, `names.append(…)`."""
    found: list[tuple[str, ast.expr | None]] = []
    for node in ast.walk(statement):
        match node:
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                found.append((name, value))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=call), args=parts):
                if call in _FILLS:
                    found.append((name, ast.Tuple(elts=parts, ctx=ast.Load())))
    return found


def _targets(target: ast.expr, value: ast.expr | None) -> list[tuple[str, ast.expr | None]]:
    match target:
        case ast.Name(id=name):
            return [(name, value)]
        case ast.Starred(value=inner):
            return _targets(inner, None)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parts):
                pairs = zip(parts, value.elts, strict=True)
                return [found for part, each in pairs for found in _targets(part, each)]
            return [found for part in parts for found in _targets(part, None)]
        case ast.Subscript(value=ast.Name(id=name)):
            # result["rmse"] = …: the name existed before, and its content is set here
            return [(name, value)]
    return []


def _parse(source: str) -> ast.Module | None:
    lines = source.splitlines()
    # Lines that only IPython understands are no assignments
    plain = [
        "" if line.lstrip().startswith(("%", "!")) or line.rstrip().endswith("?") else line
        for line in lines
    ]
    if lines and lines[0].startswith("%%"):
        plain = ["", *lines[1:]]
    try:
        return ast.parse("\n".join(plain))
    except (SyntaxError, ValueError):
        return None


def _ran(cell: str | Ran) -> Ran:
    return cell if isinstance(cell, Ran) else Ran(cell)


def _shell() -> Any:
    # Asking IPython only if it is loaded keeps the import of the engine light
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()
