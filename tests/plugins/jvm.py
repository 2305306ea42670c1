"""Tests that run notebooks find a warm JVM."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Keep a JVM warm while tests run notebooks; `./course test` has some of its own."""
    from course_utils.build.execute import warm_spark

    # The process that only hands out tests to others has none of its own
    nodeids = [item.nodeid for item in getattr(session, "items", ())]
    with ExitStack() as stack:
        if not session.config.option.collectonly and any(".ipynb" in each for each in nodeids):
            stack.enter_context(warm_spark())
        return (yield)
