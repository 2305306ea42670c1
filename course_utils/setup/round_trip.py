"""The last set-up step, in a process of its own: one table through Spark and Delta and back."""

import sys
import tempfile

from course_utils import get_spark, load_split
from course_utils.session import prepare_tracking

ROWS = 1000


def main() -> int:
    """Write `ROWS` rows as a Delta table, read them back, compare; 0 if they are the same."""
    prepare_tracking()  # here, so that no notebook waits for MLflow's database to be made
    spark = get_spark("setup_round_trip")
    with tempfile.TemporaryDirectory() as folder:
        spark.range(ROWS).write.format("delta").save(f"{folder}/table")
        read = spark.read.format("delta").load(f"{folder}/table")
        found = read.selectExpr("sum(id)", "count(*)").first()
    load_split("listings")  # here, so that no notebook waits for the split to be written
    spark.stop()
    if found is None or tuple(found) != (sum(range(ROWS)), ROWS):
        print(f"the table read back differs from the one written: {found}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
