# Better when there are too many rows for the notebook: every threshold is a column of one job.
def costs(rows, thresholds):
    p, badge = vector_to_array("probability")[1], F.col("superhost") == 1
    columns = [
        F.avg(F.when((p > t) & ~badge, DRIVE).when((p <= t) & badge, MISSED).otherwise(0))
        for t in thresholds
    ]
    return cv_model.transform(rows).agg(*columns).first()


found = costs(validation, THRESHOLDS)
threshold = THRESHOLDS[int(np.argmin(found))]
test_cost, half_test_cost = costs(test_rows, [threshold, 0.5])
