reader = spark.read.format("csv").options(
    delimiter=";", header=True, charset="iso-8859-1", multiLine=True, quote='"', escape='"'
)
raw = reader.load(path)
