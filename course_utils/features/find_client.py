"""The part of the client that says what tables there are, what feeds them and what uses them."""

from dataclasses import dataclass

from course_utils.errors import CourseError
from course_utils.features import catalog
from course_utils.features.names import spell, spelled
from course_utils.features.registry import TableEntry, Use
from course_utils.features.running import running
from course_utils.features.store_client import StoreClient


@dataclass(frozen=True)
class Lineage:
    """What feeds a feature table, and what uses it."""

    table: str
    sources: tuple[str, ...]  # feature tables by name, else files or folders
    feeds: tuple[str, ...]  # feature tables made from this one
    models: tuple[Use, ...]


class Finding(StoreClient):
    """Feature tables by name and by what is known of them, their tags, their lineage."""

    def get_table(self, name: str) -> TableEntry:
        """What the catalog knows of a table: keys, columns, description, owner, tags, sources.

        Raises:
            CourseError: there is no such table.
        """
        entry = self._registry.get(name)
        if entry is None:
            spark = running()
            if spark is not None and catalog.holds(spark, name):
                raise CourseError(
                    f"{name} is a table of Spark's catalog and no feature table yet. Say what its "
                    f"keys are: register_table(delta_table={name!r}, primary_keys=[...])."
                )
            known = ", ".join(entry.name for entry in self._registry.all()) or "none yet"
            raise CourseError(f"There is no feature table {name!r}. There are: {known}.")
        return entry

    def search_tables(
        self,
        text: str = "",
        *,
        owner: str | None = None,
        tag: str | tuple[str, str] | None = None,
        column: str | None = None,
    ) -> list[TableEntry]:
        """The tables that meet every condition given, by name.

        Args:
            text: a part of the name or of the description, in any case of letters.
            owner: who answers for the table.
            tag: a tag's key, or its key and value.
            column: a column's name.
        """
        return [
            entry
            for entry in self._registry.all()
            if text.lower() in f"{entry.name}\n{entry.description}".lower()
            and owner in (None, entry.owner)
            and _has_tag(entry, tag)
            and (column is None or spelled(column, entry.columns))
        ]

    def set_tag(self, name: str, key: str, value: str) -> None:
        """Set a tag of a table.

        Raises:
            CourseError: there is no such table.
        """
        self._registry.set_tag(self.get_table(name).name, key, value)

    def delete_tag(self, name: str, key: str) -> None:
        """Remove a tag of a table, if it is there.

        Raises:
            CourseError: there is no such table.
        """
        self._registry.set_tag(self.get_table(name).name, key, None)

    def set_feature_table_tag(
        self, *, key: str, value: str, name: str | None = None, table_name: str | None = None
    ) -> None:
        """`set_tag` as the platform's clients call it, the newer with `name`."""
        self.set_tag(name or table_name or "", key, value)

    def delete_feature_table_tag(
        self, *, key: str, name: str | None = None, table_name: str | None = None
    ) -> None:
        """`delete_tag` as the platform's clients call it."""
        self.delete_tag(name or table_name or "", key)

    def lineage(self, name: str, feature: str | None = None) -> Lineage:
        """What feeds a table, and which tables and models use it (or one of its features).

        Sources are read from the plans of the frames that were written, so they are the files
        that those frames came from; a frame made from Python objects has none.

        Raises:
            CourseError: there is no such table or feature.
        """
        entry = self.get_table(name)
        name = entry.name
        if feature is not None:
            (feature,) = spell([feature], entry.features)
        if feature is not None and feature not in entry.features:
            raise CourseError(
                f"There is no feature {feature!r} in {name}. There are: "
                f"{', '.join(entry.features)}."
            )
        feeds = [other.name for other in self._registry.all() if name in other.sources]
        uses = [use for use in self._registry.uses(name) if feature in (None, use.feature)]
        others = tuple(source for source in entry.sources if source != name)
        return Lineage(name, others, tuple(one for one in feeds if one != name), tuple(uses))

    def _spelled(self, name: str) -> str:
        """A table's name as it was created with; one that is no table's stays as it is."""
        entry = self._registry.get(name)
        return entry.name if entry else name


def _has_tag(entry: TableEntry, tag: str | tuple[str, str] | None) -> bool:
    if tag is None:
        return True
    if isinstance(tag, str):
        return tag in entry.tags
    key, value = tag
    return entry.tags.get(key) == value
