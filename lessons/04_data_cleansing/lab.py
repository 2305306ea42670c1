# %% [markdown]
# # 04 · Data cleansing, lab
#
# **The question of this lab:** can you clean a file whose defects you have not seen before?
#
# - **Time:** 30 minutes
# - **You will:** read a file of another country without losses; turn its texts into numbers, dates
#   and booleans; fix or drop wrong rows; split, mark and fill the gaps, and fence outliers
# - **Before you start:** the demo of lesson 04
# - **Data:** `brennholm`, what the office of a second city exports; `listings` at the end
# - **Tools:** from the demo, `spark.read.csv` with its options, `regexp_replace`, `try_cast`,
#   `SQLTransformer`, `Imputer` and `Pipeline`. New here: `F.row_number().over(window)` numbers the
#   rows of each group, as in `Window.partitionBy("id").orderBy(F.desc("day"))`
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. Keep all digits of a number; round only what you
# print.

# %%
from pathlib import Path

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, SQLTransformer
from pyspark.sql import Window
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, locate, open_lab

spark = get_spark("04_data_cleansing_lab")
lab = open_lab("04")

# %% [markdown]
# Brennholm lets holiday flats too, and its office has sent a file. These are its first lines, byte
# by byte. `\xf8` is one byte that is no ASCII letter: in the encoding ISO-8859-1 (Latin-1) it is
# the letter ø; in UTF-8 it would be no letter at all.

# %% tags=["nbval-check-output"]
path = locate("brennholm")
for line in Path(path).read_bytes().splitlines()[:9]:
    print(line[:400])

# %% [markdown]
# ## Question 1 · Read it as it is
#
# Read the file at `path` into a frame `raw`, with the columns that its first line names, all of
# them still text, and one row per record. Look at the lines above: what separates the columns, what
# stands around some texts, and what is inside them?

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: read the file at `path`.
### STUB raw = ...
### BEGIN SOLUTION
raw = spark.read.csv(
    path, sep=";", header=True, encoding="ISO-8859-1", multiLine=True, escape='"'
)
print(f"{raw.count():,} rows, {len(raw.columns)} columns")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · Text to values
#
# Make `typed`: the same rows and columns under the same names, with these types. No row may get
# lost, and no value that is there, whatever it stands for.
#
# | columns | in the file | in `typed` |
# |---|---|---|
# | the five in `TEXTS` | | text, unchanged |
# | the four in `WHOLE` | `4` | number |
# | the three in `DECIMAL` | `63,90213` | number |
# | `price` | `1.250,00 kr`, or words | number of kroner; missing where there is none |
# | `occupancy_rate` | `61,5 %` | number from 0 to 1 |
# | `host_is_superhost` | `ja`, `nei`, or nothing | true, false, or missing |
# | the two in `DATES` | `07.03.2019`, day first | date (or timestamp) |

# %%
TEXTS = ["id", "name", "summary", "neighbourhood_cleansed", "room_type"]
WHOLE = ["accommodates", "bedrooms", "minimum_nights", "number_of_reviews"]
DECIMAL = ["latitude", "longitude", "review_scores_rating"]
DATES = ["host_since", "last_updated"]

# %% answer="q2"
# TODO q2: convert; a small function for decimal commas helps three times.
### STUB typed = ...
### BEGIN SOLUTION
def number(name):
    """A text such as "1.250,00 kr" as a number, missing where it is none."""
    digits = F.regexp_replace(name, "[^0-9,-]", "")
    return F.regexp_replace(digits, ",", ".").try_cast("double")


typed = raw.select(
    *TEXTS,
    *[number(name).alias(name) for name in [*WHOLE, *DECIMAL, "price"]],
    (number("occupancy_rate") / 100).alias("occupancy_rate"),
    (F.col("host_is_superhost") == "ja").alias("host_is_superhost"),
    *[F.to_date(name, "dd.MM.yyyy").alias(name) for name in DATES],
)
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Wrong rows and wrong values
#
# The office tells you this about its file:
#
# - A listing that was changed is exported again. The row with the latest `last_updated` holds.
# - In two columns a number stands for "unknown". (Which ones it has forgotten; `summary` helps.)
# - In some rows latitude and longitude have changed places. Brennholm lies near 63.9° north and
#   7.6° east.
#
# Make `clean` with the columns of `typed` and no others: one row per `id`; "unknown" as a missing
# value; each coordinate in its place; and without the listings that cannot be, which have no price
# above 0, take no guests, or ask for more than 365 nights.

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: one row per listing, fixed or dropped.
### STUB clean = ...
### BEGIN SOLUTION
newest_first = Window.partitionBy("id").orderBy(F.desc("last_updated"))
swapped = F.col("latitude") < F.col("longitude")
clean = (
    typed.withColumn("place", F.row_number().over(newest_first))
    .filter("place = 1")
    .drop("place")
    .withColumns({
        "review_scores_rating": F.expr("nullif(review_scores_rating, 999)"),
        "bedrooms": F.expr("nullif(bedrooms, -1)"),
        "latitude": F.when(swapped, F.col("longitude")).otherwise(F.col("latitude")),
        "longitude": F.when(swapped, F.col("latitude")).otherwise(F.col("longitude")),
    })
    .filter("price > 0 AND accommodates > 0 AND minimum_nights <= 365")
    .cache()  # what follows reads it several times
)
print(f"{clean.count():,} listings")
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · Split, mark, fill
#
# `in_train` below says which listings are for training. For three columns with gaps, fill
#
# - `review_scores_rating` (skewed) with the median,
# - `occupancy_rate` (nearly symmetric) with the mean,
# - `bedrooms` (a small whole number) with the mode,
#
# and let `review_scores_rating_na`, `occupancy_rate_na` and `bedrooms_na` say with 1.0 where a
# value was filled, with 0.0 where it was not.
#
# Make `model`, one fitted pipeline whose `transform` fills the gaps in any rows of `clean`, and
# `train_full` and `test_full`, the two sides with indicators and without gaps. (The indicators may
# be made by `model` too, or before it.) **Predict** first: which rows may `model` learn from?

# %%
in_train = F.crc32("id") % 100 < 80

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: the fitted model, and both sides filled by it.
### STUB model = ...
### STUB train_full = ...
### STUB test_full = ...
### BEGIN SOLUTION
FILL = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
flags = ", ".join(f"CAST({name} IS NULL AS DOUBLE) AS {name}_na" for name in FILL)
imputers = [Imputer(strategy=how, inputCol=name, outputCol=name) for name, how in FILL.items()]
mark = SQLTransformer(statement=f"SELECT *, {flags} FROM __THIS__")

model = Pipeline(stages=[mark, *imputers]).fit(clean.filter(in_train))
train_full, test_full = (model.transform(clean.filter(side)) for side in (in_train, ~in_train))
print(f"{train_full.count():,} training rows, {test_full.count():,} test rows")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Fences for any city
#
# Write `fences(rows, column)`, which returns the lower and the upper fence of a column as a pair of
# numbers: 1.5 times the distance of the quartiles (IQR) below the first and above the third
# quartile, both taken exactly, from `rows`. It has to work for any frame and column; the check also
# tries it with the numbers of reviews of the listings in use.
#
# Then make `limits`, the fences of the price in the **training** rows of Brennholm, and `flagged`,
# all rows of `test_full` with a further column `is_outlier`: true where the price is below or above
# `limits`, else false.

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: a function, and the test rows with a flag.
def fences(rows, column):
    """(lower, upper) fence of `column`, from the quartiles in `rows`."""
    ### STUB return ...
    ### BEGIN SOLUTION
    q1, q3 = rows.approxQuantile(column, [0.25, 0.75], 0)
    return q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)


limits = fences(train_full, "price")
flagged = test_full.withColumn("is_outlier", ~F.col("price").between(*limits))
print("fences: {:.0f} and {:.0f} kroner;".format(*limits), end=" ")
print(f"{flagged.filter('is_outlier').count()} of {flagged.count()} test rows are flagged")
### END SOLUTION
### STUB
### STUB
### STUB limits = ...
### STUB flagged = ...

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Where you stand

# %%
lab.summary()

# %% [markdown]
# ## What you know now
#
# - Separator, encoding, quotes and line breaks decide whether a row is a row; none of them fails
#   loudly.
# - Each conversion can lose values, or move a decimal point. Compare counts and sizes before and
#   after.
# - Choose the row that holds before you drop what cannot be, or an outdated row takes its place.
# - Split, mark, fill: in this order, and learned from the training rows.
#
# **Check yourself:** the office corrects one more listing in tomorrow's file. Which of your five
# answers would change, and which would not?
#
# **Next:** the quiz below, then lesson 05, which explores the clean listings.

# %%
ask_quiz("04")
