"""Hold what a user declared against the tables and the frame, before any work is done."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from course_utils.errors import CourseError
from course_utils.features.declare import FeatureFunction, FeatureLookup
from course_utils.features.names import spell, spelled
from course_utils.features.registry import FunctionEntry, TableEntry
from course_utils.features.spec import Call, FeatureSpec, Join, Output
from course_utils.features.values import INTEGERS, encode, own

_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}


def resolve(
    columns: Mapping[str, str],
    lookups: Sequence[FeatureLookup | FeatureFunction],
    label: tuple[str, ...],
    exclude: tuple[str, ...],
    table: Callable[[str], TableEntry],
    version: Callable[[str], int],
    functions: Mapping[str, FunctionEntry],
    zone: str,
) -> FeatureSpec:
    """The complete specification of a training set.

    Args:
        columns: the frame's columns, name → type.
        lookups: what was declared. Functions come after all lookups, in their order.
        label: columns that are to be predicted.
        exclude: columns that neither the training set nor the model gets, where they are there.
        table: gives the entry of a table by name, or raises.
        version: gives the version of a table to be read.
        functions: the functions there are.
        zone: the session's time zone.

    Raises:
        CourseError: the declaration does not fit; the line says where.
    """
    label = spell(label, tuple(columns))
    for name in label:
        if name not in columns:
            raise CourseError(_no_column("label", name, columns))
    known = dict(columns)
    joins = []
    for lookup in lookups:
        if isinstance(lookup, FeatureFunction):
            continue
        if not isinstance(lookup, FeatureLookup):
            raise CourseError(f"{lookup!r} is neither a FeatureLookup nor a FeatureFunction.")
        entry = table(lookup.table_name)
        join = _join(columns, lookup, entry, version(entry.name), zone)
        _add(known, [(output.name, output.type) for output in join.outputs], entry.name)
        joins.append(join)
    calls = []
    for function in lookups:
        if isinstance(function, FeatureFunction):
            call = _call(known, function, functions)
            _add(known, [(call.output, call.type)], f"function {call.function}")
            calls.append(call)
    exclude = spell(exclude, tuple(known))
    model_columns = tuple(name for name in known if name not in (*label, *exclude))
    needed = {column for join in joins for column, _ in join.keys}
    needed |= {join.time[0] for join in joins if join.time}
    needed |= {column for call in calls for _, column in call.bindings} | set(model_columns)
    inputs = tuple((name, kind) for name, kind in columns.items() if name in needed)
    return FeatureSpec(tuple(joins), tuple(calls), inputs, model_columns, label)


def check_frame(spec: FeatureSpec, columns: Mapping[str, str], model: str) -> None:
    """Whether a frame has what a model's lookups start from.

    Raises:
        CourseError: a column is missing or of another type.
    """
    used = {column for call in spec.calls for _, column in call.bindings} | set(spec.model_columns)
    only_keys = {column for join in spec.joins for column, _ in join.keys} - used
    for name, type_name in spec.inputs:
        if name not in columns:
            raise CourseError(
                f"The frame has no column {name!r} ({type_name}), which {model} starts from. "
                "Add it: keys, event times and columns that are no features must be given."
            )
        fits = _meets if name in only_keys else _fits
        if not fits(columns[name], type_name):
            raise CourseError(
                f"Column {name!r} is {columns[name]}, {model} was trained on {type_name}. Cast it."
            )


def _join(
    columns: Mapping[str, str], lookup: FeatureLookup, table: TableEntry, version: int, zone: str
) -> Join:
    keys = spell(lookup.lookup_key, tuple(columns))
    if len(keys) != len(table.primary_keys):
        raise CourseError(
            f"The lookup in {table.name} has {len(keys)} keys ({', '.join(keys)}), the table has "
            f"{len(table.primary_keys)} ({', '.join(table.primary_keys)}). "
            "Name a column for each, in the table's order."
        )
    for column, key in zip(keys, table.primary_keys, strict=True):
        if column not in columns:
            raise CourseError(_no_column(f"lookup key of {table.name}", column, columns))
        if not _meets(columns[column], table.columns[key]):
            raise CourseError(
                f"Lookup key {column!r} is {columns[column]}, key {key!r} of {table.name} is "
                f"{table.columns[key]}: they never match. Cast it to {table.columns[key]}."
            )
    time = _time(columns, lookup, table)
    features = table.features
    names = features if lookup.feature_names is None else spell(lookup.feature_names, features)
    renamed = dict(_spelled_keys(lookup.rename_outputs, features))
    before = {new.lower(): name for name, new in renamed.items()}
    given = {
        key if spelled(key, features) else before.get(key.lower(), key): value
        for key, value in lookup.default_values.items()
    }
    defaults = dict(_spelled_keys(given, features))
    if not names:
        raise CourseError(
            f"The lookup in {table.name} names no feature. Name one, or leave it out."
        )
    for name in (*names, *renamed, *defaults):
        if name not in features:
            raise CourseError(_no_column(f"feature of {table.name}", name, features))
    for name in (*renamed, *defaults):
        if name not in names:
            raise CourseError(
                f"Feature {name!r} of {table.name} is renamed or given a default, but not looked "
                "up. Add it to feature_names."
            )
    window = lookup.lookback_window
    return Join(
        table=table.name,
        version=version,
        keys=tuple(zip(keys, table.primary_keys, strict=True)),
        key_types=tuple(table.columns[key] for key in table.primary_keys),
        time=time,
        time_type=table.columns[time[1]] if time else None,
        lookback_us=None if window is None else window // timedelta(microseconds=1),
        outputs=tuple(
            Output(
                name,
                renamed.get(name, name),
                table.columns[name],
                _default(defaults.get(name), name, table.columns[name], zone),
            )
            for name in names
        ),
    )


def _time(
    columns: Mapping[str, str], lookup: FeatureLookup, table: TableEntry
) -> tuple[str, str] | None:
    given = lookup.timestamp_lookup_key
    assert given is None or isinstance(given, str)  # as the lookup has made it
    if table.timestamp_key is None:
        if given is not None:
            raise CourseError(
                f"{table.name} is no time-series table, so timestamp_lookup_key={given!r} means "
                "nothing there. Leave it out, or create the table with timeseries_columns."
            )
        return None
    if given is None:
        raise CourseError(
            f"{table.name} is a time-series table: without timestamp_lookup_key a row could see "
            "the future. Name the column that holds each row's time."
        )
    event = spelled(given, columns)
    if event is None:
        raise CourseError(_no_column(f"timestamp_lookup_key of {table.name}", given, columns))
    wanted = table.columns[table.timestamp_key]
    if columns[event] != wanted:
        raise CourseError(
            f"Column {event!r} is {columns[event]}, the time of {table.name} is {wanted}. "
            f"Cast it to {wanted}."
        )
    return event, table.timestamp_key


def _call(
    known: Mapping[str, str], declared: FeatureFunction, functions: Mapping[str, FunctionEntry]
) -> Call:
    name = declared.udf_name
    if name not in functions:
        raise CourseError(
            f"There is no function {name!r}. Register it first: "
            f"register_function({name!r}, function)."
        )
    entry = functions[name]
    if set(declared.input_bindings) != set(entry.parameters):
        raise CourseError(
            f"Function {name} has the parameters ({', '.join(entry.parameters)}), the bindings are "
            f"for ({', '.join(declared.input_bindings)}). Bind each parameter to a column."
        )
    bindings = tuple(
        zip(
            declared.input_bindings,
            spell(tuple(declared.input_bindings.values()), tuple(known)),
            strict=True,
        )
    )
    for _, column in bindings:
        if column not in known:
            raise CourseError(_no_column(f"column bound to function {name}", column, known))
    return Call(name, bindings, declared.output_name or name, entry.type)


def _spelled_keys(given: Mapping[str, Any], known: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The items of a mapping by column, with the columns as they are spelled among the known."""
    yield from zip(spell(tuple(given), known), given.values(), strict=True)


def _add(known: dict[str, str], new: Iterable[tuple[str, str]], whose: str) -> None:
    for name, type_name in new:
        if spelled(name, known):
            raise CourseError(
                f"{name!r} of {whose} would be a second column of that name. "
                "Rename it (rename_outputs, output_name) or drop the other."
            )
        known[name] = type_name


def _meets(given: str, wanted: str) -> bool:
    """Whether keys of two types can be equal: of the same type, or both whole numbers."""
    return given == wanted or (given in INTEGERS and wanted in INTEGERS)


def _fits(given: str, wanted: str) -> bool:
    """Whether values of one type mean the same in another: the same type, or a wider integer."""
    if given in INTEGERS and wanted in INTEGERS:
        return INTEGERS.index(given) <= INTEGERS.index(wanted)
    return given == wanted


def _default(default: Any, feature: str, type_name: str, zone: str) -> Any:
    """A default in its form in JSON.

    Raises:
        CourseError: it is not of the feature's type.
    """
    if isinstance(own(default), float) and type_name in ("float", "double"):
        return float(default)  # NaN is a value here
    try:
        found = encode(default, type_name, zone)
        bits = _BITS.get(type_name)
        if bits and found is not None and not -(2 ** (bits - 1)) <= found < 2 ** (bits - 1):
            raise ValueError
        if type_name.startswith("decimal(") and found is not None:
            precision, scale = map(int, type_name[8:-1].split(","))
            if Decimal(found).copy_abs() >= 10 ** (precision - scale):  # abs() rounds
                raise ValueError
    except ValueError:
        raise CourseError(
            f"The default {default!r} of feature {feature!r} is no {type_name}. "
            "Give a value of the feature's type."
        ) from None
    return found


def _no_column(what: str, name: str, known: Mapping[str, str] | Sequence[str]) -> str:
    return f"There is no {what} {name!r}. There are: {', '.join(known)}."
