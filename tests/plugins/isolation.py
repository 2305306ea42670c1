"""For every test: nothing of a learner's is read or changed."""

import os
from contextlib import ExitStack

import pytest


def pytest_sessionstart(session: pytest.Session) -> None:
    """Take the learner's workbook, work folder and own data out of sight."""
    from course_utils.build.execute import away_from_learner

    stack = ExitStack()
    session.config.add_cleanup(stack.close)
    ours = stack.enter_context(away_from_learner())
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(ours)

    def restore() -> None:
        os.environ.clear()
        os.environ.update(before)

    stack.callback(restore)
