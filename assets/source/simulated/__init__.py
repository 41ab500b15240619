"""A simulated world of trade whose truth is known, and what its reporters publish of it.

Here: the truth, the printing of it, the stand-in for the UN Comtrade API that serves it.
Not here: anything the pipeline computes. Nothing but `pipelines` and the tests may import
this room, so that no statistic can ever see the truth it is measured against.
"""
