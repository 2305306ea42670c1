from pyspark.sql import functions as F
