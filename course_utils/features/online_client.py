"""The part of the client that says where features are online, and serves them without a model."""

from collections.abc import Sequence

from course_utils.errors import CourseError
from course_utils.features import specs, stores
from course_utils.features.declare import FeatureFunction, FeatureLookup, Names, as_names
from course_utils.features.endpoints import EndpointCoreConfig, FeatureServingEndpoint, answering
from course_utils.features.find_client import Finding
from course_utils.features.functions import unpack


class Serving(Finding):
    """Online stores by name, feature specs, endpoints."""

    _endpoints: dict[str, FeatureServingEndpoint]

    # Online stores

    def create_online_store(
        self, *, name: str, capacity: str, read_replica_count: int = 0
    ) -> stores.NamedStore:
        """A name for the online store of this client. `capacity` is written down and no more.

        Raises:
            CourseError: there is one of that name.
        """
        return stores.create(self._registry, name, capacity, read_replica_count)

    def get_online_store(self, *, name: str) -> stores.NamedStore | None:
        """The online store of that name, None where there is none."""
        return stores.get(self._registry, name)

    def list_online_stores(self) -> list[stores.NamedStore]:
        """All online stores, by name."""
        return stores.every(self._registry)

    def update_online_store(
        self, *, name: str, capacity: str | None = None, read_replica_count: int | None = None
    ) -> stores.NamedStore:
        """Write down another capacity.

        Raises:
            CourseError: there is no such store.
        """
        return stores.update(self._registry, name, capacity, read_replica_count)

    def delete_online_store(self, *, name: str) -> None:
        """Forget the name; what is published stays.

        Raises:
            CourseError: there is no such store.
        """
        stores.delete(self._registry, name)

    # Features without a model

    def create_feature_spec(
        self,
        *,
        name: str,
        features: Sequence[FeatureLookup | FeatureFunction],
        exclude_columns: Names | None = None,
    ) -> specs.FeatureSpecInfo:
        """Keep features that are to be served together.

        Args:
            name: of the spec.
            features: lookups and functions.
            exclude_columns: what an answer leaves out of keys, other inputs and features.

        Raises:
            CourseError: there is one of that name, or the features do not fit the tables.
        """
        left_out = as_names(exclude_columns or ())
        return specs.create(self._registry, name, features, left_out, self.get_table, "UTC")

    def delete_feature_spec(self, *, name: str) -> None:
        """Forget a spec; endpoints that serve it go on.

        Raises:
            CourseError: there is no such spec.
        """
        specs.delete(self._registry, name)

    def create_feature_serving_endpoint(
        self, *, name: str, config: EndpointCoreConfig
    ) -> FeatureServingEndpoint:
        """Serve a spec over HTTP on this machine, from the online store, while this process lives.

        Raises:
            CourseError: there is an endpoint of that name, or no such spec.
        """
        if name in self._endpoints:
            raise CourseError(
                f"Endpoint {name!r} already exists. Take another name, or "
                f"delete_feature_serving_endpoint(name={name!r}) first."
            )
        spec = specs.get(self._registry, config.served_entities.feature_spec_name)
        kept = self._registry.functions()
        functions = {call.function: unpack(kept[call.function]) for call in spec.calls}
        answer = answering(spec, functions, self._online_uri)
        self._endpoints[name] = FeatureServingEndpoint(name, answer)
        return self._endpoints[name]

    def get_feature_serving_endpoint(self, *, name: str) -> FeatureServingEndpoint:
        """An endpoint that this client has started.

        Raises:
            CourseError: there is none of that name.
        """
        if name not in self._endpoints:
            raise CourseError(
                f"This client serves no endpoint {name!r}. Start it: "
                f"create_feature_serving_endpoint(name={name!r}, config=...)."
            )
        return self._endpoints[name]

    def delete_feature_serving_endpoint(self, *, name: str) -> None:
        """Stop an endpoint that this client has started.

        Raises:
            CourseError: there is none of that name.
        """
        self.get_feature_serving_endpoint(name=name).stop()
        del self._endpoints[name]
