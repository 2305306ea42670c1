cv = right
exam_fits, all_fits = 24, 25
