cv = right
exam_fits = (3 + 15) * 2 * 3
all_fits = exam_fits + 1
