# Better when the pipeline meets raw listings: it takes the logarithm itself.
from pyspark.ml.feature import SQLTransformer

take_log = SQLTransformer(statement="SELECT *, ln(price) AS log_price FROM __THIS__")
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep")
log_model = Pipeline(stages=[take_log, formula, LinearRegression()]).fit(train)
