"""A model packed with its lookups, as MLflow keeps it, and read back for a batch."""

import inspect
import pickle
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features import serving
from course_utils.features.registry import FunctionEntry
from course_utils.features.running import same_python
from course_utils.features.spec import FeatureSpec
from course_utils.features.values import quote

if TYPE_CHECKING:
    from mlflow.models.model import ModelInfo
    from pyspark.sql import DataFrame

_ENVIRONMENT = {"conda_env", "pip_requirements"}
_SIGNED = {
    "tinyint": "integer",
    "smallint": "integer",
    "int": "integer",
    "bigint": "long",
    "float": "float",
    "double": "double",
    "string": "string",
    "boolean": "boolean",
    "binary": "binary",
    "date": "datetime",
    "timestamp": "datetime",
    "timestamp_ntz": "datetime",
}


@dataclass(frozen=True)
class Wanted:
    """What a user wants of the packed model, beside the flavor's own arguments."""

    registered_model_name: str | None
    await_registration_for: int | None
    extra_pip_requirements: tuple[str, ...]
    output_schema: Any


def log(
    model: Any,
    artifact_path: str,
    flavor: Any,
    spec: FeatureSpec,
    functions: Mapping[str, FunctionEntry],
    online: str,
    wanted: Wanted,
    flavor_arguments: Mapping[str, Any],
) -> "ModelInfo":
    """Log a model together with its lookups and functions.

    Raises:
        CourseError: `flavor` is no MLflow flavor.
    """
    import mlflow.pyfunc

    if not hasattr(flavor, "save_model"):
        raise CourseError(f"{flavor!r} is no MLflow flavor. Give a module such as mlflow.sklearn.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "features"
        folder.mkdir()
        needed = flavor.get_default_pip_requirements()
        # The packed model is what is installed and served; without a list, MLflow would load the
        # one inside it in a process of its own, to see what it imports.
        if not _ENVIRONMENT & flavor_arguments.keys():
            flavor_arguments = {**flavor_arguments, "pip_requirements": needed}
        taken = inspect.signature(flavor.save_model).parameters
        if "serialization_format" in taken and taken["serialization_format"].default is None:
            flavor_arguments = {"serialization_format": "cloudpickle", **flavor_arguments}
        flavor.save_model(model, str(folder / serving.RAW_MODEL), **flavor_arguments)
        (folder / serving.SPEC).write_text(spec.to_json(), encoding="utf-8")
        codes = {call.function: functions[call.function].code for call in spec.calls}
        (folder / serving.FUNCTIONS).write_bytes(pickle.dumps(codes))
        (folder / serving.ONLINE).write_text(online, encoding="utf-8")
        with warnings.catch_warnings():
            # The lookups say what a request has; an example could add nothing to that.
            warnings.filterwarnings("ignore", ".*input example was not provided", UserWarning)
            return mlflow.pyfunc.log_model(
                name=artifact_path,
                loader_module=serving.__name__,
                data_path=str(folder),
                signature=_signature(spec, wanted.output_schema),
                pip_requirements=[*needed, "pyarrow", "pandas", *wanted.extra_pip_requirements],
                registered_model_name=wanted.registered_model_name,
                await_registration_for=wanted.await_registration_for,
            )


def _signature(spec: FeatureSpec, outputs: Any) -> Any:
    """What a request must have, and which features it may bring itself."""
    from mlflow.models.signature import ModelSignature
    from mlflow.types.schema import ColSpec, Schema, TensorSpec

    needed = serving.request_columns(spec)
    if not all(_signable(kind) for _, kind in needed):
        return None  # MLflow has no name for the type, and would drop the column
    own = {name for name, _ in spec.inputs}
    looked_up = [
        (name, kind) for name, kind in spec.types().items() if name not in own and _signable(kind)
    ]
    columns: list[ColSpec | TensorSpec] = [
        ColSpec(_mlflow_type(kind), name, required=name in own)
        for name, kind in (*needed, *looked_up)
    ]
    return ModelSignature(inputs=Schema(columns), outputs=outputs)


def _signable(type_name: str) -> bool:
    return type_name.removeprefix("array<").removesuffix(">") in _SIGNED


def _mlflow_type(type_name: str) -> Any:
    from mlflow.types.schema import Array, DataType

    element = DataType[_SIGNED[type_name.removeprefix("array<").removesuffix(">")]]
    return Array(element) if type_name.startswith("array<") else element


def fetch(model_uri: str) -> Path:
    """The folder with a logged model's lookups, functions and inner model.

    Raises:
        CourseError: there is no such model, or it was logged without lookups.
    """
    import mlflow.artifacts
    from mlflow.exceptions import MlflowException
    from mlflow.models import Model

    try:
        here = Path(mlflow.artifacts.download_artifacts(artifact_uri=model_uri))
        packed = Model.load(str(here)).flavors.get("python_function", {})
    except (MlflowException, OSError) as error:
        raise CourseError(f"There is no model at {model_uri} ({error}).") from None
    if packed.get("loader_module") != serving.__name__:
        raise CourseError(
            f"The model at {model_uri} was logged without its lookups. "
            "Log it with FeatureEngineeringClient.log_model."
        )
    return here / packed["data"]


def predict(frame: "DataFrame", folder: Path, spec: FeatureSpec, result_type: str) -> "DataFrame":
    """The frame with a column `prediction` of the inner model."""
    from mlflow.models import Model
    from pyspark.sql import functions as sf

    raw = folder / serving.RAW_MODEL
    if "spark" in Model.load(str(raw)).flavors:
        import mlflow.spark

        scored = mlflow.spark.load_model(str(raw)).transform(frame)
        return scored.select(
            *(quote(name) for name in frame.columns), sf.col("prediction").cast(result_type)
        )
    import mlflow.pyfunc

    same_python(frame.sparkSession)
    model = mlflow.pyfunc.spark_udf(
        frame.sparkSession, str(raw), result_type=result_type, env_manager="local"
    )
    inputs = sf.struct(*(sf.col(quote(name)) for name in spec.model_columns))
    return frame.withColumn("prediction", model(inputs))
