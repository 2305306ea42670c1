another = RandomForestClassifier()
grid = ParamGridBuilder().addGrid(another.maxDepth, [6, 2]).addGrid(another.numTrees, [3, 15])
cv = search(estimatorParamMaps=grid.build())
exam_fits, all_fits = 12, 13
