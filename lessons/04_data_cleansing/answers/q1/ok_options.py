reader = spark.read.format("csv").options(
    delimiter=";", header=True, charset="latin1", multiLine=True, quote='"', escape='"'
)
raw = reader.load(path)
