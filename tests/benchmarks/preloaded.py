"""What every timed process finds done: the tables of assets/ read.

Here belongs work that is no part of any stage. The process that all others are forked from
imports this once; DuckDB leaves no thread behind that a fork would lose.
"""

import sys

from pipelines.tables import tables

# DuckDB takes a main module without a file for a prompt, and would draw its progress there.
sys.modules["__main__"].__file__ = __file__
tables()
