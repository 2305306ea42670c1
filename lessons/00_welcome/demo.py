# %% [markdown]
# # 00 · Welcome
#
# **The question of this notebook:** how does this course work, and what do you do next?
#
# - **Time:** 10 minutes
# - **You will:** see the map of lessons with your progress; watch a check answer three times;
#   know the five commands that you need
# - **Before you start:** nothing. You can read Python; no Spark is needed yet
# - **Data:** none

# %% [markdown]
# ## What this is
#
# A course on machine learning with Apache Spark, for people who know some Python. Everything
# runs on your own machine: real Spark, real Delta tables, a real MLflow store. Nothing is sent
# anywhere, and after the first set-up nothing is fetched.
#
# Most lessons come as a pair. A **demo** is a notebook that you read and run: it asks you for a
# prediction, computes something, and explains the number that came out. A **lab** is a notebook
# that you fill in. Below each answer stands a check that tells you whether it is right and, if
# not, what it found and what the likely cause is.
#
# The notebooks here are your own copies, in the folder `workbook`. Change what you like: an
# update of the course never overwrites them.
#
# To run a cell, click into it and press Shift and Enter. Try it on the next one.

# %%
from course_utils import draw_map, open_lab

# %% [markdown]
# ## The map
#
# The next cell draws the lessons in their order, with what you have done so far. Run it again
# whenever you want to know where you are.

# %%
draw_map()

# %% [markdown]
# ### With a class, or on your own in a weekend
#
# The minutes are those of somebody who meets the subject for the first time. A break of ten
# minutes follows each hour. The plans hold the lessons that there are so far.
#
# <!-- made by ./course build: agenda -->
# **The foundations in one full day, with the review**
#
# - Morning, 170 minutes, with breaks 190: 01 Spark review (demo 35 + lab 40), 02 Delta review
#   (demo 30 + lab 30), 03 What machine learning is (demo 35)
# - Afternoon, 225 minutes, with breaks 255: 04 Data cleansing (demo 30 + lab 30), 05 Data
#   exploration (lab 30), 06 Linear regression I (demo 50 + lab 20), 07 Linear regression II (demo
#   40 + lab 25)
#
# **Two full days, for a class that needs no review (01–03)**
#
# - Day 1, 490 minutes, with breaks 570: 04 Data cleansing (demo 30 + lab 30), 05 Data exploration
#   (lab 30), 06 Linear regression I (demo 50 + lab 20), 07 Linear regression II (demo 40 + lab
#   25), 08 MLflow tracking (demo 50), 09 Model registry (demo 50), 10 MLflow (lab 35), 11
#   Decision trees (demo 50), 12 Random forests (demo 50 + lab 30)
# - Day 2, 470 minutes, with breaks 540: 13 Hyperopt (demo 60 + lab 30), 14 AutoML (demo 30 + lab
#   30), 15 Feature store (demo 20 + lab 30), 16 XGBoost and boosting (demo 50), 17 Inference with
#   pandas UDFs (demo 45 + lab 25), 18 One model per group with pandas functions (demo 45 + lab
#   30), 19 pandas API on Spark (demo 50 + lab 25)
#
# **Four half days, for a class that needs no review (01–03)**
#
# - Half day 1, 225 minutes, with breaks 255: 04 Data cleansing (demo 30 + lab 30), 05 Data
#   exploration (lab 30), 06 Linear regression I (demo 50 + lab 20), 07 Linear regression II (demo
#   40 + lab 25)
# - Half day 2, 265 minutes, with breaks 305: 08 MLflow tracking (demo 50), 09 Model registry
#   (demo 50), 10 MLflow (lab 35), 11 Decision trees (demo 50), 12 Random forests (demo 50 + lab
#   30)
# - Half day 3, 250 minutes, with breaks 290: 13 Hyperopt (demo 60 + lab 30), 14 AutoML (demo 30 +
#   lab 30), 15 Feature store (demo 20 + lab 30), 16 XGBoost and boosting (demo 50)
# - Half day 4, 220 minutes, with breaks 250: 17 Inference with pandas UDFs (demo 45 + lab 25), 18
#   One model per group with pandas functions (demo 45 + lab 30), 19 pandas API on Spark (demo 50
#   + lab 25)
#
# **The appendix, in one more half day**
#
# - Half day, 270 minutes, with breaks 310: 20 Logistic regression (demo 55 + lab 30), 21
#   Recommendations with ALS (demo 60 + lab 35), 22 Ways to deploy a model (demo 55 + lab 35)
#
# **Half a day on AutoML and the feature store, for those who know the foundations**
#
# - Half day, 110 minutes, with breaks 120: 14 AutoML (demo 30 + lab 30), 15 Feature store (demo
#   20 + lab 30)
#
# **On your own, in three weekends**
#
# - First Saturday, 230 minutes, with breaks 260: 01 Spark review (demo 35 + lab 40), 02 Delta
#   review (demo 30 + lab 30), 03 What machine learning is (demo 35), 04 Data cleansing (demo 30 +
#   lab 30)
# - First Sunday, 165 minutes, with breaks 185: 05 Data exploration (lab 30), 06 Linear regression
#   I (demo 50 + lab 20), 07 Linear regression II (demo 40 + lab 25)
# - Second Saturday, 185 minutes, with breaks 215: 08 MLflow tracking (demo 50), 09 Model registry
#   (demo 50), 10 MLflow (lab 35), 11 Decision trees (demo 50)
# - Second Sunday, 280 minutes, with breaks 320: 12 Random forests (demo 50 + lab 30), 13 Hyperopt
#   (demo 60 + lab 30), 14 AutoML (demo 30 + lab 30), 15 Feature store (demo 20 + lab 30)
# - Third Saturday, 270 minutes, with breaks 310: 16 XGBoost and boosting (demo 50), 17 Inference
#   with pandas UDFs (demo 45 + lab 25), 18 One model per group with pandas functions (demo 45 +
#   lab 30), 19 pandas API on Spark (demo 50 + lab 25)
# - Third Sunday, 270 minutes, with breaks 310: 20 Logistic regression (demo 55 + lab 30), 21
#   Recommendations with ALS (demo 60 + lab 35), 22 Ways to deploy a model (demo 55 + lab 35)
# <!-- end -->

# %% [markdown]
# ## How a check answers
#
# This is a small question of the kind that the labs ask.
#
# > A table is cut into 10 partitions. Your machine has 4 cores. Each core works on one partition
# > at a time, and one partition takes 3 seconds. After how many seconds is the whole table done?
#
# In a lab the answer starts as three dots, which is valid Python and means "not yet". A check on
# an answer that is still open says so, and costs nothing.

# %% tags=["nbval-check-output"]
lab = open_lab("00")
seconds = ...
lab.q1.check()

# %% [markdown]
# Suppose that somebody divides the work by the number of cores. **Predict:** is 7.5 seconds
# right? Then run the cell and read the message from top to bottom.

# %% tags=["nbval-check-output"]
partitions, cores, seconds_each = 10, 4, 3
seconds = partitions / cores * seconds_each
lab.q1.check()

# %% [markdown]
# A message always has the same order: the verdict, what was looked at, what was found, the
# likely cause with its name in brackets, and what to do next. It never shows the answer. If the
# message is not enough, ask for a hint: each call gives the next one.

# %%
lab.q1.hint()

# %% [markdown]
# The cores work in rounds. With 4 cores, 10 partitions take two full rounds and one round in
# which two cores have nothing to do, and that last round takes as long as the others.

# %% tags=["nbval-check-output"]
import math

rounds = math.ceil(partitions / cores)
seconds = rounds * seconds_each
lab.q1.check()

# %% [markdown]
# A pass says why the question matters, and your progress is kept in `workbook/progress.json`, a
# file that you can read and copy to another machine. Those idle cores come back in lesson 01.
#
# One more kind of answer is turned down: a number that was typed in, unless the question says that
# you may read it off. Checks ask for the computation, because that is what you would reuse on other
# data.

# %%
seconds = 9
lab.q1.check()

# %% [markdown]
# ## Five commands
#
# Type these in a terminal, in the folder of the course.
#
# | command | what it does |
# |---|---|
# | `./course start` | opens JupyterLab on this notebook |
# | `./course next` | says what to do now |
# | `./course check 06` | runs your saved lab 06 from start to end and prints a table |
# | `./course reset 06` | puts lab 06 back as it was, after keeping a copy of yours |
# | `./course doctor` | looks at your machine and says what is missing and how to mend it |
#
# If a notebook behaves oddly, the first remedy is the menu *Kernel*, then *Restart Kernel and
# Run All Cells*: a value from a cell that you have since deleted may still be in memory.

# %% [markdown]
# ## What you know now
#
# - The map shows the lessons in order, and `draw_map()` redraws it with your progress.
# - A check answers in words: not started, wrong with a likely cause, or done with a reason.
# - The five commands above are all you need in the terminal.
#
# **Check yourself:** with 12 partitions and 4 cores, how many rounds are there? Would a fifth
# core help?
#
# **Next:** lesson 01, *Spark review*, in the folder `notebooks`. If you know Spark and Delta
# well, start with lesson 06.
