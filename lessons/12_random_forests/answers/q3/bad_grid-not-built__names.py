cv = search(estimatorParamMaps=[{"maxDepth": d, "numTrees": n} for d in (6, 2) for n in (3, 15)])
exam_fits, all_fits = 12, 13
