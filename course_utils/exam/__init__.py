"""The practice exam: the bank of questions, exams drawn from it, and what was learned from them.

One logic (`sitting`) has two faces: the terminal (`terminal`) and the notebook (`notebook`).
Importing the package starts nothing.
"""
