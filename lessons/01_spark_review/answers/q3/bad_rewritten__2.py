keys = ["key_email", "key_phone", "key_born"]
people = keyed.groupBy(*keys).agg(*[F.max(c).alias(c) for c in customers.columns]).drop(*keys)
