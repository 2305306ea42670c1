"""Whether a frame has the same rows each time it is computed, and rows that are kept if not.

Spark computes a frame anew wherever it is used, twice in one query if it stands there twice. After
a shuffle rows come in any order, so that a limit, a sample or one row for each key may be others
the second time.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Their rows, as a set, follow from those below them and from expressions alone. All others count
# as choosing by the order of rows, or as code that nobody can see into.
_FROM_ROWS = {"Project", "Filter", "Join", "Union", "Intersect", "Except", "Distinct", "Expand"}
_FROM_ROWS |= {"Sort", "Repartition", "RepartitionByExpression", "RebalancePartitions"}
_FROM_ROWS |= {"SubqueryAlias", "View", "ResolvedHint", "WithCTE", "CTERelationDef"}
_FROM_ROWS |= {"LocalRelation", "OneRowRelation", "Range", "CTERelationRef"}
# Two texts that a collation takes for one are one group: which of them is shown?
_GROUPING = {"Distinct", "Deduplicate", "Aggregate", "Intersect", "Except"}
_SETS = {"Min", "Max", "Count", "Sum"}  # of what is in a group, in whatever order
_GENERATORS = {"Explode", "PosExplode", "Inline", "Stack"}
_FILES = "org.apache.spark.sql.execution.datasources.HadoopFsRelation"


def is_repeatable(frame: "DataFrame") -> bool:
    """Whether it can be proved that each computing of a frame gives the same rows, in any order.

    The plan is looked through, nothing is run. Files are taken to stay as they are meanwhile. That
    a frame is cached proves nothing: it may be dropped from the cache before it is used.
    """
    if not hasattr(frame, "_jdf"):  # a Connect client sees no plan
        return False
    plan = frame._jdf.queryExecution().analyzed()
    trees = frame.sparkSession._jvm.org.apache.spark.sql.catalyst.trees  # type: ignore[union-attr]
    # Spark knows chance in its own functions; of a user's it believes what it is told. The time
    # of day is the same within a query, and another in the next.
    doubtful = ("PYTHON_UDF", "SCALA_UDF", "CURRENT_LIKE")
    if any(plan.containsPattern(getattr(trees.TreePattern, name)()) for name in doubtful):
        return False
    return bool(plan.deterministic()) and _is_repeatable(plan)


def kept(frame: "DataFrame") -> "DataFrame":
    """The frame's rows, computed now, once, and never again.

    Runs a job. The rows stay with the workers, in memory and, where that is short, on disk, until
    nothing refers to them; if a worker is lost with some of them, using them fails.
    """
    return frame.localCheckpoint(eager=True)


def release(rows: "DataFrame") -> None:
    """Free what `kept` holds, without waiting for the garbage collector."""
    if hasattr(rows, "_jdf"):
        rows._jdf.queryExecution().analyzed().rdd().unpersist(False)


def _is_repeatable(node: Any) -> bool:
    """Whether an analyzed plan, and all that stands below it, gives the same rows again."""
    name = node.getClass().getSimpleName()
    if not (name in _FROM_ROWS or _is_known(node, name)):
        return False
    if name in _GROUPING and "collate" in node.schema().catalogString():
        return False
    return all(map(_is_repeatable, [*_items(node.subqueries()), *_items(node.children())]))


def _is_known(node: Any, name: str) -> bool:
    """Whether a node that may choose by order does not."""
    if name == "LogicalRelation":
        return _is_of_files(node.relation())
    if name == "LogicalRDD":
        return bool(node.rdd().isCheckpointed())
    if name == "Deduplicate":  # dropDuplicates() of all columns has nothing to choose
        return bool(node.keys().size() == node.child().output().size())
    if name == "Generate":
        return node.generator().getClass().getSimpleName() in _GENERATORS
    if name == "Aggregate":
        return all(map(_is_of_a_set, _items(node.aggregateExpressions())))
    return False


def _is_of_files(relation: Any) -> bool:
    """Whether rows are read from files, not from a server that may answer otherwise next time."""
    kind = relation.getClass()
    while kind is not None and kind.getName() != _FILES:
        kind = kind.getSuperclass()  # Delta's is one of a kind of its own
    return kind is not None


def _is_of_a_set(expression: Any) -> bool:
    """Whether a group's rows give the same result in any order."""
    if expression.getClass().getSimpleName() == "AggregateExpression":
        function = expression.aggregateFunction()
        exact = function.dataType().simpleString() not in ("double", "float")
        name = function.getClass().getSimpleName()
        return name in _SETS and (name != "Sum" or exact)
    return all(map(_is_of_a_set, _items(expression.children())))


def _items(sequence: Any) -> list[Any]:
    return [sequence.apply(place) for place in range(sequence.size())]
