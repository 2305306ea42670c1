q1_table = given
from sklearn.linear_model import Ridge

other = Ridge(alpha=1000).fit(known[FEATURES], known[LABEL])
run_0 = logged(model=other).info.run_id
