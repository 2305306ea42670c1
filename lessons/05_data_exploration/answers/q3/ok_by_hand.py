from scipy.stats import chi2 as distribution
from scipy.stats.contingency import association

p_values, cramers_v, related = {}, {}, []
for name in CATEGORIES:
    table = kinds.groupBy("room_type").pivot(name).count().na.fill(0).drop("room_type")
    counts = np.array(table.collect(), dtype=int)
    due = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    free = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    p_values[name] = distribution.sf(((counts - due) ** 2 / due).sum(), free)
    cramers_v[name] = association(counts, method="cramer")
    if p_values[name] < 0.01:
        related.append(name)
