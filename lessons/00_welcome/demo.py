# %% [markdown]
# # 00 · Welcome
#
# In this course you answer questions with code, and a check below each answer tells you at once
# whether it is right. Every lesson goes the same way:
#
# ```mermaid
# flowchart LR
#     demo("demo:<br/>read, predict, run") --> lab("lab:<br/>write an answer")
#     lab --> check{"check"}
#     check -->|"not yet: what it found,<br/>and the likely cause"| lab
#     check -->|"done"| progress["your progress<br/>on the map"]
#     progress --> demo2("next lesson")
# ```
#
# A **demo** is a notebook that you read and run. It asks you for a prediction, computes something,
# and explains the number that came out. A **lab** is a notebook that you fill in. Some lessons
# have only one of the two.
#
# **The question of this notebook:** how does this course work, and what do you do next?
#
# - **Time:** 10 minutes
# - **Before you start:** nothing. You can read Python; no Spark is needed yet
# - **Data:** none
#
# Everything runs on your own machine: real Spark, real Delta tables, a real MLflow store. After
# the first set-up nothing is fetched any more, and no code of the course sends your work anywhere.
# The notebooks that you have open are your own copies, in the folder `workbook`. Change what you
# like: an update of the course never overwrites them.
#
# To run a cell, click into it and press Shift and Enter. Try it on the next one.

# %%
from course_utils import draw_map, helpers, open_lab

draw_map()

# %% [markdown]
# This is the map of all lessons, in their order, with what you have done so far. Click on a title
# to open its notebook, or on *demo* or *lab* for one of the two. Run the cell again whenever you
# want to know where you are. The minutes are those of somebody who works alone and meets the
# subject for the first time.
#
# <details><summary>With a class, or on your own in three weekends: plans by the hour</summary>
#
# <!-- made by ./course build: agenda -->
# A room takes 1.5 times as long as somebody who works alone: it reads aloud, asks, and waits. So
# the minutes of a class are longer here than in the table of lessons. After an hour of work there
# is a break of 10 minutes, and lunch takes 60.
#
# **The foundations in one full day, with the review; the labs at home** (`foundations-1-day`)
#
# - Day, 9:00 to 16:40, 360 minutes of work: 01 Spark review (demo 60), 02 Delta review (demo 45),
#   03 What machine learning is (demo 60), 04 Data cleansing (demo 60), 06 Linear regression I
#   (demo 75), 07 Linear regression II (demo 60); labs for the evening: 01 (40), 02 (30), 04 (30),
#   05 (30), 06 (20), 07 (25)
#
# **The foundations in two full days, with the review and every lab** (`foundations-2-days`)
#
# - Day 1, 9:00 to 15:00, 270 minutes of work: 01 Spark review (demo 60 + lab 60), 02 Delta review
#   (demo 45 + lab 45), 03 What machine learning is (demo 60)
# - Day 2, 9:00 to 16:35, 355 minutes of work: 04 Data cleansing (demo 60 + lab 45), 05 Data
#   exploration (lab 45), 06 Linear regression I (demo 75 + lab 30), 07 Linear regression II
#   (demo 60 + lab 40)
#
# **Two full days, the core of the course; labs at home, no review (01–03)** (`2-days`)
#
# - Day 1, 9:00 to 16:25, 345 minutes of work: 04 Data cleansing (demo 60), 06 Linear regression I
#   (demo 75), 07 Linear regression II (demo 60), 08 MLflow tracking (demo 75), 09 Model registry
#   (demo 75); labs for the evening: 04 (30), 06 (20), 07 (25)
# - Day 2, 9:00 to 16:35, 355 minutes of work: 11 Decision trees (demo 75), 12 Random forests
#   (demo 75), 13 Hyperopt (demo 90), 14 AutoML (demo 60), 15 Feature store (demo 55); labs for
#   the evening: 12 (30), 13 (30), 14 (30), 15 (30)
#
# **Four full days, for a class that needs no review (01–03)** (`4-days`)
#
# - Day 1, 9:00 to 16:35, 355 minutes of work: 04 Data cleansing (demo 60 + lab 45), 05 Data
#   exploration (lab 45), 06 Linear regression I (demo 75 + lab 30), 07 Linear regression II
#   (demo 60 + lab 40)
# - Day 2, 9:00 to 16:35, 355 minutes of work: 08 MLflow tracking (demo 75), 09 Model registry
#   (demo 75), 10 MLflow (lab 55), 11 Decision trees (demo 75), 12 Random forests (demo 75); labs
#   for the evening: 12 (30)
# - Day 3, 9:00 to 16:05, 325 minutes of work: 13 Hyperopt (demo 90 + lab 45), 14 AutoML
#   (demo 60), 15 Feature store (demo 55), 16 XGBoost and boosting (demo 75); labs for the
#   evening: 14 (30), 15 (30)
# - Day 4, 9:00 to 16:20, 340 minutes of work: 17 Inference with pandas UDFs (demo 70 + lab 40),
#   18 One model per group with pandas functions (demo 70 + lab 45), 19 pandas API on Spark
#   (demo 75 + lab 40)
#
# **Seven half days, for a class that needs no review (01–03); most labs at home** (`7-half-days`)
#
# - Half day 1, 9:00 to 12:05, 165 minutes of work: 04 Data cleansing (demo 60), 06 Linear
#   regression I (demo 75 + lab 30); labs for the evening: 04 (30), 05 (30)
# - Half day 2, 9:00 to 11:35, 135 minutes of work: 07 Linear regression II (demo 60), 08 MLflow
#   tracking (demo 75); labs for the evening: 07 (25)
# - Half day 3, 9:00 to 11:50, 150 minutes of work: 09 Model registry (demo 75), 11 Decision trees
#   (demo 75); labs for the evening: 10 (35)
# - Half day 4, 9:00 to 12:05, 165 minutes of work: 12 Random forests (demo 75), 13 Hyperopt
#   (demo 90); labs for the evening: 12 (30), 13 (30)
# - Half day 5, 9:00 to 12:00, 160 minutes of work: 14 AutoML (demo 60 + lab 45), 15 Feature store
#   (demo 55); labs for the evening: 15 (30)
# - Half day 6, 9:00 to 11:45, 145 minutes of work: 16 XGBoost and boosting (demo 75), 17
#   Inference with pandas UDFs (demo 70); labs for the evening: 17 (25)
# - Half day 7, 9:00 to 11:45, 145 minutes of work: 18 One model per group with pandas functions
#   (demo 70), 19 pandas API on Spark (demo 75); labs for the evening: 18 (30), 19 (25)
#
# **The appendix, in one more full day** (`appendix`)
#
# - Day, 9:00 to 16:40, 360 minutes of work: 20 Logistic regression (demo 85 + lab 45), 21
#   Recommendations with ALS (demo 90 + lab 55), 22 Ways to deploy a model (demo 85); labs for the
#   evening: 22 (35)
#
# **Half a day on AutoML and the feature store, for those who know the foundations** (`automl`)
#
# - Half day, 9:00 to 12:00, 160 minutes of work: 14 AutoML (demo 60 + lab 45), 15 Feature store
#   (demo 55); labs for the evening: 15 (30)
#
# **On your own, in three weekends** (`alone`)
#
# - First Saturday, 250 minutes, with breaks 340: 01 Spark review (demo 40 + lab 40), 02 Delta
#   review (demo 30 + lab 30), 03 What machine learning is (demo 40), 04 Data cleansing
#   (demo 40 + lab 30)
# - First Sunday, 165 minutes, with breaks 185: 05 Data exploration (lab 30), 06 Linear regression
#   I (demo 50 + lab 20), 07 Linear regression II (demo 40 + lab 25)
# - Second Saturday, 185 minutes, with breaks 265: 08 MLflow tracking (demo 50), 09 Model registry
#   (demo 50), 10 MLflow (lab 35), 11 Decision trees (demo 50)
# - Second Sunday, 305 minutes, with breaks 405: 12 Random forests (demo 50 + lab 30), 13 Hyperopt
#   (demo 60 + lab 30), 14 AutoML (demo 40 + lab 30), 15 Feature store (demo 35 + lab 30)
# - Third Saturday, 270 minutes, with breaks 360: 16 XGBoost and boosting (demo 50), 17 Inference
#   with pandas UDFs (demo 45 + lab 25), 18 One model per group with pandas functions
#   (demo 45 + lab 30), 19 pandas API on Spark (demo 50 + lab 25)
# - Third Sunday, 270 minutes, with breaks 360: 20 Logistic regression (demo 55 + lab 30), 21
#   Recommendations with ALS (demo 60 + lab 35), 22 Ways to deploy a model (demo 55 + lab 35)
# <!-- end -->
# </details>

# %% [markdown]
# ## How a check answers
#
# Here is a small question of the kind that the labs ask:
#
# > A table is cut into 10 partitions. Your machine has 4 cores. Each core works on one partition
# > at a time, and one partition takes 3 seconds. After how many seconds is the whole table done?
#
# In a lab the answer starts as three dots, which is valid Python and means "not yet". `open_lab`
# gives you the lab of a lesson, with one check for each question:

# %% tags=["nbval-check-output"]
lab = open_lab("00")
seconds = ...
lab.q1.check()

# %% [markdown]
# A check on an open answer says so, and costs nothing. Now for an attempt. We divide the work by
# the number of cores:
#
# $$\frac{10}{4} \cdot 3 = 7.5$$
#
# **Predict:** are 7.5 seconds right? Then run the cell, and read the message from top to bottom.

# %% tags=["nbval-check-output"]
partitions, cores, seconds_each = 10, 4, 3
seconds = partitions / cores * seconds_each
lab.q1.check()

# %% [markdown]
# A message always has the same order: the verdict, what was looked at, what was found, the likely
# cause with its name in brackets, and what to do next. It never shows the answer. If the message is
# not enough, ask for a hint; each call gives the next one.

# %%
lab.q1.hint()

# %% [markdown]
# So the cores work in rounds. With 4 cores, 10 partitions take two full rounds, and then one more
# for the 2 partitions that are left. `math.ceil` rounds 2.5 up to 3:

# %% tags=["nbval-check-output"]
import math

rounds = math.ceil(partitions / cores)
seconds = rounds * seconds_each
lab.q1.check()

# %% [markdown]
# A pass says why the question matters. Your progress is kept in `workbook/progress.json`, a file
# that you can read and copy to another machine. Here is what the cores do in these seconds:

# %%
draw = helpers("00")
draw.rounds(partitions, cores, seconds_each)

# %% [markdown]
# In the last round 2 of the 4 cores have nothing to do, and the round takes as long as the others.
# Lesson 01 measures the same thing on a real Spark job. (`helpers("00")` loads the functions that
# draw the pictures of a lesson. They are not what the lesson is about, so they stand in a file of
# their own.)
#
# One more kind of answer is turned down: a number that was typed in, unless the question says that
# you may read it off. Checks ask for the computation, because that is what you can use again on
# other data.
#
# **Predict:** 9 is the right number. What will the check say to it?

# %%
seconds = 9
lab.q1.check()

# %% [markdown]
# What you have passed once stays passed, whatever a later check says.
#
# **Exercise.** Run `draw.rounds(12, 4, 3)`. Would a fifth core make this faster? A sixth?
#
# <details><summary>Answer</summary>
#
# 12 partitions on 4 cores take three full rounds, 9 seconds. With 5 cores there are still three
# rounds, the last of them with 2 partitions, so nothing is gained. With 6 cores two rounds are
# enough: 6 seconds.
# </details>
#
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
# | `./course doctor` | looks at your machine, and says what is missing and how to fix it |
#
# If a notebook behaves oddly, first try the menu *Kernel*, then *Restart Kernel and Run All Cells*:
# a value from a cell that you have since deleted may still be in memory.
#
# ## On Databricks
#
# > - What you learn here is what you would do there: Spark, Delta Lake and MLflow are open source,
# >   and Databricks builds on the same three.
# > - A notebook there has its Spark session in the variable `spark` from the start. Here
# >   `get_spark` makes it, in the first cells of each notebook.
# > - Each lesson has a box like this one. It says what the same thing is called there, and what
# >   differs.
#
# ## What you know now
#
# - A demo is read and run, a lab is filled in; the map leads to both and shows your progress.
# - A check answers in words: not started, wrong with a likely cause, or done with a reason.
# - The five commands above are all you need in the terminal.
#
# **Check yourself:** a check says "not yet" and names a likely cause in brackets. Which two things
# can you do before you look at the solution?
#
# <details><summary>Answer</summary>
#
# Ask for a hint with `lab.q1.hint()`, and read the likely cause again beside your answer: it says
# what the check has found. Then change one thing and run the check again. A check costs nothing,
# however often you run it.
# </details>
#
# **Next:** lesson 01, *Spark review*. If you know Spark and Delta well, start with lesson 03 or 06.
