"""An open feature store: Delta tables, point-in-time training sets, models packed with lookups.

Each name is looked up on first use, so that importing the package starts nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils.features.client import FeatureEngineeringClient, FeatureStoreClient
    from course_utils.features.declare import FeatureFunction, FeatureLookup
    from course_utils.features.endpoints import EndpointCoreConfig, ServedEntity

_HOMES = {
    "EndpointCoreConfig": "endpoints",
    "FeatureEngineeringClient": "client",
    "FeatureFunction": "declare",
    "FeatureLookup": "declare",
    "FeatureStoreClient": "client",
    "ServedEntity": "endpoints",
}

__all__ = [
    "EndpointCoreConfig",
    "FeatureEngineeringClient",
    "FeatureFunction",
    "FeatureLookup",
    "FeatureStoreClient",
    "ServedEntity",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
