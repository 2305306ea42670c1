# %% [markdown]
# # 15 · Feature store
#
# **The question of this notebook:** how does a model get, at the moment that counts, the features
# that it was trained on, and in training none that nobody could have known?
#
# - **Time:** 20 minutes; the lab takes 30 more
# - **You will:** keep features in a catalog that can be searched; see the wrong join look better
#   and be worse; score by keys alone, in a batch and at request time; follow versions and lineage
# - **Before you start:** Delta tables (lesson 02), train and test (lesson 03)
# - **Data:** `riders`, `rider_weeks`, `renewals`: who cancelled the yearly pass of a bike share,
#   and what was known of each rider week by week
# - **Exam objectives:** 2025-5 to 2025-10; 2022-S1

# %%
from pathlib import Path

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import mlflow.pyfunc
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.utils.logging_utils import disable_logging
from pyspark.sql import functions as F
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from course_utils import get_spark, get_truth, load, make_work_dir, measure, set_experiment, show
from course_utils.features import FeatureEngineeringClient, FeatureFunction, FeatureLookup

spark = get_spark("15_feature_store")
experiment = set_experiment("15_feature_store")
disable_logging()  # MLflow's notes on its own progress

# %% [markdown]
# ## The catalog
#
# Today is Monday, 22 April 2024. Decisions after today are kept aside; they will show what a model
# is worth when it is really used.

# %% tags=["nbval-check-output"]
today = "2024-04-22 03:00"
riders, weeks, renewals = load("riders"), load("rider_weeks"), load("renewals")
past = renewals.where(F.col("decided_at") < today)
print(f"{past.count():,} decisions so far, {renewals.count() - past.count():,} to come")

# %% [markdown]
# A rider lives in a neighborhood, `home`, `home_km` kilometers from the next dock, where bikes are
# locked, and pays `yearly_fee` dollars. Each Monday's row tells of the four weeks before. The
# renewal letter offered `offer` percent off; who let the pass lapse has `cancelled` = 1.

# %%
for frame in (riders, weeks, renewals):
    frame.show(2)

# %% [markdown]
# A **feature table** is a Delta table with a primary key. With a time column, it keeps one row per
# key and moment *since which the row was known*: a history, not only the newest state.

# %%
fe = FeatureEngineeringClient(root=make_work_dir("15_feature_store"))
fe.create_table("riders", "rider_id", riders, description="Home and fee of each rider",
                owner="customer-care", tags={"domain": "riders", "personal": "yes"})
known = weeks.where(F.col("known_at") <= today)
entry = fe.create_table("rider_weeks", "rider_id", known, timeseries_columns="known_at",
                        description="Riding in the last four weeks, each Monday",
                        owner="fleet", tags={"domain": "riders"})
print(entry.primary_keys, entry.timestamp_key, entry.features)

# %% [markdown]
# Before you build a feature, look whether a colleague has built it: by words, owner, tag or column.

# %% tags=["nbval-check-output"]
fe.set_tag("rider_weeks", "refresh", "weekly")
for wanted in ({"text": "four weeks"}, {"owner": "customer-care"}, {"tag": ("domain", "riders")},
               {"column": "failed_unlocks"}):
    print(wanted, "→", [table.name for table in fe.search_tables(**wanted)])
print(fe.get_table("rider_weeks").tags)

# %% [markdown]
# On the platform, such tables live in Unity Catalog: one catalog at *account* level, with access
# rights and lineage, for all workspaces. The older store of one *workspace* was seen by nobody
# else. The calls have the same names; `FeatureStoreClient` is the older client.
#
# A write that breaks the table's rules is refused, and nothing of it is kept.

# %% tags=["nbval-check-output"]
try:
    fe.write_table("riders", riders.limit(3).withColumn("home_km", F.col("home_km").cast("string")))
except Exception as error:
    print(error)

# %% [markdown]
# ## What is looked up
#
# A **lookup** names a table, the key to look by, and for a history the column that holds each
# event's time. The offer comes with the renewal letter, so the price after it cannot wait in a
# table: a **function** computes it on demand, in training and at request time by the same code.

# %%
def price_after_offer(yearly_fee, offer):
    """Dollars a year; None for a rider that is not known."""
    return None if yearly_fee is None else yearly_fee * (1 - offer / 100)


fe.register_function("price_after_offer", price_after_offer)
profile = FeatureLookup("riders", "rider_id", feature_names=["home_km", "yearly_fee"])
as_it_was = FeatureLookup("rider_weeks", "rider_id", feature_names=["rides", "failed_unlocks"],
                          timestamp_lookup_key="decided_at")
price = FeatureFunction("price_after_offer", {"yearly_fee": "yearly_fee", "offer": "offer"},
                        output_name="price")

# %% [markdown]
# A **training set** is a recipe: labels, lookups, and what the model must not get. Every fifth
# rider is held back to judge the models by; the mark of it is, like the label, no input.

# %%
marked = past.withColumn("held", F.col("rider_id") % 5 == 0)


def training_set(recent):
    return fe.create_training_set(marked, [profile, recent, price], label=["cancelled", "held"],
                                  exclude_columns=["rider_id", "decided_at", "yearly_fee", "offer"])


training = training_set(as_it_was)

# %% [markdown]
# Keys and times are gone; what is left are the model's inputs, and what is no input:

# %%
seen = {"right join": training.load_df().toPandas()}
inputs = list(training.spec.model_columns)
seen["right join"].head(3)

# %% [markdown]
# ## The wrong join
#
# Many teams have no history, only a table of each rider's newest values, overwritten every Monday.
# It is made quickly, and joins with a key alone:

# %%
newest = fe.read_table("rider_weeks").where(F.col("known_at") == today).drop("known_at", "minutes")
entry = fe.create_table("rider_now", "rider_id", newest, description="Newest, no history")
seen["wrong join"] = training_set(FeatureLookup("rider_now", "rider_id")).load_df().toPandas()

# %% [markdown]
# **Predict:** two models differ in nothing but this join. Which one looks better on riders that it
# was not taught with?

# %% tags=["nbval-check-output"]
def judge(cancelled, chance):
    return {"AUC": roc_auc_score(cancelled, chance), "log loss": log_loss(cancelled, chance)}


models, offline = {}, {}
for name, frame in seen.items():
    taught, held = frame[~frame["held"]], frame[frame["held"]]
    model = LogisticRegression(C=1e6, max_iter=5_000).fit(taught[inputs], taught["cancelled"])
    models[name] = model
    offline[name] = judge(held["cancelled"], model.predict_proba(held[inputs])[:, 1])
print(pd.DataFrame(offline).T.round(2).to_string())

# %% [markdown]
# AUC is 0.5 for guessing and 1 for a perfect order, log loss is better when lower. By these numbers
# everyone would ship the wrong join. Now the coefficients, beside the rule by which the data were
# made:

# %% tags=["nbval-check-output"]
truth = get_truth("renewals")
names = list(truth.coefficients)
learned = {name: dict(zip(inputs, model.coef_[0], strict=True)) for name, model in models.items()}
taught = seen["right join"].loc[~seen["right join"]["held"]]
chance = models["right join"].predict_proba(taught[inputs])[:, 1]
x = np.column_stack([taught[inputs], np.ones(len(taught))])
errors = np.sqrt(np.diag(np.linalg.inv((x.T * chance * (1 - chance)) @ x)))[:-1]
learned["right ±"] = dict(zip(inputs, errors, strict=True))
print(pd.DataFrame({**learned, "truth": truth.coefficients}).loc[names].round(2).to_string())
times = learned["wrong join"]["rides"] / truth.coefficients["rides"]
print(f"{taught['cancelled'].sum()} of {len(taught)} taught riders cancelled; "
      f"in the wrong join, rides are {times:.0f} times as strong as they are")

# %% [markdown]
# Only rides moved. The column ± is the standard error of the right join: with so few who cancelled,
# chance alone can put `home_km` that far from the truth. One rider who cancelled shows what
# happened to rides. `explain_lookup` says which row of which table version gave each feature.

# %%
gone = past.where("cancelled = 1 AND decided_at BETWEEN '2024-03-11' AND '2024-03-13'")
one = gone.orderBy("decided_at").limit(1).cache()
one.show()
reasons = training.explain_lookup(one.first().asDict()).where("table = 'rider_weeks'")
reasons.show(truncate=False)

# %% [markdown]
# The same rider over time, with the rows that the two joins take:

# %%
life = known.join(one, "rider_id").orderBy("known_at").toPandas()
decided = life["decided_at"].iloc[0]
used, last = life[life["known_at"] <= decided].iloc[-1], life.iloc[-1]
fig, ax = plt.subplots()
ax.step(life["known_at"], life["rides"], where="post", color="C2", label="rides in four weeks")
ax.axvline(decided, color="black", linestyle=":", zorder=0, label="the decision")
for row, mark, name in ((used, "oC0", "right join takes"), (last, "XC1", "wrong join takes")):
    ax.plot(row["known_at"], row["rides"], mark, markersize=10, label=name)
ax.set(title=f"Rider {used['rider_id']} before and after cancelling", xlabel="known since (2024)",
       ylabel="rides", ylim=(-0.5, None))
ax.xaxis.set_major_formatter(mdates.DateFormatter("%d %b"))
ax.tick_params(axis="x", rotation=30)
ax.legend()
show(fig, alt=f"Rides in four weeks of one rider over time. At the decision, marked by a dotted "
     f"line, the right join takes {used['rides']} rides; the wrong join takes the last value, "
     f"{last['rides']}.")

# %% [markdown]
# Who has cancelled stops riding: the newest value is a *consequence* of the label. That is a
# **leak**. The point-in-time join takes the newest row not later than the event. If that row says
# null, then null is what was known; no older row is asked.
#
# The store cannot see that `rider_now` has lost its history. What it can see, it refuses:

# %% tags=["nbval-check-output"]
try:
    training_set(FeatureLookup("rider_weeks", "rider_id"))
except Exception as error:
    print(error)

# %% [markdown]
# ## The model, and its lookups with it
#
# `log_model` packs the recipe with the model. Whoever scores needs to know no table and no join.
# (`predict_proba` asks for chances instead of yes and no.)

# %% tags=["nbval-check-output"]
info = fe.log_model(models["right join"], "renewal", flavor=mlflow.sklearn, training_set=training,
                    registered_model_name="15_renewal", pyfunc_predict_fn="predict_proba")
print("a request needs:", info.signature.inputs.required_input_names())

# %% [markdown]
# Seven weeks pass. Each Monday's rows are **merged** into the table: rows whose keys are known are
# updated, others added. Then the decisions of these weeks are scored from keys, times and offers.
# (A feature that the frame brings along is not looked up: its value is used.) Of the two numbers in
# `prediction`, the second is the chance of cancelling.

# %%
fe.write_table("rider_weeks", weeks.where(F.col("known_at") > today))
fresh = renewals.where(F.col("decided_at") >= today)
keys = fresh.drop("cancelled")
scored = fe.score_batch(info.model_uri, keys, result_type="array<double>").toPandas()
print(scored.drop(columns="decided_at").head(3).to_string())

# %% [markdown]
# At each of these moments, a table of newest values would have held the row that is found here. So
# the wrong model can be tried on the same features. **Predict** its AUC.

# %% tags=["nbval-check-output"]
cancelled = scored[["rider_id"]].merge(fresh.toPandas(), on="rider_id")["cancelled"]
leaky = models["wrong join"].predict_proba(scored[inputs])[:, 1]
best = truth.intercept + sum(c * scored[name] for name, c in truth.coefficients.items())
in_use = {"right join": judge(cancelled, np.stack(scored["prediction"])[:, 1]),
          "wrong join": judge(cancelled, leaky), "truth": judge(cancelled, 1 / (1 + np.exp(-best)))}
print(pd.DataFrame(in_use).T.round(2).to_string())

# %%
both = pd.DataFrame({"offline, on held-out riders": {n: r["AUC"] for n, r in offline.items()},
                     "really used": {n: r["AUC"] for n, r in in_use.items()}}).loc[list(seen)]
ax = both.T.plot(style=["o-", "X--"], xticks=[0, 1], ylim=(0.45, 1), markersize=9,
                 ylabel="AUC (0.5 is guessing)", title="The same two models, before and in use")
ax.axhline(in_use["truth"]["AUC"], color="black", linestyle=":", label="the truth, in use")
ax.legend()
told = "; ".join(f"{name} from {a:.2f} to {b:.2f}" for name, (a, b) in both.T.items())
show(ax, alt=f"AUC of both models offline and when really used: {told}. "
     f"A dotted line at {in_use['truth']['AUC']:.2f} is the best possible.")

# %% [markdown]
# The right join keeps its word and comes near the truth, which no model can beat but by luck. The
# wrong one loses what it seemed to know: at the moment of the decision nobody had stopped riding.
#
# ## At request time
#
# A batch can wait for a join, a web page cannot. An **online store** holds the newest row of each
# key, ready to be fetched; the *offline* tables keep the history for training and batches.

# %% tags=["nbval-check-output"]
for name in ("riders", "rider_weeks"):
    fe.publish_table(name)
print(fe.lookup_online("rider_weeks", [{"rider_id": 7}, {"rider_id": 999_999}]))

# %% [markdown]
# The packed model looks there by itself. Its request names a rider and an offer, so one may ask
# what an offer would change:

# %% tags=["nbval-check-output"]
served = mlflow.pyfunc.load_model(info.model_uri)
request = pd.DataFrame({"rider_id": [7, 7], "offer": [0, 30]})
chances = served.predict(request)[:, 1]
print(f"no offer: {chances[0]:.2f}, 30 % off: {chances[1]:.2f}")

# %% [markdown]
# `mlflow models serve` puts the same behind a REST address. How long does one lookup take?

# %%
table = fe.read_table("rider_weeks").where("rider_id = 7")
online = measure(lambda: fe.lookup_online("rider_weeks", [{"rider_id": 7}]), repeats=100)
offline_read = measure(table.collect, repeats=3)
for place, took in (("online", online), ("offline", offline_read)):
    print(f"{place:8} {1000 * took.median:7.2f} ms (median of {took.n})")

# %% [markdown]
# Both are calls within one machine; across a network, a lookup takes milliseconds.
#
# ## Versions, and skew
#
# A new dock opens in Saltmarsh: nobody there has more than 0.3 km to go. The merge brings one
# column; the others stay. **Predict:** do the training set, the online store and a batch see it?

# %% tags=["nbval-check-output"]
near = F.least(F.col("home_km"), F.lit(0.3)).alias("home_km")
fe.write_table("riders", riders.where("home = 'Saltmarsh'").select("rider_id", near))
for version in (0, 1):
    there = fe.read_table("riders", as_of=version).where("home = 'Saltmarsh'")
    print(f"version {version}: {there.agg(F.avg('home_km')).first()[0]:.2f} km on average")
print(fe.check_online_offline("riders", sample=2_000))

# %% [markdown]
# A batch reads the new version, the online store still has the old one: that is **skew**, and it is
# found by comparing. Publishing again ends it:

# %% tags=["nbval-check-output"]
fe.publish_table("riders")
print(fe.check_online_offline("riders", sample=2_000))

# %% [markdown]
# A training set stays at the versions it was made from, and `as_of` makes a new one from them:

# %% tags=["nbval-check-output"]
again = fe.create_training_set(past, [profile], label=None, as_of={"riders": 0})
now = fe.create_training_set(past, [profile], label=None)
for name, made in (("the old one", training), ("as of version 0", again), ("as it is now", now)):
    print(f"{name:15} {[(join.table, join.version) for join in made.spec.joins]}")

# %% [markdown]
# ## Lineage
#
# Fleet wants to count failed unlocks in another way. Whom must they ask? *Upstream* is what feeds a
# table, *downstream* what uses it. The store sees which files a frame was read from, so it knows
# that `rider_now` was made from what `read_table` gave.

# %% tags=["nbval-check-output"]
line = fe.lineage("rider_weeks", "failed_unlocks")
print("made from:   ", [Path(source).name for source in line.sources])
print("tables of it:", line.feeds)
print("models of it:", {(use.registered_as or "").partition("/")[0] for use in line.models})

# %% [markdown]
# ## When it is the wrong tool
#
# pandas has a point-in-time join as well. **Predict:** which is faster on these rows, and do both
# find the same?

# %%
history, events = known.toPandas().sort_values("known_at"), past.toPandas()


def plain():
    return pd.merge_asof(events.sort_values("decided_at"), history, left_on="decided_at",
                         right_on="known_at", by="rider_id")


recipe = fe.create_training_set(past, [as_it_was], label="cancelled")
columns = ["rides", "failed_unlocks"]
ours = recipe.load_df().toPandas().set_index("rider_id")[columns]
theirs = plain().set_index("rider_id")[columns]
print("same features for each rider:", (ours == theirs.loc[ours.index]).all(axis=None))
print("pandas:", measure(plain), "| store:", measure(lambda: recipe.load_df().toPandas()))

# %% [markdown]
# One model, one table that fits in memory, scored in one place: then a join in the notebook is
# faster and simpler, and a store is one more thing to run. Nor does it help with features that
# arrive with the request anyway. It pays when features are shared, have a history, or must be the
# same in training, in batches and at request time. It makes the right join easy; it cannot know
# when a row was *really* known. That is yours to say, and the lab is about it.
#
# ## What you know now
#
# - Feature tables have keys, a time, an owner and tags; search before you build.
# - The wrong join showed the better number offline and was worse in use: the newest values were
#   consequences of the label. A point-in-time join takes what was known at the event.
# - A model with its lookups scores from keys: in a batch from tables, at a request from the online
#   store, which has to be published again when a table changes.
# - Versions keep a training set as it was; lineage says whom a change concerns.
#
# **Check yourself:** a table is refreshed every night and stamped with the midnight at which that
# day *began*. Which joins does that spoil?
#
# **Next:** the lab, where you build features, score by key and catch a leak.
