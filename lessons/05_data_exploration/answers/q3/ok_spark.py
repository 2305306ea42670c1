# Better when the rows do not fit into Python: Spark counts and tests
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.ml.stat import ChiSquareTest

texts = ["room_type", *CATEGORIES]
codes = [f"{name}_code" for name in texts]
coded = StringIndexer(inputCols=texts, outputCols=codes).fit(kinds).transform(kinds)
coded = VectorAssembler(inputCols=codes[1:], outputCol="all").transform(coded)
tested = ChiSquareTest.test(coded, "all", codes[0]).first()
p_values = dict(zip(CATEGORIES, tested["pValues"].toArray().tolist(), strict=True))
rows = kinds.count()
rooms, *others = kinds.agg(*[F.count_distinct(name) for name in texts]).first()
cramers_v = {
    name: (chi2 / (rows * (min(rooms, kinds_of_it) - 1))) ** 0.5
    for name, chi2, kinds_of_it in zip(CATEGORIES, tested["statistics"], others, strict=True)
}
related = sorted(name for name in CATEGORIES if p_values[name] < 0.01)
