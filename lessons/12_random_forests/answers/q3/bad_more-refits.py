cv = right
exam_fits, all_fits = 12, 12 + 3
