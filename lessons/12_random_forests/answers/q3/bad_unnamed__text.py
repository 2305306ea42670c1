cv = right
exam_fits = "12"
all_fits = 13
