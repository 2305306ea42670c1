import numpy as np
from scipy.stats import rankdata

rows = judged.select(vector_to_array("probability")[1].alias("p"), "expensive").toPandas()
yes = rows["expensive"].to_numpy() == 1
n, m = yes.sum(), (~yes).sum()
test_auc = (rankdata(rows["p"])[yes].sum() - n * (n + 1) / 2) / (n * m)
accuracy = np.mean((rows["p"] > 0.5) == yes)
nobody_accuracy = labeled_test.filter("expensive = 0").count() / labeled_test.count()
