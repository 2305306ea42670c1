raw = spark.read.csv(
    path,
    sep=";",
    header=True,
    multiLine=True,
    escape='"',
    encoding="ISO-8859-1",
    nullValue="-1",
)
