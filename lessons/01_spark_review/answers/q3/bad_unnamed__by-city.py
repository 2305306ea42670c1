people = customers.dropDuplicates(["city"])
