# Better when several metrics are wanted: the evaluator knows recall, NDCG and MAP as well.
from pyspark.ml.evaluation import RankingEvaluator

top10 = right
good = (
    test.filter("rating >= 4")
    .groupBy("user_id")
    .agg(F.collect_list(F.col("film_id").cast("double")).alias("label"))
)
lists = top10.groupBy("user_id").agg(
    F.expr(
        "transform(array_sort(collect_list(struct(place, film_id))), x -> double(x.film_id))"
    ).alias("prediction")
)
evaluator = RankingEvaluator(metricName="precisionAtK", k=10)
precision = evaluator.evaluate(lists.join(good, "user_id"))
