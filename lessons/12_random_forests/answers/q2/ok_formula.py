# Better when you want few lines: RFormula indexes and encodes the words by itself.
from pyspark.ml.feature import RFormula

formula = RFormula(formula="expensive ~ " + " + ".join([*WORDS, *NUMBERS]), handleInvalid="keep")
forest = RandomForestClassifier(labelCol="expensive", numTrees=10, subsamplingRate=0.8, seed=3)
pipeline = Pipeline(stages=[formula, forest])
model = pipeline.fit(labeled_train)
auc_seen = BinaryClassificationEvaluator(
    labelCol="expensive", rawPredictionCol="probability"
).evaluate(model.transform(labeled_train))
