write(wide)
old_rows = at(0)
from sklearn.linear_model import Ridge

other = Ridge(alpha=1000).fit(known[FEATURES], known[LABEL])
run_1 = logged(model=other).info.run_id
