from pyspark.sql import Window


def rank_of(name):
    ties = F.count("*").over(Window.partitionBy(name))
    return F.rank().over(Window.orderBy(name)) + (ties - 1) / 2


ranks = train.select(rank_of("accommodates").alias("a"), rank_of("price").alias("b"))
pearson, pearson_log = train.agg(
    F.corr("accommodates", "price"), F.corr("accommodates", F.log("price"))
).first()
spearman = ranks.agg(F.corr("a", "b")).first()[0]
