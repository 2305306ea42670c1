"""The learner's copies of the notebooks: made, refreshed and restored, never overwritten.

    workbook/00_welcome.ipynb  notebooks/  labs/  backups/  progress.json  .state/

Copies carry no outputs: what comes out below a question "what do you expect?" is for the learner
to see first when it runs. What a learner edited stays as it is; an update says so, and is
taken when the learner asks for it. "Edited" means other cells or other text in them; running a
notebook does not edit it, and its outputs stay.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course_utils import config, paths
from course_utils.errors import CourseError
from course_utils.lab import content, progress_file
from course_utils.lab.find_questions import load_questions
from course_utils.session.files import write_text
from course_utils.workbook import progress
from course_utils.workbook.merge import merge, texts

State = dict[str, dict[str, Any]]  # of each copy by its name, what `_hashes` said when it was made


@dataclass(frozen=True)
class _Pair:
    """A notebook as it is shipped and the learner's copy of it."""

    shipped: Path
    copy: Path

    @property
    def name(self) -> str:
        """The copy's place in the workbook, "labs/06_linear_regression_1.ipynb"."""
        return self.copy.relative_to(paths.workbook()).as_posix()


def sync() -> list[str]:
    """Brings the workbook up to date with the course and says what changed, line by line.

    Copies that were not edited are refreshed; edited ones are kept.

    Raises:
        CourseError: the workbook cannot be written.
    """
    lines: list[str] = []
    with _writing():
        state = _read_state()
        added = 0
        for pair in _pairs():
            outcome = _sync_one(pair, state)
            if outcome == "added":
                added += 1
            elif outcome == "updated":
                lines.append(f"Updated {pair.name}.")
            elif outcome == "kept":
                number = pair.shipped.stem.split("_")[0]
                lines.append(
                    f"Kept {pair.name} with your changes; the course has a newer one. "
                    f"./course reset {number} takes what is new into it; your answers stay."
                )
        _write_state(state)
    if added:
        lines.insert(0, f"Copied {added} notebook{'s' if added > 1 else ''} to the workbook.")
    return lines + _changed_since_passed()


def question_name(number: str, given: str) -> str:
    """The question of a lab that somebody means by "q2", "Q2" or "2".

    Raises:
        CourseError: the lesson has no lab, or no such question.
    """
    lesson = config.lesson(number)
    name = f"q{given.lower().removeprefix('q')}"
    if not lesson.lab:
        raise CourseError(f"Lesson {lesson.number} has no lab, so it has no questions.")
    there = [question.id for question in load_questions(lesson.number)]
    if name not in there:
        raise CourseError(
            f"Lab {lesson.number} has no question {given!r}: it has {', '.join(there)}."
        )
    return name


def waiting(number: str) -> list[str]:
    """The edited copies of a lesson of which the course has a newer version."""
    state = _read_state()
    return [pair.name for pair in _pairs_of(config.lesson(number)) if _waits(pair, state)]


def reset(number: str, question: str | None = None) -> list[str]:
    """Takes what is new in a lesson, or puts it back as it was shipped.

    While a newer version of an edited notebook waits, what is new in it is taken into the copy, and
    nothing else happens. Else the lab is restored, and the demo if it was edited, or the answer
    cell of one question; then the questions count as open again. A copy of whatever is replaced is
    kept under `backups`.

    Returns:
        What was done, line by line.

    Raises:
        CourseError: no such lesson or question; the cell is not there once; nothing was changed.
    """
    lesson = config.lesson(number)
    pairs = _pairs_of(lesson)
    if not pairs:
        raise CourseError(f"Lesson {lesson.number} has no notebooks yet: nothing to reset.")
    with _writing():
        if not question and (lines := _take_new(pairs)):
            return [
                *lines,
                f"All else is as you left it. To put the lesson back as it was: ./course reset "
                f"{lesson.number} once more.",
                _RELOAD,
            ]
        lines = _reset_cell(lesson, question) if question else _reset_notebooks(pairs)
    stored = progress.load().lessons.get(lesson.number, {})
    for name in [question] if question else list(stored):
        if name in stored:
            progress_file.update(
                lesson.number, name, lambda entry: replace(entry, status="pending")
            )
    if lines:
        lines.append(_RELOAD)
    return lines or [f"Lesson {lesson.number} is as it was shipped."]


def lab_path(number: str) -> Path:
    """The learner's copy of a lab."""
    return paths.workbook() / "labs" / f"{config.lesson(number).name}.ipynb"


# --- one notebook -------------------------------------------------------------------------------

_RELOAD = "If it is open in JupyterLab: File > Reload Notebook from Disk."


def _sync_one(pair: _Pair, state: State) -> str:
    """Brings one copy up to date: "added", "updated", "kept" or "same"."""
    shipped = _hashes(pair)
    if not pair.copy.exists():
        _copy(pair)
        state[pair.name] = shipped
        return "added"
    based_on = state.get(pair.name, {})
    if based_on.get("cells") == shipped["cells"]:
        based_on.setdefault("texts", shipped["texts"])  # an earlier version did not note them
    mine = _cells_hash(pair.copy)
    if mine not in (shipped["cells"], based_on.get("cells")):
        return "kept" if _waits(pair, state) else "same"
    if based_on.get("file") == shipped["file"]:
        return "same"
    refreshed = mine != shipped["cells"]
    if refreshed or _file_hash(pair.copy) == based_on.get("file"):
        _copy(pair)  # else it was run, and only what it says about itself has changed
    state[pair.name] = shipped
    return "updated" if refreshed else "same"


def _waits(pair: _Pair, state: State) -> bool:
    """Whether a copy was edited, and the course has a newer version than it was made from."""
    if not pair.copy.exists():
        return False
    # Without a note of what it was copied from, a copy that differs counts as edited
    based_on = state.get(pair.name, {}).get("cells")
    shipped = _cells_hash(pair.shipped)
    return based_on != shipped and _cells_hash(pair.copy) not in (shipped, based_on)


def _take_new(pairs: list[_Pair]) -> list[str]:
    """Takes newer versions into the edited copies that wait for them; says what is new."""
    lines = []
    state = _read_state()
    for pair in pairs:
        if not _waits(pair, state):
            continue
        lines.append(_back_up(pair.copy))
        fresh = json.loads(_without_outputs(pair.shipped))
        try:
            mine = json.loads(pair.copy.read_text(encoding="utf-8-sig"))
            merged = merge(mine, fresh, state.get(pair.name, {}).get("texts", {}))
        except (ValueError, KeyError, TypeError, AttributeError):  # it is no notebook
            _copy(pair)
            lines.append(f"Restored {pair.name}.")
        else:
            write_text(pair.copy, _text(merged.notebook))
            lines += [f"Updated {pair.name}.", *(f"  {change}" for change in merged.changes)]
        state[pair.name] = _hashes(pair)
    _write_state(state)
    return lines


def _reset_notebooks(pairs: list[_Pair]) -> list[str]:
    lines = []
    state = _read_state()
    for pair in pairs:
        is_lab = pair.shipped.parent.name == "labs"
        if pair.copy.exists():
            if _file_hash(pair.copy) == _hashes(pair)["file"]:
                continue
            if not is_lab and _cells_hash(pair.copy) == _cells_hash(pair.shipped):
                continue
            lines.append(_back_up(pair.copy))
        _copy(pair)
        state[pair.name] = _hashes(pair)
        lines.append(f"Restored {pair.name}.")
    _write_state(state)
    return lines


def _reset_cell(lesson: config.Lesson, question: str) -> list[str]:
    pair = _Pair(paths.ROOT / "labs" / f"{lesson.name}.ipynb", lab_path(lesson.number))
    whole = f"./course reset {lesson.number} restores the whole lab and keeps a copy of yours."
    if not pair.shipped.exists():
        raise CourseError(f"Lesson {lesson.number} has no lab: there is no question to reset.")
    shipped = json.loads(pair.shipped.read_text(encoding="utf-8"))
    fresh = [cell for cell in shipped["cells"] if content.is_answer(cell, question)]
    if not fresh:
        there = ", ".join(_questions(shipped))
        raise CourseError(f"Lab {lesson.number} has no question {question!r}: it has {there}.")
    try:
        notebook = json.loads(pair.copy.read_text(encoding="utf-8-sig"))
        cells = notebook["cells"]
        places = [i for i, cell in enumerate(cells) if content.is_answer(cell, question)]
    except FileNotFoundError:
        raise CourseError(f"{pair.name} is not in your workbook: {whole}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{pair.name} cannot be read as a notebook: {whole}") from None
    if not places:
        raise CourseError(f"The answer cell of {question} is not in {pair.name} any more: {whole}")
    if len(places) > 1:
        raise CourseError(
            f"{pair.name} has {len(places)} answer cells of {question}, since one was copied or "
            f"split: delete all but one, or {whole}"
        )
    backup = _back_up(pair.copy)
    cells[places[0]] = fresh[0]
    write_text(pair.copy, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return [backup, f"Restored the answer cell of {question} in {pair.name}."]


def _copy(pair: _Pair) -> None:
    write_text(pair.copy, _without_outputs(pair.shipped))


def _without_outputs(shipped: Path) -> str:
    """The text of a notebook as nobody has run it."""
    notebook = json.loads(shipped.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return _text(notebook)


def _text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _back_up(copy: Path) -> str:
    """Keeps a copy of a learner's file under `backups`; the line that says so."""
    # "lab" and "demo" keep the two notebooks of a lesson apart
    part = "lab" if copy.parent.name == "labs" else "demo"
    target = paths.workbook() / "backups" / f"{copy.stem}.{part}.{progress_file.stamp()}.ipynb"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(copy.read_bytes())
    return f"Kept a copy of yours: {paths.told(target)}"


# --- the whole workbook -------------------------------------------------------------------------


def _pairs() -> list[_Pair]:
    """Every shipped notebook that a learner works with. The welcome one stands at the top."""
    home = paths.workbook()
    pairs = []
    for folder in ("notebooks", "labs"):
        for shipped in sorted((paths.ROOT / folder).glob("*.ipynb")):
            top = shipped.stem.startswith("00_")
            pairs.append(_Pair(shipped, home / ("" if top else folder) / shipped.name))
    return pairs


def _pairs_of(lesson: config.Lesson) -> list[_Pair]:
    return [pair for pair in _pairs() if pair.shipped.stem == lesson.name]


def _changed_since_passed() -> list[str]:
    try:
        notice = progress.load().notice
        lessons = progress.overview()
    except CourseError as error:
        return [str(error)]  # no reason not to work: what is done now is judged all the same
    lines = [notice] if notice else []
    for item in lessons:
        changed = [q.question.id for q in item.questions if q.state == "changed"]
        if changed:
            lines.append(
                f"Lesson {item.lesson.number}: {', '.join(changed)} changed since you passed; "
                "your progress is kept, and a new check confirms it."
            )
    return lines


def _cells_hash(path: Path) -> str:
    """A hash of the cells' kinds and texts; of the bytes for what is not a notebook."""
    try:
        # An editor may have put a mark before the learner's copy
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        texts = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (ValueError, KeyError, TypeError):
        return _file_hash(path)
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _hashes(pair: _Pair) -> dict[str, Any]:
    """What tells a copy that was made now from others: its cells, the whole file, each text."""
    text = _without_outputs(pair.shipped)
    shipped = json.loads(text)
    return {"cells": _cells_hash(pair.shipped), "file": _hash(text), "texts": texts(shipped)}


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _questions(notebook: dict[str, Any]) -> list[str]:
    ours = [cell.get("metadata", {}).get("course", {}) for cell in notebook["cells"]]
    return [each["question"] for each in ours if each.get("kind") == "answer"]


def _state_file() -> Path:
    return paths.workbook() / ".state" / "copies.json"


def _read_state() -> State:
    """What each copy was made from. Losing this file only makes copies count as edited."""
    try:
        read = json.loads(_state_file().read_text(encoding="utf-8"))
        return {str(name): dict(hashes) for name, hashes in read.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write_state(state: State) -> None:
    write_text(_state_file(), json.dumps(state, indent=1, sort_keys=True) + "\n")


@contextmanager
def _writing() -> Iterator[None]:
    try:
        with progress_file.locked():
            yield
    except OSError as error:
        raise CourseError(
            f"The workbook cannot be written ({error.strerror}): make room or allow writing in "
            f"{paths.workbook().name}, then run the same command again."
        ) from error
