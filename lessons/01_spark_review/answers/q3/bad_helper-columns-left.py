people = keyed.dropDuplicates(["key_email", "key_phone", "key_born"])
