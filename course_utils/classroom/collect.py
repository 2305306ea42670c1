"""Finds the submissions in a folder or in what a learning platform exports, and whose they are.

NAME.ipynb                                              by hand, or nbgrader's collect
NAME/anything.ipynb                                     one folder for each learner
doejane_LATE_4512_98765_lab.ipynb                       Canvas: user 4512
Jane Doe_4512_assignsubmission_file_/lab.ipynb          Moodle: participant 4512
"""

import re
import stat
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_utils.classroom.whole import whole
from course_utils.errors import CourseError

_MOST = 20 << 20  # bytes that are read of one file; a notebook has some hundred thousand
_CANVAS = re.compile(r"([^_]+)_(?:LATE_)?(\d+)_\d+_(.+)\.ipynb")
_MOODLE = re.compile(r"(.+)_(\d+)_assignsubmission_[a-z]+_?")


@dataclass(frozen=True)
class Submission:
    """One file that was handed in."""

    name: str  # of the learner
    file: str  # where it was, for people
    content: bytes
    handed_in: float  # time of the file, to tell which of two is newer
    canvas: str = ""  # the learner's id there
    moodle: str = ""

    @property
    def key(self) -> str:
        """Who it is: two learners may have the same name, but not the same id."""
        return f"{self.name} {self.canvas or self.moodle}".strip()


def collect(place: Path) -> list[Submission]:
    """The submissions in a folder or zip file, by name.

    Raises:
        CourseError: there is nothing, or it is neither.
    """
    if place.is_dir():
        found = list(_in_folder(place))
    elif zipfile.is_zipfile(place):
        found = list(_in_zip(place))
    else:
        raise CourseError(
            f"{place} is neither a folder nor a zip file: give the folder with the notebooks, or "
            "the zip file that Canvas or Moodle exports."
        )
    if not found:
        raise CourseError(
            f"There is no notebook in {place}. Expected are NAME.ipynb or NAME/….ipynb, or the "
            "zip file that Canvas or Moodle exports."
        )
    return sorted(found, key=lambda each: (each.name.casefold(), each.file))


def _in_folder(place: Path) -> Iterator[Submission]:
    for path in sorted(place.rglob("*")):
        inside = PurePosixPath(path.relative_to(place).as_posix())
        # A link could show a file that is none of the learner's
        if path.is_file() and not path.is_symlink() and _wanted(inside):
            with path.open("rb") as file:
                yield _submission(inside, file.read(_MOST + 1), path.stat().st_mtime)


def _in_zip(place: Path) -> Iterator[Submission]:
    with zipfile.ZipFile(place) as archive:
        for member in archive.infolist():
            inside = PurePosixPath(member.filename)
            linked = stat.S_ISLNK(member.external_attr >> 16)
            if member.is_dir() or linked or not _wanted(inside):
                continue
            try:
                with archive.open(member) as file:  # nothing is ever unpacked to the disk
                    content = file.read(_MOST + 1)
            except (RuntimeError, zipfile.BadZipFile, NotImplementedError, OSError):
                content = b""  # encrypted or damaged: graded as the empty file that it is to us
            when = time.mktime((*member.date_time, 0, 0, -1))
            yield _submission(inside, content, when)


def _wanted(inside: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in inside.parts)
    return inside.suffix == ".ipynb" and not hidden


def _submission(inside: PurePosixPath, content: bytes, when: float) -> Submission:
    inside = PurePosixPath(whole(str(inside)))
    if found := _CANVAS.fullmatch(inside.name):
        return Submission(found[1], str(inside), content, when, canvas=found[2])
    for part in inside.parts[:-1]:
        if found := _MOODLE.fullmatch(part):
            return Submission(found[1], str(inside), content, when, moodle=found[2])
    folders = inside.parts[:-1]
    # submitted/NAME/06_linear_regression_1/….ipynb is nbgrader's own way
    name = folders[1] if folders[:1] == ("submitted",) and folders[1:] else ""
    return Submission(name or (folders[0] if folders else inside.stem), str(inside), content, when)
