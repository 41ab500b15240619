"""A file of assets/ read into a table: what it says, its key, its columns, what it reads.

Here belongs how a file of each kind is written and read. All tables together, in order and with
their types, stand in pipelines/tables.py.
"""
