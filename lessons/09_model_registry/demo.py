# %% [markdown]
# # 09 · Model registry
#
# It is Monday morning, and Noor is on call for a site that suggests prices to hosts. The first
# message comes from a host: "On Friday you told me what to ask for my flat. Today you tell me
# much less. The flat has not changed. Which price is right?"
#
# Noor looks at the server. It takes its model from a folder, and there are three files in it.

# %%
from course_utils import get_spark, helpers, load_split, make_work_dir

spark = get_spark("09_model_registry")
train, test = load_split("listings")

# %% [markdown]
# You know `get_spark` and `load_split` from lesson 06. `make_work_dir` gives us an empty folder,
# and `helpers("09")` loads the functions that draw the pictures of this lesson. The first one
# makes Noor's folder, and asks each file for the price of the host's flat: four guests, two
# bedrooms, one bathroom.

# %%
work = make_work_dir("09_model_registry")
draw = helpers("09")
draw.folder(train, work)

# %% [markdown]
# At least she knows now where the two prices come from. But what is in `model_new.pkl`? Which
# data did it learn from, with which code? Who put it there, and did anybody agree? The name of a
# file does not tell. A *model registry* does.
#
# **The question:** which model answers right now, where does it come from, and who decided that?
#
# - **Time:** 50 minutes
# - **Before you start:** runs, metrics and logged models (lesson 08); versions of a Delta table
#   (lesson 02)
# - **Data:** `listings`, places to rent in one city, one row each, with the price per night
#
# We build the registry that Noor's team should have had. Then we let the same accident happen
# again, and see how long it stays hidden.
#
# ## Data that has a version
#
# You can trace a model back to its data only if the data can be named. So the listings go into a
# Delta table. It gets a new version with each write, and the old versions stay readable. We write
# one half of the training rows first, and then the other, as if it came a month later.

# %% tags=["nbval-check-output"]
table = f"{work}/listings"
for half in draw.halves(train):
    half.write.format("delta").mode("append").save(table)
    print(f"{spark.read.format('delta').load(table).count():,} rows")

# %% [markdown]
# The first line of the output is version 0 of the table, the second line is version 1. Each row
# has six columns of numbers, as in lesson 06, a flag that is 1 for an entire home, and the price.
#
# ## From a run to a version
#
# Now the training code. It is one function, because we will run it several times: on this table
# and on another one, before and after the accident.

# %%
import inspect

import mlflow
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error as rmse

COLUMNS = draw.COLUMNS
batch = draw.numbers(test).toPandas()  # about a thousand rows


# %%
def learn(table, data_version, columns, name):
    data = mlflow.data.load_delta(table, version=str(data_version))
    rows = data.df.toPandas()  # a few thousand rows
    model = LinearRegression().fit(rows[columns], rows["price"])
    with mlflow.start_run(run_name=f"{len(columns)} columns"):
        mlflow.log_input(data, context="training")
        log_facts(model, columns, rows)
        return register(model, columns, name)


# %% [markdown]
# Line by line: `load_delta` reads the version of the table that we ask for, and remembers which
# one it was. The rows fit in memory, so the model is a linear regression of scikit-learn. Inside
# the run, `log_input` notes the table with its version. This is the link from a run to its data.
#
# `log_facts` logs parameters and the RMSE on the test rows. It also logs *the text of the
# function*, and this is the link from a run to its code:

# %%
def log_facts(model, columns, rows):
    error = rmse(batch["price"], model.predict(batch[columns]))
    mlflow.log_params({"columns": len(columns), "rows": len(rows)})
    mlflow.log_metric("rmse", error)
    mlflow.log_text(inspect.getsource(learn), "learn.py")


# %% [markdown]
# (In a script from a Git repository MLflow also tags the run with the commit,
# `mlflow.source.git.commit`. A function in a notebook has no commit, so we log its text.)
#
# `register` logs the model, as in lesson 08. What is new is `registered_model_name`: it makes a
# version in the registry, and the function returns its number.

# %%
def register(model, columns, name):
    logged = mlflow.sklearn.log_model(
        model, name="model", registered_model_name=name,
        input_example=batch[columns].head(1), pip_requirements=draw.NEEDS)
    return str(logged.registered_model_version)


# %% [markdown]
# From `input_example`, one row, MLflow finds out the *signature*: the names and types of the
# columns that the model wants. `pip_requirements` lists the packages that it needs. If we left it
# out, MLflow would load each model in a new process to find out, which takes some seconds.
#
# **Predict:** we call `learn` twice with the same name. Does the second model replace the first?

# %% tags=["nbval-check-output"]
from course_utils import set_experiment

NAME = "prod.pricing.nightly"
set_experiment("09_model_registry")
draw.start_anew(NAME, "dev.pricing.nightly")
first = learn(table, 0, ["bedrooms"], NAME)
second = learn(table, 1, COLUMNS, NAME)
print(f"{NAME} has the versions {first} and {second}")

# %% [markdown]
# (`start_anew` removes what an earlier run of this notebook has left in the registry.)
#
# Nothing is replaced. A *registered model* is a name, and under it are *versions*, counted from 1.
# A version never changes: it points to one logged model of one run. What may change are the labels
# on it. The most important label is the *alias*, a name that points to a version.
#
# ```mermaid
# flowchart LR
#     data["table listings,<br/>version 1"] -->|log_input| run["run: RMSE,<br/>learn.py"]
#     run -->|log_model| model["logged model:<br/>files, signature"]
#     model -->|register| v2["version 2"]
#     challenger(["alias challenger"]) -.-> v2
#     site["the site"] --> champion(["alias champion"])
#     champion -.-> v1["version 1"]
# ```
#
# In words: a run reads a version of a table and logs a model. Registering makes a version of it.
# An alias points to a version, and the site knows only the alias.
#
# ## What is there?
#
# In half a year there will be twenty models. To find the right one, describe it and tag it. A
# *description* is a sentence for people. A *tag* is a key with a value, for people and programs.
# Both can be put on the registered model, and on a single version.

# %%
client = mlflow.MlflowClient()
client.update_registered_model(NAME, description="Price of a night, in $")
client.update_model_version(NAME, second, description="Six columns")
client.set_registered_model_tag(NAME, "team", "pricing")

# %% [markdown]
# On the versions we put a tag for a review that is still open. Then somebody reviews version 2, so
# its tag gets another value. Version 1 needs no review any more, and its tag is removed:

# %% tags=["nbval-check-output"]
for version in (first, second):
    client.set_model_version_tag(NAME, version, "review", "open")
client.set_model_version_tag(NAME, second, "review", "done")
client.delete_model_version_tag(NAME, first, "review")
for version in (first, second):
    print(version, client.get_model_version(NAME, version).tags)

# %% [markdown]
# Models and versions can be searched by name and by tag. `LIKE` with `%` finds a part of a name:

# %% tags=["nbval-check-output"]
print(draw.overview(client.search_registered_models("name LIKE 'prod.%'")))
reviewed = client.search_model_versions(
    f"name = '{NAME}' AND tags.review = 'done'")
print("reviewed:", [found.version for found in reviewed])

# %% [markdown]
# One model with two versions, and one of them is reviewed.
#
# MLflow's own pages show the same. We start MLflow's server, for this machine only; the three
# settings are for webhooks, which come later. Wait some seconds, open the address and click on
# *Model registry*. There is the list, with a search field, and all that we do from here on.

# %%
from cryptography.fernet import Fernet

server = draw.start_server({
    "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https",
    "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
    "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": Fernet.generate_key().decode(),
})
print(server.url)

# %% [markdown]
# **Exercise 1.** Find all models of the team *pricing*. The filter is written like the one for
# versions.
#
# <details><summary>Answer</summary>
#
# `client.search_registered_models("tags.team = 'pricing'")`. It finds the one model that has the
# tag. Values are compared letter by letter, so a team should agree on how it writes them.
# </details>
#
# ## Compare two versions
#
# A version has little to say itself. But it knows its run, and the run knows the rest. `facts`
# collects what matters of one version:

# %%
import pandas as pd


def facts(version):
    run = client.get_run(client.get_model_version(NAME, version).run_id)
    data = mlflow.data.get_source(run.inputs.dataset_inputs[0])
    return {**run.data.params, "rmse": round(run.data.metrics["rmse"], 2),
            "data": draw.named(data)}


# %% [markdown]
# `run.inputs` is what `log_input` wrote. `get_source` makes an object of it, with the path of the
# Delta table and its version, and `draw.named` writes that as one text. A data frame puts two
# versions side by side.
#
# **Predict:** version 2 has the smaller error. Will the comparison tell you why?

# %% tags=["nbval-check-output"]
sides = {version: facts(version) for version in (first, second)}
print(pd.DataFrame(sides).to_string())
gain = sides[first]["rmse"] - sides[second]["rmse"]
print(f"The RMSE of version {second} is smaller by ${gain:.2f}")

# %% [markdown]
# It does not. Two things differ at once, the columns and the data, and either could be the reason.
# So change one thing per version if you want to learn from a comparison. (MLflow's pages compare
# as well: tick two versions of a model and press *Compare*.)
#
# ## Champion and challenger
#
# Which of them should the site use? If its program asks for version 1, somebody has to change the
# program for each new version. If it asks for the newest, every experiment goes live. So it asks
# for an alias. By custom the version in use is called `champion`, and the one that wants to take
# its place is called `challenger`.

# %%
client.set_registered_model_alias(NAME, "champion", first)
client.set_registered_model_alias(NAME, "challenger", second)

# %% tags=["nbval-check-output"]
def suggest(alias):
    model = mlflow.pyfunc.load_model(f"models:/{NAME}@{alias}")
    return f"${model.predict(draw.flat())[0]:.2f}"


print(suggest("champion"), suggest("challenger"))

# %% [markdown]
# `models:/name@alias` is the address of a model. `suggest` is the site's whole program: it loads
# what the alias points to, and predicts the price of the flat. The two answers differ, so it
# matters which version is champion. (Both get the same row. Each model takes the columns of its
# signature out of it.)
#
# An alias is moved by setting it again. The site's program stays as it is:

# %% tags=["nbval-check-output"]
client.set_registered_model_alias(NAME, "champion", second)
print(suggest("champion"))
client.set_registered_model_alias(NAME, "champion", first)
print(suggest("champion"))

# %% [markdown]
# The challenger became champion, and the old champion came back. In the registry there is no
# trace of that: MLflow knows where an alias points now, and not where it pointed before. Keep this
# in mind for the next section.
#
# ### What stages were
#
# In older code, and in older exam questions, you meet *stages* instead of aliases. There were four
# of them, `None`, `Staging`, `Production` and `Archived`, and each version was in one of them. The
# call still works. We catch its warning and print the beginning:

# %% tags=["nbval-check-output"]
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old = client.transition_model_version_stage(NAME, first, "Production")
print("stage:", old.current_stage)
print(draw.beginning(caught, FutureWarning))

# %% [markdown]
# They are deprecated since MLflow 2.9. The reason is that one word had to say three things at
# once. "In Production" could mean that this version answers, or that its checks are done, or that
# it lives where the customers are. And there were only these four words. Now each of the three
# things has its own place:
#
# | what a stage was used for | what we use now |
# |---|---|
# | which version answers | an alias: one version each, any name, as many as you like |
# | how far its checks are | a tag |
# | development or production | two registered models, each with its own permissions |
#
# That is why our model is called `prod.pricing.nightly`: an environment, a topic, a model. In
# MLflow's own registry the dots are just part of the name. On Databricks they are real levels.
#
# ## Who decides?
#
# If you can write to the registry, you can move the champion, alone, at any time. MLflow does not
# ask, and keeps no record. Noor's team wants what banks call *four eyes*: one person asks, another
# person decides, and both leave a comment. `course_utils.registry` adds that to MLflow.
#
# ```mermaid
# flowchart LR
#     ask["request<br/>with a comment"] --> pending{"another person<br/>decides"}
#     pending -->|approve| alias["alias champion<br/>moves"]
#     pending -->|reject| stays["alias stays"]
#     back["roll back"] --> alias
#     alias --> log[("log: who, when,<br/>what, why")]
#     stays --> log
# ```
#
# In words: a request waits until another person approves or rejects it. Only an approval, or a
# roll-back, moves the alias. Everything is written to a log, the request as well.
#
# Ines has trained version 2, and asks that it becomes champion:

# %%
from course_utils.registry import Approvals, RegistryError

approvals = Approvals()
asked = approvals.request(NAME, second, to="champion", by="Ines",
                          comment="six columns instead of one")

# %% [markdown]
# **Predict:** she is sure of it, so she approves it as well. What happens?

# %% tags=["nbval-check-output"]
try:
    approvals.approve(asked.id, by="Ines")
except RegistryError as error:
    print(error)

# %% [markdown]
# She is refused, and the alias is where it was. `asked.id` is the name of the request. Another
# person uses it to decide:

# %% tags=["nbval-check-output"]
done = approvals.approve(asked.id, by="Noor", comment="I checked the RMSE")
print(f"{done.id}: {done.state} by {done.decided_by}")
client.delete_registered_model_alias(NAME, "challenger")
print(client.get_registered_model(NAME).aliases)

# %% [markdown]
# Version 2 is champion. It is a challenger no longer, so we removed that alias. The comments belong
# to the request and to the decision; MLflow's own registry has no field for them.
#
# ## Friday evening
#
# Now the accident. On Friday somebody runs a job on the table. We don't know what it does, and
# neither do Ines and Omar. They only see that the data has a new version. So Ines trains again,
# with the same code, and Omar approves it: it is only fresher data.

# %% tags=["nbval-check-output"]
draw.friday(spark, table)
third = learn(table, 2, COLUMNS, NAME)
asked = approvals.request(NAME, third, by="Ines", comment="fresher data")
approvals.approve(asked.id, by="Omar", comment="same code as before")
print(f"champion is version {third}: {suggest('champion')}")

# %% [markdown]
# This is Monday's low price again, but Monday itself is different, because now Noor can ask.
#
# **First question: who put it there?** `history` is the activity log of a model, with one row for
# each entry:

# %% tags=["nbval-check-output"]
shown = ["activity_type", "user_id", "version", "former", "comment"]
print(approvals.history(NAME)[shown].to_string(index=False))

# %% [markdown]
# The last two rows are Friday's. `former` is the version that was champion before: it was 2, and it
# can be again. (The log has the time of each entry, too. It differs in each run, so we left it
# out.)
#
# **Second question: where does it come from?** The alias leads to the version, the version to its
# run, and the run to its code and its data:

# %%
now = client.get_model_version_by_alias(NAME, "champion")
run = client.get_run(now.run_id)
code = mlflow.artifacts.load_text(f"runs:/{now.run_id}/learn.py")
draw.lineage(now, run, code)

# %% [markdown]
# This chain is called *lineage*. In the box of the code you see the first characters of a hash of
# its text. We compare version 3 with version 2, code and data:

# %% tags=["nbval-check-output"]
earlier = client.get_model_version(NAME, second).run_id
same = code == mlflow.artifacts.load_text(f"runs:/{earlier}/learn.py")
print("the same code:", same)
print(pd.DataFrame({v: facts(v) for v in (second, third)}).to_string())

# %% [markdown]
# The code is the same, and so are the columns and the number of rows. The error is much larger,
# and only the version of the data differs. Delta remembers what made it:

# %% tags=["nbval-check-output"]
from pyspark.sql import functions as F

changes = spark.sql(f"DESCRIBE HISTORY delta.`{table}`")
updated = F.col("operationMetrics")["numUpdatedRows"].alias("updated")
wanted = changes.select("version", "operation", updated, "userMetadata")
wanted.orderBy("version").show(truncate=False)

# %% [markdown]
# There it is. Version 2 of the table is an update with the note "weekly prices to nightly ones";
# `updated` counts the rows that it changed. The job divided the prices of all places with a
# minimum stay of a week by seven. But they had been nightly prices already. Nobody would have
# found this in `model_new.pkl`.
#
# **Third question: how do we get the old model back?** `roll_back` moves the alias to the version
# that held it before. One person may do that alone, because in an accident there is no time to
# look for a second one.

# %% tags=["nbval-check-output"]
back = approvals.roll_back(NAME, by="Noor", comment="wrong prices")
print(f"champion is version {back}: {suggest('champion')}")

# %% [markdown]
# The host has Friday's price back. Nothing was trained or copied for it: the old version was there
# all the time. (The table has to be repaired, too, with `RESTORE` as in lesson 02. Until then we
# train on its version 1, which we can name.)
#
# ### Can you trust the log?
#
# Suppose that Omar would rather not have approved. He has access to the database, and puts
# another name into the log. To try that, we take a copy of the database and change it there:

# %%
import sqlite3

copy = draw.copy_of_registry(work)
with sqlite3.connect(copy) as database:
    database.execute("UPDATE params SET value = replace(value, 'Omar', 'Noor')"
                     " WHERE value LIKE '%APPROVED_REQUEST%'")

# %% tags=["nbval-check-output"]
uri = f"sqlite:///{copy}"
changed = Approvals(mlflow.MlflowClient(uri, uri))
print(changed.history(NAME)["user_id"].tolist())
print("copy:", changed.verify(NAME))
print("original:", approvals.verify(NAME))

# %% [markdown]
# The changed log looks harmless: it says that Noor approved both times. But `verify` finds the
# change. Each entry holds a hash of itself and of the entry before it, so you can't change, remove
# or add one without breaking the chain. The empty list, as for the original, means that nothing is
# wrong. (With access to the whole database one can compute a new chain. If that worries you, keep
# the last hash in another place.)
#
# **Exercise 2.** Move the alias past the log, with
# `client.set_registered_model_alias(NAME, "champion", "1")`, and call `approvals.verify(NAME)`.
# How do you put it right?
#
# <details><summary>Answer</summary>
#
# `verify` says that the champion is version 1, while the last word of the log is version 2. So
# somebody moved it without an approval. `approvals.roll_back(NAME, by=…, comment=…)` puts version
# 2 back, which was approved last, and writes that to the log.
# </details>
#
# ## A check that nobody forgets
#
# Omar could have seen the accident coming: the RMSE of version 3 was in its run. He did not look.
# So let a program look, at each new version. For that, the registry has to call it. The usual way
# is a *webhook*: when something happens, a server sends an HTTP request to an address that you
# have given it.
#
# ```mermaid
# flowchart LR
#     event["event:<br/>new version"] --> mlflow["MLflow's<br/>webhook"]
#     event --> outbox["outbox:<br/>tries again"]
#     mlflow -->|signed| receiver["receiver:<br/>signed? new?"]
#     outbox -->|signed| receiver
#     receiver --> check["check:<br/>against champion"]
#     check --> tag["tag on<br/>the version"]
# ```
#
# In words: an event goes out as a signed request, from MLflow or from an outbox. The receiver
# looks at the signature and runs a check, and the verdict becomes a tag on the version.
#
# Webhooks are sent by MLflow's server, and ours is running since we looked at its pages. Now you
# know what its settings are for. Two of them allow plain HTTP and an address on this machine, which
# MLflow refuses otherwise. The third is a key that encrypts the secrets of webhooks in its
# database.
#
# The other end needs a check. `ChampionCheck` lets a new version and the champion predict the same
# rows, and compares their losses; our loss is the RMSE. Sender and receiver also share a secret,
# so that nobody else can give orders to the receiver.

# %%
import secrets

from course_utils.registry import ChampionCheck, Outbox, Receiver

check = ChampionCheck(batch, batch["price"], rmse)
secret = secrets.token_hex(16)

# %% [markdown]
# (When many versions have been compared on the same rows, the rows are no longer fresh: the winner
# was chosen on them. A team keeps other rows for its last word, as in lesson 03.)
#
# `Receiver` is a small web server that listens as long as its `with` block is open. Inside of it,
# we give its address to MLflow, and register Friday's model once more, as a copy of version 3.
#
# **Predict:** what will the verdict be?

# %% tags=["nbval-check-output"]
remote = mlflow.MlflowClient(server.wait(), server.url)
with Receiver(f"{work}/inbox.db", secret, check) as receiver:
    hook = remote.create_webhook("lesson-09", receiver.url,
                                 ["model_version.created"], secret=secret)
    fourth = remote.copy_model_version(f"models:/{NAME}/{third}", NAME)
    verdict, = draw.wait_for_verdicts(NAME, fourth.version)
print(f"version {fourth.version}: {verdict}")

# %% [markdown]
# `server.wait()` returns the address of the server as soon as it answers. `create_webhook` says
# which events we want, here each new version. The verdict is "not better", with both losses. The
# check would have stopped Friday's model before anybody had to look.
#
# How can the receiver know that a request comes from MLflow? MLflow signs each request: from the
# secret and the text it computes an HMAC, a hash that nobody can make without the secret.

# %% tags=["nbval-check-output"]
import hmac


def sign(key, text):
    return hmac.new(key.encode(), text.encode(), "sha256").hexdigest()[:12]


for key, text in (("key", "version 3"), ("key", "version 4"),
                  ("guess", "version 3")):
    print(sign(key, text), "is", text, "signed with", key)

# %% [markdown]
# Another text or another key gives a hash that has nothing in common with the first. So a request
# that somebody has made up cannot have the right signature:

# %% tags=["nbval-check-output"]
import requests

made_up = {"entity": "model_version", "action": "created", "data": {}}
with Receiver(f"{work}/inbox.db", secret, check) as receiver:
    answer = requests.post(receiver.url, json=made_up, timeout=10)
print(answer.status_code, answer.json())

# %% [markdown]
# The status 401 means *unauthorized*. MLflow signs the time as well, and the receiver refuses what
# is older than five minutes, so nobody can record a request and send it again next week.
#
# If Ines asks for version 4 all the same, Noor has a reason at hand to reject it:

# %% tags=["nbval-check-output"]
asked = approvals.request(NAME, fourth.version, by="Ines", comment="again")
done = approvals.reject(asked.id, by="Noor", comment=verdict)
print(f"{done.id}: {done.state}, {done.reason}")

# %% [markdown]
# ### When the receiver is away
#
# MLflow's webhooks have two gaps. If the receiver does not answer, MLflow tries three more times
# and then gives up. And a version that was registered directly in the database, as our `learn`
# does, makes no event at all, because no server has seen it. An `Outbox` closes both gaps. It
# looks into the registry itself, keeps what is new in a file, and delivers it until somebody has
# taken it.
#
# We remove the webhook and stop the server (`./course mlflow` opens the pages whenever you want).
# Then we make an outbox. The receiver is closed as well, and the outbox knows its address.

# %%
remote.delete_webhook(hook.webhook_id)
server.stop()
outbox = Outbox(f"{work}/outbox.db", receiver.url, secret, pauses=[0.01] * 9)

# %% [markdown]
# `pauses` are the seconds between two tries. Usually they grow, from a second to an hour. The next
# section makes new versions, and the outbox will find them.
#
# ## Promote the model, or promote the code?
#
# Ines works in a development environment. It has a table of its own, with only 200 listings,
# because the data of all customers may not leave production. There she tries a new column, the
# flag for entire homes. How does her work get into production? There are two ways.
#
# **Promote the model:** train it in development, and copy the model into production.

# %%
dev_table = f"{work}/dev_listings"
some = draw.sample(spark, table, version=1, rows=200)
some.write.format("delta").save(dev_table)
set_experiment("09_model_registry_dev")
SEVEN = [*COLUMNS, "entire_home"]
dev = learn(dev_table, 0, SEVEN, "dev.pricing.nightly")

# %% tags=["nbval-check-output"]
client.set_registered_model_alias("dev.pricing.nightly", "candidate", dev)
copied = client.copy_model_version(
    "models:/dev.pricing.nightly@candidate", NAME).version
print(f"dev.pricing.nightly {dev} is now {NAME} {copied}")

# %% [markdown]
# `copy_model_version` makes a version of one registered model from a version of another one. It
# trains nothing. The copy belongs to the run in the development experiment.
#
# **Promote the code:** review and test Ines's function, and run it in production, with production
# data. This makes a run in the production experiment.
#
# **Predict:** which of the two versions has the smaller error on the test rows?

# %% tags=["nbval-check-output"]
set_experiment("09_model_registry")
trained = learn(table, 1, SEVEN, NAME)
ways = {"model": facts(copied), "code": facts(trained)}
print(pd.DataFrame(ways).to_string())

# %% [markdown]
# Columns and code are the same for both. But the promoted model has learned from 200 rows, and the
# promoted code from the whole table. Now the outbox.
#
# **Predict:** there are three new versions, one in development and two in production. What happens
# to them while the receiver is closed?

# %% tags=["nbval-check-output"]
print("found:", outbox.collect(), "taken:", outbox.deliver())
print(outbox.deliveries()[["name", "version", "state"]].to_string())

# %% [markdown]
# All three are in the outbox. Nobody took them, so they wait. Now the receiver opens again, at the
# same address:

# %% tags=["nbval-check-output"]
port = int(receiver.url.strip("/").split(":")[-1])
with Receiver(f"{work}/inbox.db", secret, check, port=port):
    print("taken:", outbox.deliver())
    verdicts = draw.wait_for_verdicts(NAME, copied, trained)
print(*verdicts, sep="\n")

# %% [markdown]
# The first verdict is for the promoted model, the second one for the promoted code. Both compare
# with version 2, the champion. Ines asks for the better one, and Noor approves:

# %% tags=["nbval-check-output"]
best, loss = min(((copied, ways["model"]["rmse"]),
                  (trained, ways["code"]["rmse"])), key=lambda pair: pair[1])
asked = approvals.request(NAME, best, by="Ines", comment=f"RMSE ${loss:.2f}")
approvals.approve(asked.id, by="Noor", comment="agreed")
apart = abs(ways["model"]["rmse"] - ways["code"]["rmse"])
print(f"Version {best} is better by ${apart:.2f}, and is champion now")

# %%
draw.who_was_champion(approvals.history(NAME))

# %% [markdown]
# This is the whole story in one picture. The black line is the champion. You see Friday's step up
# to version 3 and Monday's step back, then the rejected request that changed nothing, and the last
# approval.
#
# Which way should you take? In most cases Databricks recommends to promote the code. The model
# learns from production data, nobody has to copy this data, and to train again next month is the
# same step. Promote the model if training is so expensive that you want to do it once, or if there
# is only one environment. The price is in the table above: the lineage of the promoted model ends
# in development.
#
# **Exercise 3.** Replace `rows=200` by `rows=2000`, and run the lesson again. What happens
# to the difference between the two ways?
#
# <details><summary>Answer</summary>
#
# It nearly disappears. Seven coefficients and an intercept need no more than some hundred rows. Of
# course, the development environment then holds a good part of the production data, which it
# should not.
# </details>
#
# ## Delete
#
# Version 1 is not used any more, and the development model is done with. Both can be deleted.
#
# **Predict:** what is left of a version after that: its run, its number, its place in the log?

# %% tags=["nbval-check-output"]
run_id = client.get_model_version(NAME, first).run_id
client.delete_model_version(NAME, first)
another = client.create_model_version(NAME, now.source, now.run_id)
print("its run:", client.get_run(run_id).info.status)
print("the next number:", another.version)
print("entries of the log:", len(approvals.history(NAME)))

# %% [markdown]
# The run is still there, with its metrics and the files of the model. The numbers go on counting,
# so version 1 can never become another model. The log keeps its entries. What is gone is the
# version itself, and each alias that pointed to it:

# %% tags=["nbval-check-output"]
from mlflow.exceptions import MlflowException

client.delete_model_version("dev.pricing.nightly", dev)
try:
    mlflow.pyfunc.load_model("models:/dev.pricing.nightly@candidate")
except MlflowException as error:
    print(error)

# %% [markdown]
# A program that asks for the alias fails from then on. So move an alias before you delete the
# version behind it. At last, the registered model, with its name and all of its versions:

# %% tags=["nbval-check-output"]
client.delete_registered_model("dev.pricing.nightly")
found = client.search_registered_models("name LIKE '%.pricing.nightly'")
print([model.name for model in found])

# %% [markdown]
# ## One registry for each workspace, or one for all
#
# Our registry is one database for one team. In a company with many teams the question is who can
# see whose models. On Databricks there have been two answers, and the exam asks for the
# difference. We have neither of them here, so this part is words only.
#
# | | workspace registry | models in Unity Catalog |
# |---|---|---|
# | belongs to | one workspace | a metastore, which many workspaces share |
# | a model's name | one level | three levels, `catalog.schema.model` |
# | environment | a stage | the catalog, such as `dev` or `prod` |
# | the version in use | a stage | an alias |
# | permissions | on the model, by stage | privileges, as for tables |
# | lineage | to the run | to the run and to tables |
#
# The practical difference: with Unity Catalog a development workspace can load the champion of
# `prod`, if it has the privilege, and compare a new model with it.
#
# ## On Databricks
#
# > - The calls are the same. `mlflow.set_registry_uri("databricks-uc")` chooses Unity Catalog,
# >   which is the default with MLflow 3. `"databricks"` chooses the workspace registry, which is
# >   called *legacy*; Databricks says that it will be deprecated.
# > - In Unity Catalog a new version needs a signature. There are no stages.
# > - Privileges, besides `USE CATALOG` and `USE SCHEMA`: `CREATE MODEL` on the schema for a new
# >   model; `CREATE MODEL VERSION`, or to be the owner, for a new version; `EXECUTE` to load it;
# >   `APPLY TAG`, or to be the owner, for tags; only the owner sets aliases and deletes.
# > - Requests belong to the workspace registry: a user asks for a transition to a stage, and
# >   somebody with the permission approves or rejects it. Its webhooks are a preview, and send to
# >   an address or start a job.
# > - Unity Catalog has neither of them. Its models can have a *deployment job*. It starts with each
# >   new version, evaluates it, waits for an approval, which is a tag on the version, and deploys.
# > - Unity Catalog has no comment threads on versions, and no activity log of the registry. What
# >   happened is in the audit logs, and in the activity log of the deployment job.
# > - Its search is narrower: no filter on tags, no `LIKE`, no `order_by`.
# > - You can't undo deleting a model there, and its files in Unity Catalog are deleted as well.
#
# ## Exam questions
#
# These are questions of the kind that the exam asks. Choose first, then look at the answer.

# %%
from course_utils import ask_quiz

ask_quiz("09")

# %% [markdown]
# ## What you know now
#
# - A registered model is a name with versions. A version points to a run, and the run to its code
#   and to the version of its data.
# - Programs ask for an alias. When you move the alias, another version answers, and the program
#   stays as it is. Stages did this before; they are deprecated.
# - One person asks for a move, another one decides, and a log shows who did what and whether it
#   was changed.
# - A webhook is a signed request. With it, a check runs on each new version, and its verdict is a
#   tag.
# - Promote the code if you can train in production, and the model if training is too expensive.
#
# **Check yourself:** the champion predicts too low. Which three questions do you ask the registry,
# and with which calls?
#
# <details><summary>Answer</summary>
#
# Which version is the champion: `get_model_version_by_alias`. Who made it one, when and why:
# `approvals.history`. And which run, code and data it comes from: `get_run` with the version's
# `run_id`, then the run's parameters, metrics and inputs, beside those of the champion before it.
# </details>
#
# **Exam:** registering a model with the client in Unity Catalog; Unity Catalog and the workspace
# registry compared; when to promote code and when models; setting and removing tags; making a
# challenger the champion with aliases. In the old exam also: moving a version between stages, and
# requests for it.
#
# **Next:** the lab of lesson 10, in which you log, register, promote and roll back models
# yourself.
