spark.sql(
    f"CREATE OR REPLACE TEMPORARY VIEW raw_customers USING csv "
    f"OPTIONS (path '{path}', sep '|', header 'true')"
)
customers = spark.sql("SELECT * FROM raw_customers")
