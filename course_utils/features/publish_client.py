"""The part of the client that copies features to the online store and looks them up there."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from course_utils.errors import CourseError
from course_utils.features import publish, serving, stores
from course_utils.features.find_client import Finding
from course_utils.features.names import spell


class Publishing(Finding):
    """Published tables."""

    def publish_table(
        self,
        name: str | None = None,
        mode: Literal["merge", "overwrite"] = "merge",
        *,
        online_store: stores.NamedStore | None = None,
        source_table_name: str | None = None,
        online_table_name: str | None = None,
        publish_mode: str = "TRIGGERED",
    ) -> publish.OnlineTable:
        """Copy the latest row of each key to the online store; requests see all of it or none.

        Args:
            name: the table.
            mode: "merge" leaves keys online that the table has no more, "overwrite" removes them.
            online_store: a store by name, as `get_online_store` gives it: the keys that the table
                has no more are removed then, whatever `mode` says.
            source_table_name: another spelling of `name`.
            online_table_name: the platform's; features are found by the table's own name.
            publish_mode: "TRIGGERED" or "SNAPSHOT": both copy once.

        Raises:
            CourseError: there is no such table, or a feature has a type that can't be stored.
        """
        if mode not in ("merge", "overwrite"):
            raise CourseError(f"mode={mode!r} is no way to publish. Take 'merge' or 'overwrite'.")
        if publish_mode not in ("TRIGGERED", "SNAPSHOT"):
            raise CourseError(
                f"publish_mode={publish_mode!r} would go on by itself, which nothing here does. "
                "Publish again after each write, with TRIGGERED."
            )
        if online_store is not None:
            if not isinstance(online_store, stores.NamedStore):
                raise CourseError(
                    f"{online_store!r} is no online store of this package. Take one of "
                    "get_online_store, or say online=... where the client is made."
                )
            mode = "overwrite"
        entry = self.get_table(name or source_table_name or "")
        version = self._tables.version(self._spark(), entry.name)
        rows = self._tables.read(self._spark(), entry.name, version)
        return publish.publish(self._store, entry, rows, version, keep_others=mode == "merge")

    def lookup_online(
        self, name: str, keys: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any] | None]:
        """The published features of each key, None where there are none, in the order asked.

        Args:
            name: the table.
            keys: the primary keys of each row, by the table's names.

        Raises:
            CourseError: the table is not published, or a key is missing or of another type.
        """
        table = self._store.describe(name)
        if table is None:  # the catalog is asked only then: it would take longer than the lookup
            name = self._spelled(name)
            table = self._store.describe(name)
        names = list(table.keys) if table else []
        parts = []
        for key in keys:
            if not isinstance(key, Mapping):
                raise CourseError(f"{key!r} is no key. Give each as a mapping: {{'id': 1}}.")
            given = dict(zip(spell(map(str, key), names), key.values(), strict=True))
            for part in names:
                if part not in given:
                    raise CourseError(f"Key {dict(key)} of feature table {name} has no {part!r}.")
            parts.append(tuple(given[part] for part in names))
        return serving.read_online(self._store, name, parts, table)

    def check_online_offline(self, name: str, sample: int = 1000) -> publish.Skew:
        """Compare what a request would get with what a batch would, for some keys of a table.

        Args:
            name: the table.
            sample: how many keys at most, chosen by hash: the same ones each time.

        Raises:
            CourseError: the table is not there, or not published.
        """
        entry = self.get_table(name)
        version = self._tables.version(self._spark(), entry.name)
        rows = self._tables.read(self._spark(), entry.name, version)
        return publish.compare(self._store, entry, rows, version, int(sample))

    def drop_online_table(self, name: str, online_store: Any = None) -> None:
        """Remove a table from the online store; the feature table stays.

        Args:
            name: the table.
            online_store: the platform's; there is one.

        Raises:
            CourseError: it is not published.
        """
        if not self._store.drop(self._spelled(name)):
            raise CourseError(f"Feature table {name} is not in the online store: nothing to drop.")
