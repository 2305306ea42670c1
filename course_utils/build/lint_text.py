"""What every text of the course must hold: links, names of commands, nothing of one machine."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

# Text files outside the lessons. Their links are relative to where they stand.
FILES = ("*.md", "docs/**/*.md", "datasets/*.md", "course.toml", "CITATION.cff")

GROUP = frozenset({"a group of commands"})

_LINK = re.compile(r"(?<!\\)\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)")
_COMMAND = re.compile(r"\./course((?:[ ]+[\w./:<>\[\]=-]+)*)")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)

# (pattern, what is wrong with it). Written so that this file does not contain what it forbids.
_FOREIGN = (
    (
        re.compile(r"(?<![\w.~:/-])/(?:home|Users|root|tmp|work|var|private|mnt|opt)/[\w.-]+"),
        "a path of one machine",
    ),
    (re.compile(r"\b[A-Z]:\\[\w\\]+"), "a path of one machine"),
    (
        re.compile(
            r"\b(?:[\w-]+\.)*(?:pypi|pythonhosted|npmjs|anaconda|crates|maven)\.(?:org|com|io)\b"
            r"|\brepo1?\.(?:maven|apache)\.[\w.]+"
        ),
        "the host of a package registry",
    ),
    (
        re.compile(
            r"\bsession #?\d|\bissues? #?\d|\bsub-?agents?\b|\bclosing note\b|\bhouse rules\b"
            r"|\b(?:Claude|Anthropic|ChatGPT|Copilot)\b|\bas an AI\b|\bCURRICULUM\.md\b"
            r"|\bDESIGN\.md\b",
            re.IGNORECASE,
        ),
        "a word of how the course was made",
    ),
)


def lint_files(root: Path, built: frozenset[Path] = frozenset()) -> list[str]:
    """The lines about all text files outside the lessons; `built` as of `lint_text`."""
    lines = []
    for pattern in FILES:
        for path in sorted(root.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            lines += lint_text(text, path.relative_to(root).as_posix(), path.parent, root, built)
    return lines


def lint_text(
    text: str, name: str, folder: Path, root: Path, built: frozenset[Path] = frozenset()
) -> list[str]:
    """The lines about one text.

    Args:
        text: markdown, or a lesson's cells one after the other.
        name: what to call it.
        folder: where its relative links start from.
        root: the checkout; links may not leave it.
        built: files that links may lead to before they are there.
    """
    found = [
        *(
            f"links to {link}, which does not exist"
            for link in dead_links(text, folder, root, built)
        ),
        *(f"names {command}" for command in unknown_commands(text, commands())),
        *(f"has {line}" for line in foreign(text)),
    ]
    return [f"{name}: {line}" for line in found]


def dead_links(
    text: str, folder: Path, root: Path, built: frozenset[Path] = frozenset()
) -> Iterator[str]:
    """Relative links of the text that lead nowhere."""
    for target in _LINK.findall(_CODE.sub("", text)):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        place = (folder / target.split("#")[0]).resolve()
        there = place.exists() or place in built
        if not place.is_relative_to(root.resolve()) or not there:
            yield target


def unknown_commands(text: str, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Commands and options after `./course` that the command line does not have.

    Only what is set as code is taken at its word; in running text a command's next word may be
    just the next word.
    """
    for code in _CODE.findall(text):
        for match in _COMMAND.finditer(code):
            words = [word.rstrip(".,:") for word in match[1].split()]
            if not words:
                continue
            name = words[0]
            if len(words) > 1 and f"{name} {words[1]}" in known:
                name = f"{name} {words[1]}"
            if name not in known:
                yield f"./course {name}, which is no command"
                continue
            if known[name] == GROUP:
                yield f"./course {name} without saying what"
            for word in words:
                if word.startswith("--") and word.split("=")[0] not in known[name]:
                    yield f"./course {name} {word}, which is no option"


@cache
def commands() -> dict[str, frozenset[str]]:
    """Each command of the command line ("data use"), with its options."""
    import typer

    from course_utils.cli import app

    def walk(command: Any, prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
        inner = getattr(command, "commands", None)
        if inner is not None:
            if prefix:
                yield prefix, GROUP
            for name, of in inner.items():
                yield from walk(of, f"{prefix} {name}".strip())
        else:
            options = [o for p in command.params for o in (*p.opts, *p.secondary_opts)]
            yield prefix, frozenset(o for o in options if o.startswith("--")) | {"--help"}

    return dict(walk(typer.main.get_command(app), ""))


def foreign(text: str) -> Iterator[str]:
    """What belongs to one machine, or to how the course was made, and not into it."""
    for pattern, wrong in _FOREIGN:
        if match := pattern.search(text):
            yield f"{wrong}: {match[0]!r}"
