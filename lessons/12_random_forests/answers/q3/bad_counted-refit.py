cv = right
exam_fits = 13
all_fits = 13
