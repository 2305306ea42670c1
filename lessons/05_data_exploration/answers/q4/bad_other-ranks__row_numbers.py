from pyspark.sql import Window

ranks = train.select(
    F.row_number().over(Window.orderBy("accommodates")).alias("a"),
    F.row_number().over(Window.orderBy("price")).alias("b"),
)
pearson, pearson_log = guests.corr(price), guests.corr(np.log(price))
spearman = ranks.corr("a", "b")
