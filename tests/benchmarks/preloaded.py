"""What every timed process finds done: the tables of assets/ read, no progress bars.

Here belongs work that is no part of any stage. The process that all others are forked from
imports this first and once; DuckDB leaves no thread behind that a fork would lose.
"""

import sys


def read_tables() -> None:
    """Read assets/, after DuckDB can be told that nobody sits at a prompt."""
    from pipelines.tables import tables

    tables()


# DuckDB takes a main module without a file for a prompt, and draws its progress there.
sys.modules["__main__"].__file__ = __file__
read_tables()
