spark.sql(
    f"CREATE OR REPLACE TEMPORARY VIEW office USING csv OPTIONS (path '{path}', sep ';', "
    "header 'true', encoding 'ISO-8859-1', multiLine 'true', escape '\"')"
)
raw = spark.table("office")
