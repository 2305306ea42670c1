people = keyed.dropDuplicates().select(*customers.columns)
