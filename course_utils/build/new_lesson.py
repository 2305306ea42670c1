"""`./course new NN slug`: a lesson that keeps every rule but for its words."""

import re
from pathlib import Path

from course_utils.build.source import Tree
from course_utils.errors import CourseError
from course_utils.session.files import write_text

_SKELETON = Path(__file__).parent / "skeleton"
_ENTRY = """
[[lesson]]
number = "{number}"
slug = "{slug}"
title = "{title}"
part = "{part}"
demo_minutes = 20
lab_minutes = 15
data = ["listings"]
objectives = ["2025-28"]
"""


def lay_out(number: str, slug: str, tree: Tree | None = None) -> list[str]:
    """Make `lessons/NN_slug` and its line in `course.toml`; what was made, as paths.

    The line stands after that of the lesson before it, whose part it takes.

    Raises:
        CourseError: number or slug are not of the form, or taken.
    """
    tree = tree or Tree.of_course()
    if not re.fullmatch(r"\d\d", number) or not re.fullmatch(r"[a-z][a-z0-9_]*", slug):
        raise CourseError(
            f"{number!r} and {slug!r} cannot name a lesson: write two digits and a name in small "
            "letters, as in ./course new 08 mlflow_tracking"
        )
    if any(lesson.number == number for lesson in tree.lessons):
        raise CourseError(f"There is a lesson {number} already; take a number that is free.")
    title = slug.replace("_", " ").capitalize()
    registry = tree.root / "course.toml"
    text = registry.read_text(encoding="utf-8")
    before = max((each for each in tree.lessons if each.number < number), key=lambda it: it.number)
    entry = _ENTRY.format(number=number, slug=slug, title=title, part=before.part)
    write_text(registry, _insert(text, before.number, entry))
    folder = tree.root / "lessons" / f"{number}_{slug}"
    made = [registry]
    for source in sorted(_SKELETON.rglob("*.txt")):  # so named that no tool takes them for code
        target = folder / source.relative_to(_SKELETON).with_suffix("")
        target.parent.mkdir(parents=True, exist_ok=True)
        filled = source.read_text(encoding="utf-8")
        for word, meant in {"NUMBER": number, "SLUG": slug, "TITLE": title}.items():
            filled = filled.replace(word, meant)
        write_text(target, filled)
        made.append(target)
    return [path.relative_to(tree.root).as_posix() for path in made]


def _insert(text: str, after: str, entry: str) -> str:
    """The registry with an entry behind that of a lesson."""
    start = text.index(f'number = "{after}"')
    following = re.search(r"\n(?=\[\[)", text[start:])
    place = start + following.start() if following else len(text)
    return f"{text[:place].rstrip()}\n{entry}{text[place:]}"
