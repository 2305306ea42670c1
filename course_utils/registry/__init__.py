"""Approvals and webhooks for MLflow's open model registry.

Each name is looked up on first use, so that importing the package starts nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils.registry.approvals import Approvals
    from course_utils.registry.check import ChampionCheck
    from course_utils.registry.errors import RegistryError
    from course_utils.registry.outbox import Outbox
    from course_utils.registry.receiver import Receiver

_HOMES = {
    "Approvals": "approvals",
    "ChampionCheck": "check",
    "Outbox": "outbox",
    "Receiver": "receiver",
    "RegistryError": "errors",
}

__all__ = ["Approvals", "ChampionCheck", "Outbox", "Receiver", "RegistryError"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
