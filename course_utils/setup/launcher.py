"""`./course` in a suitable Python: set up what is missing, then the commands in .venv."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from course_utils.errors import CourseError
from course_utils.setup import place
from course_utils.setup.failures import fail, reason
from course_utils.setup.install import PYTHON, ROOT, VENV, installed, set_up

COURSE = str(ROOT / "course")

HELP = """Scalable machine learning with Apache Spark

  ./course start      set everything up (first time: some minutes) and open JupyterLab
  ./course test       set everything up and run all tests
  ./course tour       a minute in the terminal: what a lab question is like
  ./course doctor     what this machine has, what is needed, how to mend it
  ./course next       what to do now             ./course check 06     re-run a saved lab
  ./course progress   what is done               ./course reset 06     start a lab again
  ./course data       the data in use            ./course mlflow       open the tracking pages
  ./course build      build the notebooks        ./course bench        measure on this machine
  ./course new 08 x   lay out a new lesson       ./course prove 06     prove a lab's checks
  ./course exam       a practice exam            ./course quiz 06      a lesson's quiz
  ./course bank       the questions, for authors ./course site         build the website
  ./course present 06 show a lesson's slides     ./course slides 06   write them, as PDF too
  ./course plan       a class, minute by minute  ./course grade x      grade a class's labs
  ./course class x    who of a class is where    ./course certificate  what you have passed
  ./course export     notebooks for Databricks

./course COMMAND --help tells more, once set up. --rebuild makes the environment anew first."""


def mend(problem: Exception, args: list[str]) -> NoReturn:
    """The environment is broken: rebuild it, after asking where somebody can answer."""
    sys.stdout.flush()
    sys.stderr.write(f"course: The environment in {VENV} is broken ({problem}).\n")
    if os.environ.get("COURSE_MENDED"):
        fail("Rebuilding it did not help. Remove that folder, then run the same command again.")
    if sys.stdin.isatty() and sys.stdout.isatty():
        answer = input("Rebuild it now? Nothing of yours is in it. [Y/n] ")
        if answer.strip().lower().startswith("n"):
            fail("Not rebuilt. To rebuild it later: ./course start --rebuild")
    else:
        sys.stderr.write("course: Rebuilding it; nothing of yours is in it.\n")
    os.environ["COURSE_MENDED"] = "1"
    python = getattr(sys, "_base_executable", sys.executable)
    os.execv(python, [python, COURSE, *args, "--rebuild"])


def inside(args: list[str]) -> int:
    """The commands, in the Python of .venv."""
    if args[:1] == ["doctor"]:
        return doctor()
    problem: Exception
    try:
        from course_utils.cli import main
    except (ImportError, SyntaxError) as error:
        problem = error
    else:
        try:
            return main(args)
        except ModuleNotFoundError as error:
            problem = error
    if (getattr(problem, "name", None) or "course_utils").startswith("course_utils"):
        raise problem
    return mend(problem, args)


def doctor() -> int:
    """Diagnose with whatever Python there is: this is for when nothing else works."""
    from course_utils.setup.doctor import main

    return main()


def outside(args: list[str]) -> int:
    """Set up what is missing, then go on inside .venv."""
    rebuild = "--rebuild" in args
    args = [arg for arg in args if arg != "--rebuild"]
    there = installed()
    if not args or (args[0] in ("-h", "--help", "help") and not there):
        print(HELP)
        return 0
    if args[0] == "doctor":
        if there is None:
            return doctor()
    else:
        place.prepare()
        set_up(rebuild)
    try:
        os.execv(PYTHON, [str(PYTHON), COURSE, *args])
    except OSError as error:
        return mend(error, args)


def start(args: list[str]) -> int:
    """Decide where this process is, and go on from there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 shows ? and goes on
    try:
        if Path(sys.prefix).resolve() == VENV.resolve():
            return inside(args)
        return outside(args)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.")
        return 130
    except CourseError as error:
        return fail(str(error))
    except OSError as error:
        known = reason(str(error))
        if known is None:
            raise
        return fail(known)
