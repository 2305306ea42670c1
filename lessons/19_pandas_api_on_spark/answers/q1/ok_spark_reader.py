# Better when the table has to be prepared in Spark first.
homes = spark.read.parquet(path).pandas_api(index_col="listing_id")
homes["each"] = homes["price"] / homes["accommodates"]
