cv = right
exam_fits = 2 * 3
all_fits = 2 * 3
