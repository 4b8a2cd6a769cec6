"""Pads on which a visitor rates.

A rater has ``presses() -> list[int]``: the ratings (5 best to 1) of the keys pressed since, in order; it waits a moment
for some and raises DeviceError when the pad cannot be reached, after which the next call tries anew. ``unknown`` counts
what came and was no rating. ``check()`` opens the line, ``close()`` gives it free.
"""
