"""What is inside a pipeline of Spark ML, for the checks of several labs."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any


def stages(stage: Any) -> Iterator[Any]:
    """The stages of a pipeline or of its model, those of pipelines inside it included.

    What is no pipeline is its own only stage.
    """
    from pyspark.ml import Pipeline, PipelineModel

    if isinstance(stage, Pipeline):
        inside: Sequence[Any] = stage.getStages() if stage.isDefined("stages") else []
    elif isinstance(stage, PipelineModel):
        inside = stage.stages
    else:
        yield stage
        return
    yield from chain.from_iterable(map(stages, inside))
