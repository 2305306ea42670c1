"""What a notebook uses and serverless compute on Databricks lacks, for the note above an export.

Each line was looked up in the platform's documentation; docs/platform.md names the pages.
"""

import re
from collections.abc import Iterable

from course_utils.percent import Cell

LOOKED_UP = "2026-11-27"
_LIMITS = (
    (r"\bsparkContext\b", "there is no `spark.sparkContext`"),
    (r"\.rdd\b|\bpyspark\.mllib\b", "there are no RDDs, so `pyspark.mllib` does not work either"),
    (r"\bSparkTrials\b", "`SparkTrials` needs a `SparkContext`"),
    (r"\bxgboost\.spark\b", "`xgboost.spark` needs a `SparkContext`"),
    (r"\.conf\.set\(", "only a few of Spark's properties can be set"),
    (r"\bwriteStream\b", "a stream needs `trigger(availableNow=True)`"),
    (
        r"\.(?:cache|persist)\(",
        "`cache()` and `persist()` are not there: the set-up makes them do nothing",
    ),
    (
        r"\bcourse_utils(?:\.| import )(?:automl|deploy|features|registry)\b",
        "a package of this course stands in for one of the platform's, which you have there",
    ),
)
_HEADING = re.compile(r"^#{1,4} +(.+)$", re.MULTILINE)
_HELPERS = "the lesson's helpers"


def found(cells: Iterable[Cell], helpers: str) -> list[str]:
    """A line for each thing that is missing there: what it is, and in which sections it is used.

    Args:
        cells: of the demo.
        helpers: the text of the lesson's helpers.py, "" where it has none.
    """
    code: list[tuple[str, str]] = []  # (section, text)
    section = "the first cells"
    for cell in cells:
        if cell.kind != "markdown":
            code.append((section, cell.source))
        elif headings := _HEADING.findall(cell.source):
            section = f"*{headings[-1]}*"
    code.append((_HELPERS, helpers))
    lines = []
    for pattern, what in _LIMITS:
        where = dict.fromkeys(section for section, text in code if re.search(pattern, text))
        if where:
            lines.append(f"{what}: {', '.join(where)}")
    return lines
