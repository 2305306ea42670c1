"""The class-data archive that makes a cold start faster."""

from collections.abc import Sequence
from pathlib import Path

from course_utils.session.java import Java


def options(java: Java, class_path: Sequence[Path]) -> list[str]:
    """JVM options that use the archive, none when there is no usable one."""
    return []
