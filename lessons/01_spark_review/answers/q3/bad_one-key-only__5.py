people = keyed.dropDuplicates(["key_phone", "key_born"]).select(*customers.columns)
