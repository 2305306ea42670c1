cv = pipeline
exam_fits, all_fits = 12, 13
