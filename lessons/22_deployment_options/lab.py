# %% [markdown]
# # 22 · Ways to deploy a model, lab
#
# **The question of this lab:** can you bring one model to three kinds of users, give a new version
# to some of them, and say which way fits which need?
#
# - **Time:** 35 minutes
# - **Before you start:** the demo of lesson 22
# - **Data:** `listings`; a few hundred of the test rows are the requests that come in
#
# **The tools you need, and where they were shown**
#
# - `transform`, `select`, `write.format("delta")`, `mode`: the batch job of the demo
# - `readStream`, `writeStream`, `checkpointLocation`, `availableNow`: the stream of the demo
# - a class with `predict`, `mlflow.pyfunc.log_model`, and asking a server: the REST part
# - a hash that gives each user a place, and a `Router`: the last part
# - `np.quantile`: the table of latencies
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%

from course_utils import get_spark, open_lab

spark = get_spark("22_deployment_options_lab")
lab = open_lab("22")

# %% [markdown]
# All that you write goes below the folder `work`.

# %%
from course_utils import helpers, load_split, make_work_dir

tools = helpers("22")
work = make_work_dir("22_deployment_options_lab")
train, test = load_split("listings")

# %% [markdown]
# `model` is the first pipeline of the demo, fitted to the training rows. It makes a column
# `suggested`, the price in dollars, from a raw request. `requests` are 300 such requests, as a
# pandas frame. `exported` is what the model has learned, as a dictionary; question 3 needs it.

# %% tags=["nbval-check-output"]
model = tools.first_model(train)
exported = tools.export(model)
requests = tools.requests(test).head(300)
print(requests.head(3).to_string(index=False))

# %% [markdown]
# ## Question 1 · Every night
#
# The requests are in a Delta table in the folder `waiting`. Write the nightly job that prices them.

# %%
waiting = f"{work}/waiting"
spark.createDataFrame(requests).coalesce(1).write.format("delta").save(waiting)

# %% [markdown]
# - `nightly`: the folder of a Delta table, any folder below `work`, with the columns `id` and
#   `suggested`, and one row for each request
#
# Jobs fail and are run again. So let your cell run the job **twice**: afterwards each request
# must still be in the table once.

# %% answer="q1"
# TODO q1: the job, run twice.
### STUB nightly = ...
### BEGIN SOLUTION
nightly = f"{work}/nightly"


def price_all():
    rows = spark.read.format("delta").load(waiting)
    priced = model.transform(rows).select("id", "suggested")
    priced.write.format("delta").mode("overwrite").save(nightly)


price_all()
price_all()
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · As they come
#
# The same requests arrive as files in the folder `inbox`. Two files are there, and `deliver_late()`
# brings the third one. All of this stands in a folder of its own, `arrivals`.
#
# A stream does not take a file twice, so a stream that was wrong cannot be put right by running it
# again. When you change your answer, run this cell first: it empties the folder, and the two files
# come anew.

# %%
arrivals = make_work_dir("22_deployment_options_lab_stream")
inbox, SCHEMA = f"{arrivals}/inbox", tools.SCHEMA
tools.deliver(inbox, first=requests[:100], second=requests[100:200])


def deliver_late():
    tools.deliver(inbox, third=requests[200:])


# %% [markdown]
# Price them with a stream. `SCHEMA` has the columns of the files.
#
# - `live`: the folder of the Delta table that the stream adds to, below `arrivals`, with the
#   columns `id` and `suggested`
# - `checkpoint`: the folder of its checkpoint, also below `arrivals`
#
# Let the stream take what is there and stop, call `deliver_late()`, and let it run again. At the
# end each request is in the table once.

# %% answer="q2"
# TODO q2: a stream that runs, ends, and goes on where it was.
### STUB live = ...
### STUB checkpoint = ...
### BEGIN SOLUTION
live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"


def run_stream():
    arriving = spark.readStream.schema(SCHEMA).json(inbox)
    priced = model.transform(arriving).select("id", "suggested")
    writer = priced.writeStream.format("delta").option("checkpointLocation", checkpoint)
    writer.trigger(availableNow=True).start(live).awaitTermination()


run_stream()
deliver_late()
run_stream()
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · While the host types
#
# `exported` has the median rating of the training rows, the names of the features in their order,
# their weights, and the intercept. These are the requests of five hosts. The last one of the
# `questions` is nonsense, and a server has to expect that.

# %% tags=["nbval-check-output"]
questions = tools.five_questions(requests)
print(questions.to_string(index=False))

# %% [markdown]
# Write a model for MLflow that does the whole work in NumPy or pandas, without Spark:
#
# - **before**: a missing rating becomes the median of `exported`; the feature `private` is 1 for a
#   "Private room" and else 0, `shared` is 1 for a "Shared room"
# - **the model**: the intercept plus the sum of weight times feature; this is log(price)
# - **after**: dollars, and never fewer than 10
#
# Log it with `mlflow.pyfunc.log_model`, and give the URI of the logged model to
# `tools.ServerHere(uri)`. This is the server that `mlflow models serve` starts, but inside this
# notebook, so that you need not wait for a new process.
#
# - `server`: what `tools.ServerHere` returns
# - `quotes`: the list of prices that your server gives for `questions`;
#   `tools.ask(server.url, questions)` asks it

# %%
import mlflow
import numpy as np
import pandas as pd

from course_utils import set_experiment

# %% [markdown]
# Your turn:

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: a class with predict, a logged model, a server, and its answers.
### STUB server = ...
### STUB quotes = ...
### BEGIN SOLUTION
class Suggester(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: pd.DataFrame, params=None):
        room = model_input["room_type"]
        rating = model_input["review_scores_rating"].astype(float).fillna(exported["median"])
        rows = model_input.assign(
            rating=rating, private=room == "Private room", shared=room == "Shared room"
        )
        x = rows[exported["features"]].to_numpy(dtype=float)
        return np.maximum(np.exp(exported["intercept"] + x @ exported["weights"]), 10)


set_experiment("22_deployment_options_lab")
info = mlflow.pyfunc.log_model(name="suggester", python_model=Suggester(), pip_requirements=[])
server = tools.ServerHere(info.model_uri)
quotes = tools.ask(server.url, questions)
print([round(quote, 2) for quote in quotes])
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · A new version for some
#
# Two versions are running, and `behind` has their addresses. The new one is to get a few users
# first.

# %%
running = tools.two_servers(exported, work)
behind = {version: server_of.url for version, server_of in running.items()}
newest = test.count()  # hosts who joined after those of the listings
USERS = [f"host-{newest + place}@example.org" for place in range(100)]

# %% [markdown]
# - `choose(user, shares)`: a function that returns `"old"` or `"new"` for a user's name. `shares`
#   is a dictionary with the percent of the users for each version, `{"old": 90, "new": 10}`. It has
#   to be **even** (about that share of many users), **sticky** (a user gets the same version at
#   every call, also after a restart of Python), and **steady** (who has the new version at 10 %
#   keeps it at 50 %).
# - `counts`: a dictionary with the number of the 100 `USERS` that each version has answered when
#   the split is 20 % for the new one. Start a router,
#   `tools.Router(behind, {"old": 80, "new": 20}, choose)`, and send a request for each user,
#   `tools.send(router.url, questions, USERS)`. This returns a pandas frame with a column `version`.

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: a rule, and what it does to 100 users.
### STUB counts = ...
### BEGIN SOLUTION
from hashlib import sha256


def choose(user, shares):
    place = int(sha256(user.encode()).hexdigest(), 16) % 100
    return "new" if place < shares["new"] else "old"


with tools.Router(behind, {"old": 80, "new": 20}, choose) as router:
    answers = tools.send(router.url, questions, USERS)
counts = answers["version"].value_counts().to_dict()
print(counts)
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · On a tablet
#
# A tablet in a cellar has Python, but neither Spark nor pandas nor NumPy, and no network. Take the
# model there. This is what the tablet knows of five flats:

# %%
import json
from math import exp
from pathlib import Path

flats = json.loads(questions.to_json(orient="records"))
print(flats[0])

# %% [markdown]
# - `tablet`: the path of a JSON file below `work` that holds `exported`, all of it and nothing else
# - `price_on_tablet(numbers, flat)`: a function that returns the price of one flat in dollars.
#   `numbers` is what `json` reads from such a file, with the same keys as `exported`; a new
#   version of the model will bring other numbers, and perhaps its features in another order. `flat`
#   is a dictionary such as those in `flats`, with `None` for a missing rating. The rules are those
#   of question 3. Take only what comes with Python, and leave `numbers` and `flat` as they are.

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: a file, and a function that needs nothing else.
### STUB tablet = ...
### BEGIN SOLUTION
tablet = f"{work}/tablet.json"
Path(tablet).write_text(json.dumps(exported))


def price_on_tablet(numbers, flat):
    rating = flat["review_scores_rating"]
    values = {
        **flat,
        "rating": numbers["median"] if rating is None else rating,
        "private": flat["room_type"] == "Private room",
        "shared": flat["room_type"] == "Shared room",
    }
    weights = dict(zip(numbers["features"], numbers["weights"], strict=True))
    log_price = numbers["intercept"] + sum(weights[name] * values[name] for name in weights)
    return max(exp(log_price), 10)


numbers = json.loads(Path(tablet).read_text())
print([round(price_on_tablet(numbers, flat), 2) for flat in flats])
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · Which way for whom
#
# Here are waiting times in seconds: 300 single requests to the old version, and 1,000 calls of the
# same model as a function, as it would run on a tablet.

# %%
from course_utils import measure

one = questions.head(1)
rest = measure(lambda: tools.ask(behind["old"], one), 300)
edge = measure(lambda: tools.suggest(exported, one), 1000)
seconds = {"rest": rest.seconds, "edge": edge.seconds}

# %% [markdown]
# - `p50`: a dictionary with the median of both, under `"rest"` and `"edge"`, in seconds
# - `p99`: the same with the 99th percentile, the time that 99 of 100 waits stay below
# - `choice`: a dictionary with the best way for each need, one of `"batch"`, `"stream"`, `"rest"`
#   and `"edge"`:
#   - `"report"`: a table with prices of all ten million listings, read on Monday mornings
#   - `"form"`: a price in half a second, for a host at the keyboard; a new version of the model
#     must reach everybody within the hour
#   - `"cellar"`: a price on a tablet that has no network
#   - `"desk"`: thousands of new listings a day arrive as files, and each needs its price in a
#     table within two minutes

# %% answer="q6"
# TODO q6: three dictionaries.
### STUB p50 = ...
### STUB p99 = ...
### STUB choice = ...
### BEGIN SOLUTION
p50 = {way: np.quantile(waits, 0.5) for way, waits in seconds.items()}
p99 = {way: np.quantile(waits, 0.99) for way, waits in seconds.items()}
choice = {"report": "batch", "form": "rest", "cellar": "edge", "desk": "stream"}
print(pd.DataFrame({"p50": p50, "p99": p99}).to_string())
### END SOLUTION

# %% check="q6"
lab.q6.check()

# %% [markdown]
# ## Where you stand

# %%
lab.summary()

# %% [markdown]
# ## What you know now
#
# - A job that overwrites, or that merges by key, can be run again after a failure.
# - A stream with a checkpoint goes on where it was, in whatever process it is started again.
# - A model behind an endpoint brings its pre- and postprocessing along.
# - A linear model is a few numbers; with them and ten lines of Python it runs anywhere.
# - A split by hash is even, sticky and steady; one by chance is only even.
# - p99 says what the slow ones wait, and the need chooses the way, not the fastest number.
#
# **Check yourself:** in question 3 you logged no signature. Send `questions` without the column
# `bedrooms` to your server: who finds the fault, and what does the app get to read?
#
# **Exam:** batch, streaming and real-time inference; a custom model behind an endpoint; splitting
# traffic between two versions
#
# **Next:** the quiz below.

# %%
from course_utils import ask_quiz

ask_quiz("22")
