# %% [markdown]
# # 22 · Ways to deploy a model
#
# Tamsin's price model has passed its tests. On Monday morning, four people want it.
#
# - The **finance team** wants a price for every listing, in a table, each night.
# - The **support desk** wants a price for each new listing within a minute.
# - The **app** wants a price while the host is still typing.
# - The **photographers** visit flats with a tablet, often in cellars without a network.
#
# Last year every team built a copy of the model for itself. Then a host saw one price in the app
# and another one in the mail of the same evening, and asked which of them was wrong. Tamsin would
# rather not have that conversation again.
#
# ```mermaid
# flowchart LR
#     model("one model,<br/>with its pre- and<br/>post-processing")
#     model --> batch["<b>batch</b><br/>all rows, each night"] --> table[("Delta table")]
#     model --> stream["<b>stream</b><br/>new files, all the time"] --> live[("Delta table")]
#     model --> rest["<b>REST</b><br/>one request, one answer"] --> app["the app"]
#     model --> edge["<b>edge</b><br/>a JSON file and NumPy"] --> tablet["a tablet, no network"]
# ```
#
# In words: one model goes out in four ways. A batch job prices all rows and writes a table. A
# stream prices new files as they come and adds to a table. A server answers single requests. And
# a file of numbers works on a device without Spark or a network.
#
# **The question of this notebook:** how do you deploy one model in four ways so that all of them
# give the same price, and which way fits which need?
#
# - **Time:** 55 minutes, and 35 more for the lab
# - **Before you start:** Spark ML pipelines (lesson 07), MLflow models (lesson 08), Delta tables
#   (lesson 02)
# - **Data:** `listings`, split as before; the test rows play the listings that come in

# %%
from course_utils import get_spark, load_split, make_work_dir

spark = get_spark("22_deployment_options")
train, test = load_split("listings")
work = make_work_dir("22_deployment_options")

# %% [markdown]
# `make_work_dir` gives us an empty folder. All tables, models and files of this notebook go there.
# Everything runs on this machine: servers listen on 127.0.0.1 (the *loopback* address, which
# nobody outside can reach), and they end when this notebook ends.
#
# Here is what comes in from hosts:

# %% tags=["nbval-check-output"]
from course_utils import helpers

draw = helpers("22")
rows = draw.requests(test)
print(rows.head(3).to_string(index=False))

# %% [markdown]
# `helpers("22")` loads what this lesson uses and does not teach: its pictures and the starting of
# servers. `requests` takes the test rows and makes them raw again, as a form would send them. The
# room type is a word, and a listing without reviews has no rating (`NaN`).
#
# So a raw row is not what the model gets. Between the two stands some work, and every copy of a
# model has to do it in exactly the same way. That is where last year's two prices came from.
#
# ## One model
#
# **Preprocessing** turns a request into features. Ours fills in missing ratings with the median,
# and makes two flags of the room type. In Spark both are stages of the pipeline:

# %%
from pyspark.ml.feature import Imputer, SQLTransformer, VectorAssembler

fill = Imputer(strategy="median", inputCols=["review_scores_rating"],
               outputCols=["rating"])

# %% [markdown]
# `Imputer` learns the median from the training rows and writes the filled column to `rating`. The
# flags come from a `SQLTransformer`. It runs a query on whatever frame comes in; `__THIS__` stands
# for that frame.

# %%
flags = SQLTransformer(statement="""SELECT *,
    CAST(room_type = 'Private room' AS DOUBLE) AS private,
    CAST(room_type = 'Shared room' AS DOUBLE) AS shared FROM __THIS__""")

# %% [markdown]
# Six columns go into the vector that the model reads. Their order matters, so it stands in one
# place only:

# %%
FEATURES = ["accommodates", "bedrooms", "bathrooms", "rating",
            "private", "shared"]
vector = VectorAssembler(inputCols=FEATURES, outputCol="features")

# %% [markdown]
# **Postprocessing** turns a prediction into an answer. The model predicts the logarithm of the
# price (lesson 07), so we have to take the exponential. A host should also never see a suggestion
# below 10 dollars. This is one more `SQLTransformer`:

# %%
after = SQLTransformer(statement="""SELECT *,
    greatest(exp(prediction), 10) AS suggested FROM __THIS__""")

# %% [markdown]
# Between the two stands the model itself, a line for now:

# %%
from pyspark.ml import Pipeline
from pyspark.ml.regression import LinearRegression

line = LinearRegression(labelCol="log_price")
first = Pipeline(stages=[fill, flags, vector, line, after])

# %% [markdown]
# `draw.raw` gives the training rows the raw form, too: the rating is missing where it had been
# filled in. Then the whole pipeline is fitted and saved, with all that stands before and after the
# model.

# %%
from pyspark.sql import functions as F

known = draw.raw(train).withColumn("log_price", F.log("price")).cache()
model = first.fit(known)
model.write().overwrite().save(f"{work}/model")

# %% [markdown]
# Remember this rule, because the rest of the lesson depends on it: **what you deploy is the model
# with everything before and after it.** A model file without its preprocessing is an invitation
# to write that part again, slightly differently.
#
# ## Batch: all rows, once a night
#
# The finance team's need is the simplest. Once a night a job reads all listings, prices them and
# writes a table. Here is last evening's table of requests:

# %%
read = spark.read.format("delta").load
requests = f"{work}/requests"
spark.createDataFrame(rows).write.format("delta").save(requests)

# %% [markdown]
# The job itself is three lines: read, `transform`, write.

# %%
def batch():
    priced = model.transform(read(requests)).select("id", "suggested")
    priced.write.format("delta").mode("overwrite").save(f"{work}/nightly")


# %% [markdown]
# The one choice in it is `mode("overwrite")`. If the job fails in the middle, somebody will run it
# again. Then a table that was overwritten is right, while one that was appended to may have rows
# twice.
#
# **Predict:** how long does a row wait for its price, if a job prices all of them at once?

# %%
from course_utils import measure

batch()
run = measure(batch, 5)
print(f"{len(rows):,} prices in {run}")

# %% [markdown]
# The first call is for warming up, and `measure` times five more. On so few rows, most of a Spark
# job is planning and committing, not the model (lesson 01). As rows per second:

# %%
nightly = read(f"{work}/nightly").toPandas()
print(f"{len(nightly) / run.median:,.0f} rows a second")

# %% [markdown]
# Each row waits for the whole run, because its price can be read only when the table is committed.
# And it has waited for the night before that: with one run a day, half a day on average. Batch
# does not care about *latency* (how long one row waits), only about *throughput* (rows per second,
# for as many rows as there are). It is also the easiest to run: if it fails, you have until the
# morning.
#
# `toPandas()` is safe here: two columns of a few thousand rows.
#
# **Exercise 1.** Change `"overwrite"` to `"append"` in `batch`, run its cell and the one below it.
# How many prices does the table have now?
#
# <details><summary>Answer</summary>
#
# Seven times as many as there are requests: one set from before, and six more from the calls of
# `batch`. Nothing failed, and no message told you. Set it back to `"overwrite"` and run both
# cells again.
# </details>
#
# ## Stream: new files, all the time
#
# The support desk cannot wait for the night. New listings arrive in a folder, as small files of
# JSON lines. *Structured Streaming* treats that folder as a table that grows. It has to know the
# columns beforehand, since there may be no file yet to look at:

# %%
SCHEMA = ("id INT, accommodates DOUBLE, bedrooms DOUBLE, bathrooms "
          "DOUBLE, review_scores_rating DOUBLE, room_type STRING")

# %% [markdown]
# The model is applied to it with the same `transform` as in the batch job:

# %%
def priced_stream(inbox):
    arriving = (spark.readStream.schema(SCHEMA)
                .option("maxFilesPerTrigger", 1).json(inbox))
    return model.transform(arriving).select("id", "suggested")


# %% [markdown]
# A stream works in small steps, its *micro-batches*. With `maxFilesPerTrigger` of 1, each of them
# takes one file. (Left out, it takes all files that are there. We want many to look at.)
#
# We cut our requests into 25 files, and say where things are:

# %%
parts = draw.files_of(rows, 25)
inbox, live = f"{work}/inbox", f"{work}/live"
checkpoint = f"{work}/checkpoint"

# %% [markdown]
# The query starts when we say where the result goes. `checkpointLocation` is a folder in which the
# stream notes what it has read and what it has finished. `trigger` says when it runs.

# %%
def stream(**trigger):
    return (priced_stream(inbox).writeStream.format("delta")
            .option("checkpointLocation", checkpoint)
            .trigger(**trigger).start(live))


# %% [markdown]
# `availableNow=True` takes what is there, batch by batch, and stops: a stream that a scheduler can
# start every hour. Let three files arrive, run it, let two more arrive, and run it again.
#
# **Predict:** the second run finds five files in the folder. How many rows will it price?

# %% tags=["nbval-check-output"]
for new in (parts[:3], parts[3:5]):
    draw.arrive(inbox, *new)
    stream(availableNow=True).awaitTermination()
    print(f"{read(live).count()} rows are priced")

# %% [markdown]
# The second run has added the rows of two files, not of five. The checkpoint knows the three files
# of the first run. A batch job would have needed a rule of its own for what is new; here that is
# built in. (`awaitTermination` waits for the end of the run. Without it, `count` would come too
# early.)
#
# The other kind of trigger runs without end. `processingTime="0 seconds"` starts the next
# micro-batch as soon as the last one is done. We let ten files arrive, one after the other, and
# measure how long it takes until the rows of a file can be read from the table:

# %%
coming = iter(parts[5:15])


def price_next():
    draw.arrive(inbox, next(coming))
    running.processAllAvailable()


# %% [markdown]
# `processAllAvailable` waits until all that has arrived is committed. It is meant for measurements
# and tests such as this one.

# %%
running = stream(processingTime="0 seconds")
waits = measure(price_next, 10)
running.stop()
print(f"A file waits {waits}")

# %% [markdown]
# That is the latency of a stream: far below a night, and far above what a person would call
# immediate. Every micro-batch plans a query, runs jobs, and commits twice, so seconds or a good
# part of one are what it costs even for a single row.
#
# ## Killed three times
#
# A batch job that dies is run again. A stream is supposed to run for months, and in that time
# machines fail, updates restart them, and memory runs out. Then two things must not happen: a row
# that gets no price, and a row that gets two.
#
# So we start the stream in a process of its own and kill it. It is a real kill: `SIGKILL`, to the
# Python process and to its JVM, at a random moment. Neither can tidy up. The module
# `course_utils/deploy/stream.py` holds the same query as `priced_stream` and `stream` above.

# %%
import random
import time

chance = random.Random(22)
job = (f"{work}/model", SCHEMA, inbox, live, checkpoint)

# %% [markdown]
# That is what the process has to know: the saved model, and the folders of our stream. All
# remaining files arrive, and here is one life of the process:

# %%
draw.arrive(inbox, *parts[15:])


def live_and_die():
    with draw.start_stream(*job) as process:
        draw.wait_for_commit(live, process)
        time.sleep(chance.uniform(0, 0.6))
        process.kill()


# %% [markdown]
# `start_stream` starts a process with a Spark of its own, which loads the saved model and goes on
# from our checkpoint. `wait_for_commit` returns when it has added something to the table. Then it
# has a random part of 0.6 seconds left to live.
#
# **Predict:** after three such deaths, how many of the rows in the files will be missing from the
# table, and how many will be there twice?

# %%
for _ in range(3):
    live_and_die()
    print(f"killed: {draw.commits(live)} commits in the table, "
          f"{draw.unfinished(checkpoint)} batch begun and not finished")

# %% [markdown]
# Each line says how far the table has got, and whether the kill hit the stream in the middle of a
# batch. Now the stream of this notebook takes over. It uses the same checkpoint, so it is the same
# stream, in another process:

# %% tags=["nbval-check-output"]
stream(availableNow=True).awaitTermination()
streamed = read(live).toPandas()
lost = len(set(rows["id"]) - set(streamed["id"]))
twice = streamed["id"].duplicated().sum()
print(f"{len(streamed):,} rows: {lost} lost, {twice} twice")

# %% [markdown]
# Nothing lost, nothing twice. This is called *exactly-once*, and it takes three parts that work
# together:
#
# 1. Before a batch, the stream writes down which files belong to it (in `checkpoint/offsets`). A
#    batch that was cut off is run again later with exactly the same files. So nothing is lost.
# 2. The Delta commit is all or nothing: half a batch is never visible.
# 3. In the same commit stands a note of who wrote it and which batch it was. If the batch comes
#    again, Delta sees the note and skips it. So nothing comes twice.
#
# The test suite of this course does the same with 50 deaths. Three of them are by `SIGKILL`;
# the others cut the stream off inside a running JVM, which is faster to start again.
#
# ## The worst moment
#
# The third part deserves a closer look. The table is committed first, and after that the
# checkpoint notes that the batch is done. What if the kill falls between the two?
#
# ```mermaid
# sequenceDiagram
#     participant stream
#     participant checkpoint
#     participant table as Delta table
#     stream->>checkpoint: offsets: batch 7 has these files
#     stream->>table: commit: rows, and "batch 7 of this stream"
#     Note over stream,table: killed here
#     stream->>checkpoint: commits: batch 7 is done
# ```
#
# In words: the stream writes the plan of a batch to the checkpoint, commits its rows to the table,
# and notes in the checkpoint that it is done. A kill before the last step leaves rows in the table
# that the checkpoint does not know of.
#
# We need no luck to hit that moment. We take the last note out of the checkpoint, which leaves
# the same state on disk, and start the stream again.
#
# **Predict:** it will run the last batch a second time. Will its rows be in the table twice?

# %% tags=["nbval-check-output"]
draw.forget_last_commit(checkpoint)
stream(availableNow=True).awaitTermination()
print("rows as before:", read(live).count() == len(streamed))

# %% [markdown]
# The note in the commit did it. You can see it in Delta's log, as an action called `txn`:

# %%
print(draw.note_of_last_commit(live))

# %% [markdown]
# `appId` is the stream's own id, from its checkpoint. `version` is the number of the batch.
#
# Delta's streaming sink writes this note by itself. But there is a popular way around the sink:
# `foreachBatch` hands each micro-batch to a function of yours, as a normal frame, and you write it
# wherever you like. Then the note is your job. Here is a function without it:

# %%
def append(part, number):
    part.write.format("delta").mode("append").save(f"{work}/plain")


# %% [markdown]
# And here is one that gives Delta the note, as two options. `number` is the number of the batch:

# %%
def append_once(part, number):
    note = {"txnAppId": "prices", "txnVersion": number}
    (part.write.format("delta").mode("append").options(**note)
     .save(f"{work}/noted"))


# %% [markdown]
# Both get the same two files and the same accident: the stream runs, its last note is taken out of
# the checkpoint, and it runs again.

# %%
def accident(write, checkpoint):
    query = (priced_stream(f"{work}/two").writeStream
             .option("checkpointLocation", checkpoint)
             .trigger(availableNow=True).foreachBatch(write))
    query.start().awaitTermination()
    draw.forget_last_commit(checkpoint)
    query.start().awaitTermination()


# %% tags=["nbval-check-output"]
draw.arrive(f"{work}/two", *parts[:2])
for write, name in ((append, "plain"), (append_once, "noted")):
    accident(write, f"{work}/check_{name}")
    print(f"{name}: {read(f'{work}/{name}').count()} rows")

# %% [markdown]
# There are as many rows in the two files as `noted` has. The plain function has written the last
# batch twice. So `foreachBatch` alone gives you *at least once*. With `txnAppId` and `txnVersion`,
# or with a `MERGE` by key (lesson 02), it becomes exactly once.
#
# **Exercise 2.** Imagine that somebody deletes the folder `checkpoint`, "to clean up", and the
# stream starts again with the same inbox and table. What happens? Try it with
# `import shutil; shutil.rmtree(checkpoint)` and a run of `stream(availableNow=True)`.
#
# <details><summary>Answer</summary>
#
# Every row is in the table twice. A new checkpoint is a new stream with a new id. It knows no
# file, so it reads all of them, and the old notes in the table are about somebody else. The
# checkpoint belongs to the table: back both up, or neither.
# </details>
#
# ## A pipeline that says what, not how
#
# So far we have said *how*: read here, write there, checkpoint in this folder, start, wait. A
# *declarative pipeline* only says *what*: these tables should exist, and this is what is in them.
# Spark finds the order, makes the checkpoints, and runs the flows. It comes with Spark since
# version 4.1, as `pyspark.pipelines`. A pipeline is a file of functions, each of which returns a
# frame:

# %%
PIPELINE = '''
from pyspark import pipelines as dp
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.active()
GOOD = "accommodates > 0 AND bedrooms >= 0"

@dp.temporary_view
def arrivals():
    return spark.readStream.schema("{schema}").json("{inbox}")
'''

# %% [markdown]
# `@dp.temporary_view` declares a name for a frame that is not stored. `GOOD` is our *expectation*:
# what must hold of a row before it gets a price. A flat for no guests, or with −3 bedrooms, is an
# error in a form, and a price for it would look perfectly normal.
#
# On Databricks an expectation is one more decorator. Open Spark does not have it, so we write it
# with what is there: a filter for the rows that pass, and the opposite filter for the rows that do
# not. They go to a table of their own, so that somebody can look at them.

# %%
TABLES = '''
@dp.table(format="delta")
def priced():
    good = spark.readStream.table("arrivals").filter(GOOD)
    return good.select("id", F.expr("{price}").alias("suggested"))

@dp.table(format="delta")
def refused():
    return spark.readStream.table("arrivals").filter(f"NOT ({{GOOD}})")
'''

# %% [markdown]
# `@dp.table` declares a table that is fed by a stream. Its function reads the view by name, and
# that is how Spark knows the order.
#
# `{price}` is a place for the model. A linear model is nothing but a formula, so we can write it
# as a SQL expression, with its pre- and postprocessing. No Python runs for a row then, and any
# database could compute it:

# %%
imputer, _, _, line, _ = model.stages
median = imputer.surrogateDF.first()[0]
weights = dict(zip(FEATURES, line.coefficients.tolist(), strict=True))

# %% [markdown]
# That is all the model has learned. (`surrogateDF` is where a fitted `Imputer` keeps its median.)
# The preprocessing as SQL:

# %%
made = {"rating": f"coalesce(review_scores_rating, {median})",
        "private": "CAST(room_type = 'Private room' AS DOUBLE)",
        "shared": "CAST(room_type = 'Shared room' AS DOUBLE)"}

# %% [markdown]
# And the formula, a sum of weight times column, with the postprocessing around it:

# %%
terms = [f"{weight} * {made.get(name, name)}"
         for name, weight in weights.items()]
formula = " + ".join([str(line.intercept), *terms])
price = f"greatest(exp({formula}), 10)"

# %% [markdown]
# A pipeline also has a short file of settings. It says where the checkpoints go, and which files
# belong to the pipeline:

# %%
SPEC = f"""name: prices
storage: file://{work}/pipeline/storage
libraries:
  - glob: {{include: transformations/**}}
"""

# %% [markdown]
# We fill in the model and the folder where files arrive, and write both files.

# %%
definition = (PIPELINE + TABLES).format(
    schema=SCHEMA, inbox=f"{work}/forms", price=price)
draw.write(f"{work}/pipeline/transformations/prices.py", definition)
draw.write(f"{work}/pipeline/spark-pipeline.yml", SPEC)

# %% [markdown]
# All requests arrive as one file, and a second file brings two bad forms:

# %%
bad = rows.head(2).assign(id=[-1, -2], accommodates=[0.0, 2.0],
                          bedrooms=[1.0, -3.0])
draw.arrive(f"{work}/forms", rows, bad)

# %% [markdown]
# The command for the rest is `spark-pipelines run --spec spark-pipeline.yml`. It starts a Spark of
# its own and talks to it through Spark Connect. `run_pipeline` does the same, with a Spark that has
# Delta's JARs. It returns what the log says of each table.
#
# **Predict:** what happens to the two bad rows, and what to the others?

# %% tags=["nbval-check-output"]
spec = f"{work}/pipeline/spark-pipeline.yml"
print(sorted(draw.run_pipeline(spec, f"{work}/tables")))

# %% tags=["nbval-check-output"]
piped = read(f"{work}/tables/priced").toPandas()
refused = read(f"{work}/tables/refused").toPandas()
print(f"{len(piped):,} priced; refused: {refused['id'].tolist()}")

# %% [markdown]
# Both bad rows are in `refused`, and the others have their price. This is the gentle kind of
# expectation: drop the row, keep the evidence, go on. There are two others. One only counts the
# bad rows and keeps them. The strict one stops everything, when a bad row must never get in. For
# that, Delta has constraints, which belong to the table and hold for every writer:

# %%
spark.sql(f"""ALTER TABLE delta.`{work}/nightly`
    ADD CONSTRAINT sane CHECK (suggested BETWEEN 10 AND 100000)""")
wrong = spark.createDataFrame([(-1, 3.5)], "id INT, suggested DOUBLE")

# %% [markdown]
# Now somebody appends a price of 3.50 dollars by hand:

# %% tags=["nbval-check-output"]
try:
    wrong.write.format("delta").mode("append").save(f"{work}/nightly")
except Exception as error:
    print(draw.violation(error))

# %% [markdown]
# The whole write is refused, and the table stays as it was. Which kind you want depends on what
# is worse: a missing row or a wrong one.
#
# ## Edge: a file of numbers
#
# The photographers' tablet has no network, no Java and no Spark. But what did the model learn? One
# median, six weights and an intercept. That fits into a text file:

# %%
import json

exported = {"median": median, "features": FEATURES,
            "intercept": line.intercept,
            "weights": list(weights.values())}

# %% [markdown]
# JSON is enough for that. It writes every digit of a number, so nothing is lost on the way:

# %%
draw.write(f"{work}/first.json", json.dumps(exported))
print(json.dumps(exported)[:75], "…")

# %% [markdown]
# The tablet needs a few lines of NumPy that do the same three steps as the pipeline: prepare,
# predict, and turn the prediction into an answer.

# %%
import numpy as np


def prepare(model, rows):
    rating = np.array(rows["review_scores_rating"], dtype=float)
    room = np.array(rows["room_type"])
    made = {"rating": np.where(np.isnan(rating), model["median"], rating),
            "private": room == "Private room",
            "shared": room == "Shared room"}
    known = {**rows, **made}
    columns = [np.array(known[f], float) for f in model["features"]]
    return np.column_stack(columns)


# %% [markdown]
# `rows` may be a dictionary of lists or a pandas frame. The order of the columns comes from the
# file, not from the code: a second list of features somewhere else would be the first thing to
# go wrong. The prediction itself is one line:

# %%
def log_price(model, x):
    if "trees" in model:
        return np.mean([walk(tree, x) for tree in model["trees"]], axis=0)
    return model["intercept"] + x @ np.array(model["weights"])


# %% [markdown]
# (`walk` comes in a minute; a line has no trees.) Prepare, predict, turn into an answer:

# %%
def suggest(model, rows):
    return np.maximum(np.exp(log_price(model, prepare(model, rows))), 10)


# %% [markdown]
# `suggest` is the whole model. Does it say the same as Spark? The batch table is the reference. Two
# prices count as equal if they agree to nine digits; the last few of 16 depend on the order in
# which a processor adds up.

# %% tags=["nbval-check-output"]
def same(ids, prices):
    due = nightly.set_index("id")["suggested"].loc[list(ids)]
    return np.allclose(due, prices, rtol=1e-9, atol=0)


print("edge and batch agree:", same(rows["id"], suggest(exported, rows)))

# %% [markdown]
# ### Trees as numbers
#
# A line is an easy case. Tamsin already has a second version of the model, a random forest, which
# will come into play later. A tree is a list of nodes: ask whether feature *f* is at most *t*, and
# go to the left or to the right.

# %%
from pyspark.ml.regression import RandomForestRegressor

forest = RandomForestRegressor(labelCol="log_price", seed=22,
                               numTrees=10, maxDepth=5)
second = Pipeline(stages=[fill, flags, vector, forest, after]).fit(known)

# %% [markdown]
# When a forest is saved, Spark writes its nodes to a Parquet file, one row each. `nodeData` and
# `split` are structs; `.*` makes columns of their fields.

# %%
second.stages[3].write().overwrite().save(f"{work}/forest")
nodes = spark.read.parquet(f"{work}/forest/data")
nodes = nodes.select("treeID", "nodeData.*").select("*", "split.*")
nodes = nodes.orderBy("treeID", "id").toPandas()

# %% tags=["nbval-check-output"]
columns = ["id", "featureIndex", "leftChild", "rightChild"]
print(f"{len(nodes)} nodes in {nodes['treeID'].nunique()} trees")
print(nodes[columns].head(3).to_string(index=False))

# %% [markdown]
# Ten trees have a few hundred nodes together. Each row is a node with its number, the feature that
# it asks for, and the numbers of its two children. A *leaf* has no children, and −1 in their place.
# We turn every tree into five lists. A leaf points to itself, so that a row that has arrived stays
# there:

# %%
def tree_of(nodes):
    leaf = nodes["leftChild"] < 0
    split = nodes["leftCategoriesOrThreshold"]
    return {"feature": nodes["featureIndex"].clip(0).tolist(),
            "threshold": [t[0] if len(t) else 0.0 for t in split],
            "left": nodes["leftChild"].where(~leaf, nodes["id"]).tolist(),
            "right": nodes["rightChild"].where(~leaf,
                                               nodes["id"]).tolist(),
            "value": nodes["prediction"].tolist()}


# %% [markdown]
# To predict, all rows walk down a tree at the same time, one level in each round. `at` is where
# every row stands:

# %%
def walk(tree, x, depth=5):
    feature, threshold, left, right, value = map(np.array, tree.values())
    at, every = np.zeros(len(x), dtype=int), np.arange(len(x))
    for _ in range(depth):
        is_left = x[every, feature[at]] <= threshold[at]
        at = np.where(is_left, left[at], right[at])
    return value[at]


# %% [markdown]
# The file of the second version holds the trees in place of weights:

# %%
trees = [tree_of(part) for _, part in nodes.groupby("treeID")]
forest_file = {"median": median, "features": FEATURES, "trees": trees}
draw.write(f"{work}/second.json", json.dumps(forest_file))

# %% tags=["nbval-check-output"]
due = second.transform(read(requests)).select("id", "suggested")
due = due.orderBy("id").toPandas()["suggested"]
found = suggest(forest_file, rows)
print("forest agrees:", np.allclose(due, found, rtol=1e-9, atol=0))

# %% [markdown]
# A forest in a few lines, with the same prices to nine digits. This works for numbers and flags;
# categories with many values and other kinds of models need a real exporter, which is a project
# of its own. But the idea will stay the same: a model is numbers and a rule, and the check that
# matters is this comparison.
#
# ## REST: one request, one answer
#
# The app needs a server: it sends a request over HTTP and gets the price back. MLflow has one for
# all its models (lesson 08). `set_experiment` says where MLflow logs to: the course's own database.

# %%
import mlflow
import pandas as pd

from course_utils import set_experiment

experiment = set_experiment("22_deployment_options")

# %% [markdown]
# For models that MLflow does not know, there is `PythonModel`: a class with two methods. (The type
# of `model_input` tells MLflow that rows come as a pandas frame.) `load_context` runs once, when
# the server starts. `predict` runs for each request, and this is where pre- and postprocessing go.

# %%
from pathlib import Path


class Suggester(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        file = Path(context.artifacts["model"])
        self.model = json.loads(file.read_text())

    def predict(self, context, model_input: pd.DataFrame, params=None):
        return suggest(self.model, model_input)


# %% [markdown]
# Our class takes the JSON file as an *artifact*, so both versions can use it. It could also load
# the Spark pipeline. Then every server would start a JVM, and one request would be a Spark job of
# a tenth of a second. For single rows, plain NumPy is the better engine. Training in Spark and
# scoring outside of it is a common division of labor.
#
# The model is logged with a *signature*: the names and types of the columns that it takes. The
# server will hold every request against it.

# %%
from mlflow.models import infer_signature

columns = [name for name in rows.columns if name != "id"]
signature = infer_signature(rows[columns], suggest(exported, rows))

# %% [markdown]
# `log` does it for one version. `pip_requirements` lists what a server has to install.

# %%
def log(name):
    with mlflow.start_run(run_name=name):
        return mlflow.pyfunc.log_model(
            name=name, python_model=Suggester(), signature=signature,
            artifacts={"model": f"{work}/{name}.json"},
            pip_requirements=["numpy"]).model_uri


# %% [markdown]
# Now the deployment. The command is `mlflow models serve -m <model> --port <port>`. `ModelServer`
# runs it in a process of its own on a free port, and `wait` returns when the server answers. We
# start a server for each version, because a Python process with MLflow needs some seconds to come
# up.

# %%
uris = {name: log(name) for name in ("first", "second")}
servers = {name: draw.ModelServer(uri) for name, uri in uris.items()}
old, new = (server.wait() for server in servers.values())
print("both servers answer")

# %% [markdown]
# A request is plain JSON. This is what the app sends while a host is typing, without any help of
# this course:

# %%
import urllib.request

flat = {"accommodates": 2.0, "bedrooms": 1.0, "bathrooms": 1.0,
        "review_scores_rating": None, "room_type": "Private room"}
body = json.dumps({"dataframe_records": [flat]}).encode()

# %% [markdown]
# `dataframe_records` is one of the forms that MLflow's server understands: a list with a
# dictionary for each row. The request goes to the path `/invocations`, which is part of `old.url`.

# %%
question = urllib.request.Request(
    old.url, body, {"Content-Type": "application/json"})
with urllib.request.urlopen(question) as answer:
    print(answer.status, answer.read().decode())

# %% [markdown]
# Status 200 means that all went well, and `predictions` has one price for each row. The room has
# no rating yet, and the word "Private room" went in as it is: the server does the preprocessing.
#
# The world does not send only good requests. `ask` sends rows in the same way, and `refusal`
# returns in one line why a server refuses: here for a missing column, and for a word in place of a
# number.

# %% tags=["nbval-check-output"]
one = rows[columns].head(1)
print(draw.refusal(old.url, one.drop(columns="bedrooms")))
print(draw.refusal(old.url, one.assign(bedrooms="two")))
print("and still answers:", len(draw.ask(old.url, one)), "price")

# %% [markdown]
# Both were stopped by the signature, before the model saw them. Without it, a missing column is a
# `KeyError` deep inside the code of the model, and a wrong type may even give a price.
#
# The same logged model also does batch work *with pandas*, without a server and without a Spark
# job. `load_model` gives an object whose `predict` takes a pandas frame:

# %% tags=["nbval-check-output"]
loaded = mlflow.pyfunc.load_model(uris["first"])
with_pandas = loaded.predict(rows[columns])
print("pandas and batch agree:", same(rows["id"], with_pandas))

# %% [markdown]
# For a table that fits into memory this is all you need. For one that does not, Spark hands pandas
# frames to the same model in parallel, with a pandas function (lesson 17).
#
# ## Same flat, same price
#
# Now Tamsin's worry. We have prices for all requests from a batch job, from a stream that was
# killed three times, from a declarative pipeline, from a server, from pandas and from the edge:

# %%
served = draw.ask(old.url, rows[columns])
on_the_edge = suggest(exported, rows)
ways = {"stream": streamed, "pipeline": piped,
        "REST": rows.assign(suggested=served),
        "edge": rows.assign(suggested=on_the_edge)}

# %% tags=["nbval-check-output"]
for way, found in ways.items():
    assert len(found) == len(rows)
    assert same(found["id"], found["suggested"])
    print(f"{way:8} agrees with batch")

# %% [markdown]
# Each way has a price for every request, and it is the price of the batch table. This cell belongs
# into the tests of every deployment: all ways, all rows, one comparison. Three words name what it
# protects you from. *Training-serving skew* is a difference between what the model was trained on
# and what it gets in use. Here it would be a rating filled in with another median, or flags in
# another order. No error message ever tells you of it.
#
# ## How fast is each way?
#
# We have measured batch and stream already. For REST we send 200 requests of one row each, and on
# the edge we call the function 1,000 times. A tablet has no pandas, so it gets a plain dictionary.

# %%
asked = measure(lambda: draw.ask(old.url, one), 200)
flat_now = {name: [value] for name, value in flat.items()}
called = measure(lambda: suggest(exported, flat_now), 1000)
print(f"REST {asked.median * 1000:.1f} ms, "
      f"edge {called.median * 1e6:.0f} µs (medians)")

# %% [markdown]
# Both can also take all rows at once:

# %%
at_once = {"REST": measure(lambda: draw.ask(old.url, rows[columns]), 5),
           "edge": measure(lambda: suggest(exported, rows), 5)}

# %% [markdown]
# A mean hides the slow ones, and a host remembers only those. So two numbers describe a latency:
# *p50*, the median, and *p99*, which 99 of 100 answers stay below. (From five runs or ten files,
# p99 is nearly the slowest one.)
#
# **Predict:** by what factor do the fastest and the slowest way differ?

# %%
timings = {"batch": run, "stream": waits, "REST": asked, "edge": called}
table = pd.DataFrame({way: np.quantile(timing.seconds, [0.5, 0.99])
                      for way, timing in timings.items()}).T

# %% [markdown]
# Throughput is rows per second, with as many rows at once as a way takes: all of them for batch,
# REST and edge, one file for the stream.

# %%
table.columns = ["p50", "p99"]
whole = {"batch": run, **at_once}
rate = {way: len(rows) / timing.median for way, timing in whole.items()}
rate["stream"] = len(parts[5]) / waits.median
table["rows per second"] = pd.Series(rate)

# %%
print(table.map(lambda number: f"{number:,.3g}").to_string())
draw.latencies(table)

# %% [markdown]
# Each of the four is the right one for somebody:
#
# | need | way | why |
# |---|---|---|
# | every listing, once a night | batch | all rows in one run; if it fails, run it again |
# | within a minute, many rows | stream | follows the files by itself, survives a kill |
# | while a person waits | REST | milliseconds, and one place to change the model |
# | no network, or microseconds | edge | nothing between the row and the answer |
#
# Two warnings about the table. The batch line does not contain the wait for the night. And the
# throughput is that of a small table on this machine: on a few thousand rows plain NumPy beats
# Spark easily, as Spark's costs here are those of planning. With a billion rows the edge has no
# memory for them, and Spark is the only one of the four that gets through.
#
# The most common mistake is not to choose a slow way. It is to choose REST for everything: to
# price ten million rows in a night with ten million requests, or to keep a server running around
# the clock for a report that is read on Mondays.
#
# ## A new version, and nobody notices
#
# Tamsin's second version, the forest, is better in her tests. In lesson 09 you moved an alias, and
# that was all. For a server it is not so easy: while you stop the old one and start the new one,
# requests come in and get no answer. So one puts a *router* in front: one address for the app, and
# behind it as many servers as you like. Its rule for who gets which version is a function:

# %%
from hashlib import sha256


def choose(user, shares):
    place = int(sha256(user.encode()).hexdigest(), 16) % 100
    return "new" if place < shares["new"] else "old"


# %% [markdown]
# `sha256` turns the user's name into a number that looks random but is always the same for this
# user. Its remainder by 100 is the user's place. With a share of 10 %, places 0 to 9 get the new
# version. So the rule is *sticky*: a host does not see the price jump with every keystroke. And
# nobody is sent back while the share grows, since the users of 10 % are among those of 50 %.

# %%
behind = {"old": old.url, "new": new.url}
router = draw.Router(behind, {"old": 100}, choose)
users = [f"user {number}" for number in range(250)]

# %% [markdown]
# The router listens on loopback; its code, about 200 lines of Python's own `http.server`, is in
# `course_utils/deploy/router.py`. `split` changes the shares for all requests from then on, and
# `send` sends one request for each of 250 users. We go up in three steps, and all the way back, as
# you would if a dashboard turned red.
#
# **Predict:** with a share of 10 %, how many of 250 users get the new version? Exactly 25?

# %%
moves = {}
for share in (10, 50, 100, 0):
    router.split(old=100 - share, new=share)
    moves[share] = draw.send(router.url, one, users)

# %%
draw.shares(moves, len(users))

# %% [markdown]
# A hash behaves like a coin that is thrown once per user, so the numbers scatter as coins do. The
# bars show the range in which 99 of 100 such splits lie (a binomial distribution). A measured
# share outside of its bar would mean that the hash is not even, or that the router is broken.

# %% tags=["nbval-check-output"]
new_at = {share: set(found.loc[found["version"] == "new", "user"])
          for share, found in moves.items()}
print({share: len(fans) for share, fans in new_at.items()})
print("10 % are among the 50 %:", new_at[10] <= new_at[50])

# %% [markdown]
# The users of the first step are still with the new version after the second one. And every request
# was answered, also while the shares moved:

# %% tags=["nbval-check-output"]
answers = pd.concat(moves.values())
print(answers["status"].value_counts().to_dict())

# %% [markdown]
# A small share first, then more: this is a *canary* release. If you let both run at 50 % for two
# weeks, to find out which version earns more, it is an *A/B test*, and stickiness is a condition
# for it. If the new version gets a copy of each request and nobody sees its answers, it is a
# *shadow* deployment.
#
# **Exercise 3.** Let `choose` take the hash of `user + str(shares["new"])` in place of `user`.
# Are the users of 10 % still among those of 50 %? What would a host notice?
#
# <details><summary>Answer</summary>
#
# No: every move deals the cards anew. About half of the users who had the new version at 10 % are
# back at the old one at 50 %, and get it again at 100 %. A host would see the price of the same
# flat change with every step of your release.
# </details>
#
# ### Without losing a request
#
# Now the real update. A client sends requests all the time, and meanwhile the old server goes.
# The order is what matters: the new one already answers; *switch* all traffic; *drain* the old
# one, which means to wait until it has answered its last request; and only then stop it.

# %%
import threading

statuses, over = [], threading.Event()


def app():
    while not over.is_set():
        sent = draw.send(router.url, one, users[:20])
        statuses.extend(sent["status"])


# %% [markdown]
# `app` sends requests until we say that it is over. It runs in a thread of its own, while we do
# the update:

# %%
client = threading.Thread(target=app)
client.start()
router.split(old=0, new=100)
router.drain("old")

# %%
old.stop()
time.sleep(0.5)
over.set()
client.join()

# %% [markdown]
# Some of the requests arrived before the switch, and some after it. How many got no answer?

# %% tags=["nbval-check-output"]
lost = sum(status != 200 for status in statuses)
print(f"{lost} requests lost; some came in: {len(statuses) >= 20}")

# %% [markdown]
# None was lost. To leave out the draining, or to stop first and switch later, would have cut off
# whatever was under way.
#
# ### When it goes wrong
#
# A server will be asked nonsense, and one day it will be dead. What counts is that each fault gives
# one clear line to the one who asked, and that everybody else goes on. A text that is no JSON, a
# request without a user, one of two megabytes, and then we kill the only server that is left:

# %% tags=["nbval-check-output"]
for sent in (b"what is my flat worth?", b"x" * 2_000_000):
    print(draw.post(router.url, sent, "user 1")[:2])
print(draw.post(router.url, body)[:2])

# %% tags=["nbval-check-output"]
new.kill()
print(draw.post(router.url, body, "user 1")[:2])
router.stop()

# %% [markdown]
# 400 means that the request is wrong, 413 that it is too large, and 503 that the service is down
# for now. A client can act on these numbers. All servers are down now; if you close
# this notebook earlier, or its kernel is killed, they end with it.
#
# ## Who runs it: DevOps and ModelOps
#
# Software teams know how to release, and call it *DevOps*: version control, tests, automatic
# deployment, monitoring, and rolling back. A model needs all of that, and more, because it also
# depends on data. This is *ModelOps* (or MLOps):
#
# | | DevOps | ModelOps adds |
# |---|---|---|
# | what changes | code | code, data and the model |
# | what is versioned | commits | table versions, runs, model versions (02, 08, 09) |
# | what is tested | functions | error on new rows, parity of all ways, fairness |
# | what is released | a build | a build that trains, or the trained model (09) |
# | who approves | reviewers of code | and a check against the champion (09) |
# | what is watched | errors, latency | and inputs, predictions, late labels |
# | why it breaks | somebody changed it | or nobody did, and the world changed |
# | how to go back | the last build | the last version, and the data of that day |
#
# The last lines are the essential difference. Software that works today works tomorrow. A model
# can get worse without a single change, so it needs an owner who looks at it, a trigger for
# retraining, and a way back.
#
# A strategy that holds in practice fits into five lines. Keep development, staging and production
# apart, with access only for those who need it. Promote code through all three and train in each,
# unless training is too expensive. Let one registry say which version is in use. Deploy the same
# artifact in each way. Automate the checks before a release and the way back after it.
#
# ## On Databricks
#
# - **Model Serving** is what `mlflow models serve` is here: an endpoint for a registered model,
#   which Databricks scales for you. A request may have at most 16 MB and take 297 seconds.
# - **The split** is part of an endpoint's configuration: its `served_entities` are the versions,
#   and `traffic_config` has `routes` with a `traffic_percentage` for each.
# - **Lakeflow Spark Declarative Pipelines** were called *Delta Live Tables* (DLT) before, and the
#   exam may still say so. Code with open Spark's `pyspark.pipelines` runs there, and code with the
#   old `import dlt` still does.
# - **Expectations** are decorators there: `@dp.expect` keeps bad rows and counts them,
#   `@dp.expect_or_drop` drops them, and `@dp.expect_or_fail` stops the update. They are not part of
#   Apache Spark.
# - **Batch** is a job that loads the model by its alias: with pandas on one node for a small table,
#   with a Spark UDF for a large one.
# - **`foreachBatch`** gives at least once there as well, unless you use the number of the batch.
#
# What you will not find there is the edge: you take the model out as we did.
#
# ## What you know now
#
# Tamsin answers four mails with one model. What goes out is always the same thing, with its pre-
# and postprocessing. A test compares all ways row by row. The stream survives a kill because the
# table's commit and the number of the batch are one. And the next version comes in behind a
# router, a few users first.
#
# **Exam:** MLOps strategy; batch, streaming and real-time inference and when each fits; a custom
# model behind an endpoint, queried over REST; batch inference with pandas; streaming inference
# with Delta Live Tables; splitting traffic between two versions of an endpoint
#
# **Check yourself:** a stream writes with `foreachBatch` to a database that is not Delta, and the
# process is killed after the write. What must the function do so that no row is there twice?
#
# <details><summary>Answer</summary>
#
# It must be *idempotent*: a batch that is written twice must leave the same rows as one that is
# written once. Spark gives the function the batch's number, and the same number comes with the same
# rows. So write the rows and the number in one transaction, and skip a number that is there
# already. Or write with a merge on a key that each row has, so that a second write replaces the
# first.
# </details>
#
# **Next:** the lab of this lesson, where you deploy in three ways, split the traffic yourself, and
# choose a way from a table of latencies.
