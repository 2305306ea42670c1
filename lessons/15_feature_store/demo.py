# %% [markdown]
# # 15 · Feature store
#
# A bike share sells yearly passes. Each Monday, a program writes down how often each rider rode in
# the last four weeks. When a pass ends, the rider gets a letter, and renews or cancels. The company
# wants to know beforehand who will cancel. Here is one rider who did:

# %%
from pyspark.sql import functions as F

from course_utils import get_spark, helpers, load

spark, draw = get_spark("15_feature_store"), helpers("15")
riders, weeks, renewals = map(load, ("riders", "rider_weeks", "renewals"))

# %%
march = "decided_at BETWEEN '2024-03-11' AND '2024-03-13'"
gone = renewals.where("cancelled = 1").where(march)
one = gone.orderBy("decided_at").limit(1).cache()
seen = weeks.where("known_at <= '2024-04-22 03:00'")
life = seen.join(one, "rider_id").orderBy("known_at").toPandas()
draw.rider(life)

# %% [markdown]
# This rider used the bikes a lot, cancelled, and then of course stopped. Most teams keep only the
# newest value of each feature, in a table that is overwritten every Monday. In such a table this
# rider has the last value of the staircase. A model that learns from it finds a wonderful rule:
# people who do not ride cancel.
#
# The rule is useless. On the day when it counts, nobody has stopped riding yet. And the model's
# score will not tell you.
#
# **The question of this notebook:** how does a model get, at the moment that counts, the features
# that it was trained on, and in training none that nobody could have known?
#
# - **Time:** 35 minutes; the lab takes 30 more
# - **Before you start:** Delta tables (lesson 02), train and test (lesson 03), models in MLflow
#   (lesson 08)
# - **Data:** `riders`, `rider_weeks`, `renewals`: who cancelled the yearly pass, and what was known
#   of each rider week by week
#
# A **feature store** is a place for features that several models share. It has two sides:
#
# ```mermaid
# flowchart LR
#     sources["rides, riders"] -->|"write, each Monday"| offline["offline tables:<br/>Delta"]
#     offline -->|"point-in-time join"| training["training set"] --> model["model + its lookups"]
#     offline -->|"join"| batch["batch: keys in,<br/>predictions out"]
#     offline -->|publish| online["online store:<br/>newest row of each key"]
#     online -->|"lookup by key"| request["request: key in,<br/>prediction out"]
#     model --> batch
#     model --> request
# ```
#
# The *offline* tables keep the history, for training and for batches. The *online* store holds the
# newest row of each key, for requests that cannot wait. And the model knows by itself what to look
# up. We go through the picture from left to right.
#
# ## The catalog
#
# Today is Monday, 22 April 2024. We keep all decisions after today aside. They will show what a
# model is worth when it is really used.

# %% tags=["nbval-check-output"]
today = "2024-04-22 03:00"
past = renewals.where(F.col("decided_at") < today)
to_come = renewals.where(F.col("decided_at") >= today)
print(f"{past.count():,} decisions so far, {to_come.count():,} to come")

# %%
for frame in (riders, weeks, renewals):
    frame.show(2)

# %% [markdown]
# A rider lives in a neighborhood (`home`), `home_km` kilometers from the next dock, and pays
# `yearly_fee` dollars. The renewal letter has offered `offer` percent off, and `cancelled` is 1 if
# the rider let the pass end.
#
# A **feature table** is a Delta table with a primary key. If a time column is among its keys and
# named as such, the table keeps one row per rider and moment *since which the row was known*. That
# is a history, and not only the newest state:

# %%
from course_utils import make_work_dir
from course_utils.features import FeatureEngineeringClient

fe = FeatureEngineeringClient(root=make_work_dir("15_feature_store"))
entry = fe.create_table("riders", "rider_id", riders, owner="customer-care",
                        description="Home and fee of each rider",
                        tags={"domain": "riders", "personal": "yes"})

# %% [markdown]
# `create_table` takes a name, the primary key, and a frame with the first rows; everything that is
# neither key nor time is a feature. Riders have no history here. Their weeks have one:

# %% tags=["nbval-check-output"]
known = weeks.where(F.col("known_at") <= today)
entry = fe.create_table("rider_weeks", ["rider_id", "known_at"], known,
                        timeseries_columns="known_at", owner="fleet",
                        description="Riding in four weeks, each Monday",
                        tags={"domain": "riders"})
print("features:", entry.features, "- time:", entry.timestamp_key)

# %% [markdown]
# Description, owner and tags are there to be found by. Before you build a feature, look whether a
# colleague has built it:

# %% tags=["nbval-check-output"]
for wanted in ({"text": "four weeks"}, {"owner": "customer-care"},
               {"tag": ("domain", "riders")}, {"column": "home_km"}):
    found = [table.name for table in fe.search_tables(**wanted)]
    print(f"{next(iter(wanted)):7} {found}")

# %% [markdown]
# The four searches go by words of the description, by owner, by tag and by the name of a column.
# (`set_tag` adds a tag later, `delete_tag` takes one away.)
#
# A table that many use must not break. If a write does not fit its columns, it is refused as a
# whole:

# %% tags=["nbval-check-output"]
try:
    fe.write_table("riders", riders.selectExpr("rider_id", "'near' home_km"))
except Exception as error:
    print(error)

# %% [markdown]
# ## What is looked up
#
# A **lookup** names a table and the column that holds the key. For a table with a history, it also
# names the column with the time of each event:

# %%
from course_utils.features import FeatureFunction, FeatureLookup

profile = FeatureLookup("riders", "rider_id",
                        feature_names=["home_km", "yearly_fee"])
as_it_was = FeatureLookup("rider_weeks", "rider_id",
                          feature_names=["rides", "failed_unlocks"],
                          timestamp_lookup_key="decided_at")

# %% [markdown]
# One feature cannot wait in a table. The price after the offer depends on the offer, and that comes
# with the letter. So a **function** computes it on demand, with the same code in training and at
# request time:

# %%
def price_after_offer(yearly_fee, offer):
    """Dollars a year; None for a rider who is not known."""
    return None if yearly_fee is None else yearly_fee * (1 - offer / 100)

fe.register_function("price_after_offer", price_after_offer)
price = FeatureFunction("price_after_offer", output_name="price",
                        input_bindings={"yearly_fee": "yearly_fee",
                                        "offer": "offer"})

# %% [markdown]
# A **training set** is a recipe: the events with their labels, the lookups, and what the model must
# not see. Every fifth rider is held back, to judge the models with; the mark for that is no input,
# so we list it with the label.

# %%
marked = past.withColumn("held", F.col("rider_id") % 5 == 0)
HIDDEN = ["rider_id", "decided_at", "yearly_fee", "offer"]

def training_set(recent):
    return fe.create_training_set(marked, [profile, recent, price],
                                  label=["cancelled", "held"],
                                  exclude_columns=HIDDEN)

# %% [markdown]
# The recipe with the history:

# %%
training = training_set(as_it_was)
rows = {"point-in-time": training.load_df().toPandas()}
inputs = list(training.spec.model_columns)
rows["point-in-time"].head(3)

# %% [markdown]
# `load_df` does the joins. Keys and times are gone, and what is left are the label, the mark and
# the four inputs of the model. For each decision, `rides` and `failed_unlocks` are those of the
# newest row that was known at `decided_at`. That is a **point-in-time join**.
#
# ## The latest-value join
#
# Now we do what the teams without a history do. Their table has the newest row of each rider, and
# joins by the key alone:

# %%
newest = fe.read_table("rider_weeks").where(F.col("known_at") == today)
fe.create_table("rider_now", "rider_id", newest.drop("known_at", "minutes"),
                description="Newest values, no history")
latest = training_set(FeatureLookup("rider_now", "rider_id"))
rows["latest-value"] = latest.load_df().toPandas()

# %% [markdown]
# **Predict:** we fit a logistic regression to each of the two training sets. They differ in nothing
# but this join. Which one looks better on the riders that were held back?

# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

# %% [markdown]
# We judge a model by two numbers. AUC is 0.5 for guessing and 1 for a perfect order of the riders.
# For the log loss, lower is better.

# %%
def judge(cancelled, chance):
    return {"AUC": roc_auc_score(cancelled, chance),
            "log loss": log_loss(cancelled, chance)}

# %% tags=["nbval-check-output"]
models, offline = {}, {}
for name, table in rows.items():
    taught, held = table[~table["held"]], table[table["held"]]
    model = LogisticRegression(C=1e6, max_iter=5_000)
    models[name] = model.fit(taught[inputs], taught["cancelled"])
    chance = model.predict_proba(held[inputs])[:, 1]
    offline[name] = judge(held["cancelled"], chance)
print(pd.DataFrame(offline).T.round(2).to_string())

# %% [markdown]
# By these numbers, everybody would ship the second model. The riders that judge it were held back,
# as they should be. That does not help: their features come from the same table.
#
# The data are generated, so we know the rule behind them. Here are the coefficients of both models,
# beside the truth:

# %% tags=["nbval-check-output"]
from course_utils import get_truth

truth = get_truth("renewals")
learned = {name: pd.Series(model.coef_[0], index=inputs)
           for name, model in models.items()}
learned["truth"] = pd.Series(truth.coefficients)
table = pd.DataFrame(learned).loc[list(truth.coefficients)]
print(table.round(2).to_string())

# %% [markdown]
# Look at the first row. The latest-value model believes that rides keep people from cancelling
# more than ten times as strongly as they do. The others are near the truth, as far as so few
# cancellations allow (the coefficient of `home_km` has a standard error of about 0.13). It is the
# rider of the first picture, many times over:

# %%
draw.joins(life)

# %% [markdown]
# The newest value is a *consequence* of the label, so it is a **leak**. You can ask the store which
# row gave a value, and why:

# %%
why = training.explain_lookup(one.first().asDict())
why.where("table = 'rider_weeks'").show(truncate=False)

# %% [markdown]
# `row_time` is not later than the decision, and `version` is the version of the Delta table. If
# that newest row says NULL, then NULL is what was known. No older row is asked.
#
# The store cannot see that `rider_now` has lost its history. What it can see, it refuses:

# %% tags=["nbval-check-output"]
try:
    training_set(FeatureLookup("rider_weeks", "rider_id"))
except Exception as error:
    print(error)

# %% [markdown]
# **Exercise 1.** `FeatureLookup` also takes `lookback_window=timedelta(days=3)`. Decisions fall on
# any day of the week. What will the lookup give for a decision on a Saturday, and why would you
# want that?
#
# <details><summary>Answer</summary>
#
# NULL. The newest row is from Monday, five days before, and a row older than the window does not
# count. You would want it for features that are worthless when they are old, such as the
# temperature an hour ago: rather no value than a stale one.
# </details>
#
# ## The model, and its lookups with it
#
# `log_model` packs the recipe of the training set together with the model. To score, you need to
# know no table and no join. (`predict_proba` asks for chances instead of yes and no.)

# %% tags=["nbval-check-output"]
import mlflow.sklearn

from course_utils import set_experiment

set_experiment("15_feature_store")
info = fe.log_model(models["point-in-time"], "renewal",
                    flavor=mlflow.sklearn, training_set=training,
                    registered_model_name="15_renewal",
                    pyfunc_predict_fn="predict_proba")
print("a request needs:", info.signature.inputs.required_input_names())

# %% [markdown]
# A key and an offer are all that a request needs. Seven weeks pass. Each Monday's rows are
# **merged** into the table: rows with keys that are known are updated, and the others are added.

# %%
fe.write_table("rider_weeks", weeks.where(F.col("known_at") > today))

# %% [markdown]
# And now the decisions of these weeks are scored. The frame holds keys, times and offers, and no
# feature:

# %%
keys = to_come.drop("cancelled")
scored = fe.score_batch(info.model_uri, keys,
                        result_type="array<double>").toPandas()
scored.drop(columns="decided_at").head(3)

# %% [markdown]
# `score_batch` has looked up the rest. Of the two numbers in
# `prediction`, the second one is the chance of cancelling. (If the frame brings a feature along,
# its value is used and not looked up.)
#
# At each of these moments, a table of newest values would have held the row that was found here. So
# we can try the other model on the same features.
#
# **Predict:** its AUC was the better one. What is it now?

# %%
import numpy as np

true = to_come.toPandas().set_index("rider_id")["cancelled"]
true = true.loc[scored["rider_id"]]

# %% [markdown]
# `true` says who has really cancelled, in the order of the scored rows. The chances of both models:

# %%
chances = {"point-in-time": np.stack(scored["prediction"])[:, 1],
           "latest-value": models["latest-value"]
           .predict_proba(scored[inputs])[:, 1]}

# %% [markdown]
# We add the best possible model, the truth itself, to know what can be reached:

# %% tags=["nbval-check-output"]
score = truth.intercept + sum(c * scored[n]
                              for n, c in truth.coefficients.items())
chances["truth"] = 1 / (1 + np.exp(-score))
in_use = {name: judge(true, chance) for name, chance in chances.items()}
print(pd.DataFrame(in_use).T.round(2).to_string())

# %%
draw.before_and_in_use(offline, in_use)

# %% [markdown]
# The model of the point-in-time join keeps its word, and comes as near to the truth as a model can.
# The other one falls to little more than guessing. So what? A leak does not make a model a bit
# worse. It makes a good score out of nothing, and you find out in production.
#
# ## At request time
#
# A batch can wait for a join. A web page cannot. `publish_table` copies the newest row of each key
# into the online store:

# %%
for name in ("riders", "rider_weeks"):
    fe.publish_table(name)

# %% [markdown]
# Now a row can be fetched by its key:

# %% tags=["nbval-check-output"]
wanted = [{"rider_id": 7}, {"rider_id": 999_999}]
for row in fe.lookup_online("rider_weeks", wanted):
    print(row)

# %% [markdown]
# A known rider gives a row, an unknown one `None`. The packed model looks there by itself. A
# request names a rider and an offer, so you can ask what an offer would change:

# %% tags=["nbval-check-output"]
served = mlflow.pyfunc.load_model(info.model_uri)
request = pd.DataFrame({"rider_id": [7, 7], "offer": [0, 30]})
chances = served.predict(request)[:, 1]
print(f"no offer: {chances[0]:.2f}, 30 % off: {chances[1]:.2f}")

# %% [markdown]
# The offer changes the price, and the function computes it from the fee in the online store and the
# offer in the request. `mlflow models serve` puts the same model behind a REST address (lesson 22).
#
# How long does one lookup take?

# %%
from course_utils import measure

rider_7 = fe.read_table("rider_weeks").where("rider_id = 7")
key = [{"rider_id": 7}]
online = measure(lambda: fe.lookup_online("rider_weeks", key), repeats=100)
from_delta = measure(rider_7.collect, repeats=5)
for place, took in (("online", online), ("Delta", from_delta)):
    print(f"{place:6} {1000 * took.median:7.2f} ms (median of {took.n})")

# %% [markdown]
# The online store is far ahead, because it goes straight to one row, while Spark plans a query and
# reads files. Both are on your machine here; across a network, a lookup takes some milliseconds
# more.
#
# ## Versions, and skew
#
# A new dock opens in Saltmarsh. From now on nobody there has more than 0.3 km to go. The merge
# brings one column only; the others stay as they are.

# %% tags=["nbval-check-output"]
here = "home = 'Saltmarsh'"
near = F.least(F.col("home_km"), F.lit(0.3)).alias("home_km")
fe.write_table("riders", riders.where(here).select("rider_id", near))
for version in (0, 1):
    there = fe.read_table("riders", as_of=version).where(here)
    km = there.agg(F.avg("home_km")).first()[0]
    print(f"version {version}: {km:.2f} km on average")

# %% [markdown]
# Each write makes a new version, and `as_of` reads an old one.
#
# **Predict:** does the online store know about the new dock? `check_online_offline` compares both
# sides, key by key.

# %% tags=["nbval-check-output"]
print(fe.check_online_offline("riders", sample=2_000))
fe.publish_table("riders")
print(fe.check_online_offline("riders", sample=2_000))

# %% [markdown]
# Before the second `publish_table`, a batch used the new distances and a request the old ones. The
# same rider, the same model, two predictions: that is **skew**. Publish after each write.
#
# And the training set? It stays at the versions that it was made from, and `as_of` makes a new one
# from them:

# %% tags=["nbval-check-output"]
old = fe.create_training_set(past, [profile], None, as_of={"riders": 0})
new = fe.create_training_set(past, [profile], None)
for name, made in (("training", training), ("as of 0", old), ("now", new)):
    print(f"{name:9} {[(j.table, j.version) for j in made.spec.joins]}")

# %% [markdown]
# ## Lineage
#
# The fleet team wants to count failed unlocks in another way. Whom must it ask? *Upstream* of a
# table is what it was made from, and *downstream* is what uses it:

# %% tags=["nbval-check-output"]
from pathlib import Path

line = fe.lineage("rider_weeks", "failed_unlocks")
print("made from:   ", [Path(source).name for source in line.sources])
print("tables of it:", line.feeds)
print("models of it:", {(u.registered_as or "").split("/")[0]
                         for u in line.models})

# %% [markdown]
# The store sees which files a frame was read from. So it knows that `rider_now` was made from what
# `read_table` gave, and that the registered model `15_renewal` reads `failed_unlocks`. Both have
# owners, and they must be asked.
#
# ## When it is the wrong tool
#
# pandas has a point-in-time join as well, `merge_asof`.
#
# **Predict:** which is faster on these rows? And do both find the same?

# %%
history = known.toPandas().sort_values("known_at")
events = past.toPandas().sort_values("decided_at")

def plain():
    return pd.merge_asof(events, history, left_on="decided_at",
                         right_on="known_at", by="rider_id")

# %% [markdown]
# `merge_asof` takes two frames in the order of time, and joins each event with the last row of its
# rider before it. Now the same features from the store, and both side by side:

# %% tags=["nbval-check-output"]
recipe = fe.create_training_set(past, [as_it_was], label="cancelled")
features = ["rides", "failed_unlocks"]
ours = recipe.load_df().toPandas().set_index("rider_id")[features]
theirs = plain().set_index("rider_id")[features].loc[ours.index]
print("same features for each rider:", (ours == theirs).all(axis=None))

# %%
print("pandas:", measure(plain, repeats=5))
print("store: ", measure(lambda: recipe.load_df().toPandas(), repeats=5))

# %% [markdown]
# The results are equal, and pandas is much faster. If you have one model and one table that fits in
# memory, scored in one place, then a join in the notebook is simpler, and a store is one more thing
# to run. Nor does a store help with features that arrive with the request anyway.
#
# It pays when features are shared, when they have a history, or when they must be the same in
# training, in batches and at request time. And there is one thing that it cannot know: since when a
# row was *really* known. That is for you to say, and the lab is about it.
#
# **Exercise 2.** Somebody fills `known_at` with the midnight at which each day *begins*, in a table
# that is computed in the evening. What will the point-in-time join do wrong?
#
# <details><summary>Answer</summary>
#
# For an event at noon it takes the row of the same day, which holds the afternoon, too. The join is
# correct, and the time is not. So it leaks again. The row must carry the moment at which it could
# be read.
# </details>
#
# ## On Databricks
#
# > - Feature tables are tables in Unity Catalog with a primary key. They are governed there, and
# >   can be used from all workspaces that are attached to the same metastore. The calls are those
# >   of this lesson: `FeatureEngineeringClient` of `databricks-feature-engineering`. But there you
# >   must name the arguments, as in `create_table(name=…, primary_keys=…, df=…)`. Here you may.
# > - The older store of one workspace (`FeatureStoreClient`) is deprecated, and workspaces created
# >   since 19 August 2024 do not have it.
# > - The time column must be among the primary keys, as here.
# > - `write_table` knows the mode `merge` only.
# > - Online tables have been replaced by online feature stores; there, publishing can also follow a
# >   table continuously.
#
# ## What you know now
#
# - Feature tables have keys, a time, an owner and tags. Search before you build.
# - The latest-value join showed the better number and was worthless in use: the newest values were
#   consequences of the label. A point-in-time join takes what was known at the event.
# - A model with its lookups scores from keys: in a batch from the tables, at a request from the
#   online store, which has to be published again when a table changes.
# - Versions keep a training set as it was. Lineage says whom a change concerns.
#
# **Check yourself:** your model scores 0.95 on rows held back, and all its features come from a
# table that is overwritten every night. What do you ask before you ship it?
#
# <details><summary>Answer</summary>
#
# When was each value known? A table that is overwritten keeps only the newest values, so rows of
# last year were joined with what was written last night, perhaps after the event that the model
# predicts. Ask for the history of the table, with a time column among its keys, make the training
# set again with a point-in-time join, and look at the score once more.
# </details>
#
# **Exam:** feature tables in Unity Catalog and in a workspace compared; creating a feature table,
# writing to it, training and scoring with its features; online and offline feature tables.
#
# **Next:** the lab, where you build features, score by key and catch a leak.
