cv = right
exam_fits = len(four)
all_fits = len(four) + 1
