cv = right
exam_fits = len(four) + 3
all_fits = exam_fits + 1
