estimator = ALS(numUserBlocks=2, numItemBlocks=2, maxIter=2, rank=4)
estimator.setUserCol("user_id").setItemCol("film_id").setRatingCol("rating").setRegParam(0.05)
model = estimator.fit(train.repartition(3)).setColdStartStrategy("drop")
