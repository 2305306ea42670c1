schema = (
    "given_name STRING, family_name STRING, email STRING, phone STRING, "
    "birth_date STRING, city STRING, postcode STRING"
)
reader = spark.read.format("csv").option("delimiter", "|").option("header", "true")
customers = reader.schema(schema).load(path)
