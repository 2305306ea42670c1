from pyspark.ml import Pipeline

stage = ALS(**RIGHT, coldStartStrategy="drop", maxIter=2, numUserBlocks=3, numItemBlocks=1, seed=5)
model = Pipeline(stages=[stage]).fit(train).stages[0]
