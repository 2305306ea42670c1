mean_price = train.groupBy().avg("price").collect()[0][0]
