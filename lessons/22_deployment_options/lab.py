# %% [markdown]
# # 22 · Deployment options, lab
#
# **The question of this lab:** what is a night worth?
#
# - **Time:** 15 minutes
# - **You will:** compute one number
# - **Before you start:** the demo of lesson 22
# - **Tools:** `agg` with `F.mean` (lesson 03)
# - **Data:** `listings`, split as in the demo
#
# Replace each `...` by your code, run the cell, then run the check below it. Keep all digits of a
# number; round only what you print.

# %%
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load_split, open_lab

spark = get_spark("22_deployment_options_lab")
lab = open_lab("22")

# %% [markdown]
# These are the rows.

# %% tags=["nbval-check-output"]
train, test = load_split("listings")
print(f"{train.count():,} training rows, {test.count():,} test rows")

# %% [markdown]
# ## Question 1 · The mean price
#
# Compute `mean_price`, the mean price of the training rows.

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: one number.
### STUB mean_price = ...
### BEGIN SOLUTION
mean_price = train.agg(F.mean("price")).first()[0]
print(f"{mean_price:.2f} dollars")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Where you stand

# %% tags=["nbval-check-output"]
print(f"{len(lab.questions)} question")

# %% [markdown]
# What you can do now, and when it is the wrong tool.

# %%
lab.summary()

# %% [markdown]
# **Next:** the quiz below.

# %%
ask_quiz("22")
