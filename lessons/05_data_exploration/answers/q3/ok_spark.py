from pyspark.ml.feature import StringIndexer
from pyspark.ml.stat import ChiSquareTest

texts = ["room_type", *CATEGORIES]
codes = [f"{name}_code" for name in texts]
coded = StringIndexer(inputCols=texts, outputCols=codes).fit(kinds).transform(kinds)
coded = VectorAssembler(inputCols=codes[1:], outputCol="all").transform(coded)
tested = ChiSquareTest.test(coded, "all", codes[0]).first()
rows, least = coded.count(), [min(3, kinds.select(name).distinct().count()) for name in CATEGORIES]
least = [min(n, kinds.select("room_type").distinct().count()) for n in least]
p_values = dict(zip(CATEGORIES, tested["pValues"].toArray().tolist(), strict=True))
chi2 = tested["statistics"].toArray()
cramers_v = {
    name: (value / (rows * (k - 1))) ** 0.5
    for name, value, k in zip(CATEGORIES, chi2, least, strict=True)
}
related = sorted(name for name in CATEGORIES if p_values[name] < 0.01)
