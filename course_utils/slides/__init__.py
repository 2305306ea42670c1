"""Slides and run-of-show, made from the same sources and stored outputs as the notebooks.

`parts` reads a demo, `deck` decides what stands on a slide and what its speaker notes hold, `page`
writes HTML around reveal.js, and `show` lays a plan out over the clock. No text is kept twice.
"""
