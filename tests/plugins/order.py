"""With `-n 2` tests run side by side: those of a file one after the other, proofs one by one.

What takes longest comes first, so that both cores are busy to the end.
"""

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Each test of these files takes a minute or more and needs nothing of its neighbours.
_BY_THEMSELVES = ("test_answers.py", "test_grading.py", "test_demos.py")
_FIRST = ("test_setup_startup.py", *_BY_THEMSELVES, "test_session", "test_pool.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what comes first."""
    items.sort(key=lambda item: _place(item.path.name))  # stable: the order in a file stays


def _place(name: str) -> int:
    found = (place for place, part in enumerate(_FIRST) if part in name)
    return next(found, len(_FIRST))


class _ByFile(LoadScopeScheduling):
    """Hands out tests file by file, and those that stand by themselves one by one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return nodeid if Path(file).name in _BY_THEMSELVES else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """What `-n 2` uses; the groups of pytest-xdist 3.8 have no effect with pytest 9.2."""
    return _ByFile(config, log)
