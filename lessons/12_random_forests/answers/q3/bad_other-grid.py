grid = ParamGridBuilder().addGrid(forest.maxDepth, [6, 2]).build()
cv = search(estimatorParamMaps=grid)
exam_fits, all_fits = 12, 13
