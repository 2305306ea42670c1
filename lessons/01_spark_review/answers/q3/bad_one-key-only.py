people = keyed.dropDuplicates(["key_phone"]).select(*customers.columns)
