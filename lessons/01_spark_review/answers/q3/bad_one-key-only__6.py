people = keyed.dropDuplicates(["key_born"]).select(*customers.columns)
