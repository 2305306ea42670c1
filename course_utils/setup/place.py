"""Whether the course can work in the folder where it is, said before anything is made.

Some characters in a folder's name mean something to what the course is built from, and nothing
that the course could write around them helps: Spark, for one, takes every path to read for a
pattern. Tried one by one; what works stays allowed.
"""

import locale
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError

_PATTERN = "Spark reads it as a pattern for many files"
_REFUSED = {
    **dict.fromkeys("[]{}*?\\", _PATTERN),
    ":": "Java and Python end a folder there in their lists of folders",
    ",": "Spark ends a folder there in its lists of folders",
    "%": "MLflow's database reads it as a code for another character",
    "#": "MLflow ends an address there",
    "!": "Java ends the name of a JAR there",
    "`": "it ends a table's name in SQL",
}
_VARIABLES = ("COURSE_STATE", "COURSE_WORKBOOK", "COURSE_DATA", "COURSE_WORK", "COURSE_MLFLOW")
_UTF8 = ("C.UTF-8", "en_US.UTF-8")  # the first is everywhere but on old systems


def prepare() -> None:
    """See that the course can work where it is.

    Where the terminal's language settings know no letters beyond ASCII but a folder's name has
    some, UTF-8 is set for all that this process starts: Java would not find its files.

    Raises:
        CourseError: it can't; the line names the character, or the folder that can't be written.
    """
    for name, folder in _folders():
        _check_name(name, folder)
        if not str(folder).isascii():
            _use_utf8(folder)
    for folder in (paths.state(), paths.workbook()):
        check_writable(folder)


def _folders() -> Iterator[tuple[str, Path]]:
    """What the course is in, and what it was told to use, each with what names it."""
    yield "The course's folder", paths.ROOT
    for variable in _VARIABLES:
        if os.environ.get(variable):
            yield variable, Path(os.environ[variable]).expanduser().resolve()


def _check_name(name: str, folder: Path) -> None:
    for part in folder.parts[1:]:
        if not part.isprintable():  # which no surrogate is: a name that is not UTF-8
            raise CourseError(
                f"{name} lies in {part!a}, whose name has characters that cannot be shown. "
                "Rename that folder, then run the same command again."
            )
        for character in part:
            if character in _REFUSED:
                raise CourseError(
                    f"{name} lies in '{part}', and {character} can't be in its name: "
                    f"{_REFUSED[character]}. Rename that folder (letters of any language, digits, "
                    "spaces, - _ . and round brackets are fine), then run the same command again."
                )


def _use_utf8(folder: Path) -> None:
    if sys.platform == "darwin" or _encoding() == "utf-8":
        return
    before = locale.setlocale(locale.LC_CTYPE)
    for name in _UTF8:
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, before)
        os.environ["LC_ALL"] = name
        return
    raise CourseError(
        f"The name of {folder} has letters that this terminal's language settings "
        f"({_encoding()}) do not have. Set LC_ALL to a UTF-8 one (locale -a lists them), "
        "or rename the folder, then run the same command again."
    )


def _encoding() -> str:
    """Of file names, by the language settings alone: Python's own UTF-8 mode is not Java's."""
    if os.environ.get("LC_ALL") in _UTF8:
        return "utf-8"  # set by an earlier call
    return locale.nl_langinfo(locale.CODESET).lower().replace("utf8", "utf-8")


def check_writable(folder: Path) -> None:
    """See that something can be written in a folder, or where it is to be made.

    Raises:
        CourseError: it can't be.
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise CourseError(
            f"Nothing can be written in {there}: it is read-only, or not yours. Move the course "
            "to a folder of yours, or make that one writable, then run the same command again."
        )
