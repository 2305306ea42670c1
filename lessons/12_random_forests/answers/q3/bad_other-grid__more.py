grid = ParamGridBuilder().addGrid(forest.maxDepth, [2, 4, 6]).addGrid(forest.numTrees, [3, 15])
cv = search(estimatorParamMaps=grid.build())
exam_fits, all_fits = 18, 19
