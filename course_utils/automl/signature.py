"""What a logged model says of its input: types that take back the rows it was trained on.

MLflow refuses whole numbers where a model says "double", and a gap where it says "long"; so does
it dates with a zone, and categories. The models prepare their input themselves and can do with all
of these, so that such columns are of any type.
"""

from typing import TYPE_CHECKING, Any

from course_utils.automl.task import Features

if TYPE_CHECKING:
    import pandas as pd

ANY = "any"


def input_types(
    frame: "pd.DataFrame", features: Features, extended: frozenset[str]
) -> dict[str, str]:
    """The type of each feature, as MLflow calls it, or `ANY`.

    Args:
        frame: the rows, in plain types.
        features: the columns that models learn from.
        extended: those that came in a type of pandas' own.
    """
    types = {}
    for name in features.names:
        column = frame[name]
        kind = ANY
        if name in extended or name in features.dates:
            kind = ANY
        elif column.dtype == bool:
            kind = "boolean"
        elif column.dtype == "float64" and (column.dropna() % 1 != 0).any():
            kind = "double"
        elif column.dtype == object and column.map(type).isin([str, type(None)]).all():
            kind = "string"
        types[name] = kind
    return types


def signature(types: dict[str, str], answers: Any) -> Any:
    """MLflow's signature of a model.

    Args:
        types: as of `input_types`.
        answers: some predictions.
    """
    from mlflow.models import ModelSignature, infer_signature
    from mlflow.types.schema import AnyType, ColSpec, Schema, TensorSpec

    inputs: list[ColSpec | TensorSpec] = [
        ColSpec(AnyType() if kind == ANY else kind, name) for name, kind in types.items()
    ]
    return ModelSignature(Schema(inputs), infer_signature(answers, answers).outputs)


def code(answers: str) -> str:
    """The same as code, for a notebook that has the types as TYPES and predictions as `answers`."""
    return (
        "columns = [\n"
        f'    ColSpec(AnyType() if kind == "{ANY}" else kind, name)\n'
        "    for name, kind in TYPES.items()\n"
        "]\n"
        f"answers = {answers}\n"
        "outputs = mlflow.models.infer_signature(answers, answers).outputs\n"
        "signature = mlflow.models.ModelSignature(Schema(columns), outputs)"
    )
