lists = ParamGridBuilder().addGrid(forest.maxDepth, [6, 2]).addGrid(forest.numTrees, [3, 15])
cv = search(estimatorParamMaps=lists)
exam_fits, all_fits = 12, 13
