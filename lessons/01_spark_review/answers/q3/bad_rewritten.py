people = (
    keyed.dropDuplicates(["key_email", "key_phone", "key_born"])
    .withColumn("email", F.col("key_email"))
    .drop("key_email", "key_phone", "key_born")
)
