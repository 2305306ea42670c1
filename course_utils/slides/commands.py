"""What `./course slides`, `present` and `plan` do.

What one of them needs is imported inside it: a list of plans comes at once.
"""

import webbrowser

from course_utils import paths, plans


def write(number: str | None, pdf: bool) -> list[str]:
    """Write the slides of one lesson, or of every lesson with a demo; the files.

    Raises:
        CourseError: see `page.write` and `pdf.write`.
    """
    from course_utils.build.source import Tree
    from course_utils.slides import page
    from course_utils.slides import pdf as printer

    tree = Tree.of_course()
    if number is None:
        lessons = [sources for sources in tree.all() if "demo" in sources.roles]
    else:
        lessons = [tree.lesson(number)]
    if pdf:
        printer.browser()  # or nobody would know of its absence before the end
    pages = page.write(lessons)
    printed = printer.write(pages) if pdf else []
    return [paths.told(path) for path in (*pages, *printed)]


def present(number: str, port: int, browser: bool) -> None:
    """Write the slides of a lesson and serve them until Ctrl-C.

    Raises:
        CourseError: see `page.write`; or no port is free.
    """
    from course_utils.build.source import Tree
    from course_utils.slides import page
    from course_utils.slides.present import present as serve

    (written,) = page.write([Tree.of_course().lesson(number)])
    serve(written, port, webbrowser.open if browser else _leave_closed)


def _leave_closed(address: str) -> None:
    """Where no browser is to be opened."""


def plan(name: str | None) -> str:
    """The run-of-show of a plan as Markdown, or a line for each plan.

    Raises:
        CourseError: no such plan, or one of its demos has changed since it was executed.
    """
    if name is not None:
        chosen = plans.plan(name)  # a wrong name is said before any work
        from course_utils.build.source import Tree
        from course_utils.slides.show import run_of_show

        return run_of_show(chosen, Tree.of_course()).rstrip()
    found = plans.load()
    width = max(len(each.name) for each in found)
    lines = [f"  {each.name:{width}}  {each.title}" for each in found]
    return "\n".join(["./course plan NAME lays one of these out:", *lines])
