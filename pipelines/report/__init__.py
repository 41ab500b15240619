"""The page: one self-contained HTML file made from the marts of a profile.

Here belongs what a person reads: sentences, tables and charts. Nothing is computed here: every
figure is a cell of a table, carries the place it stands at, and is compared with it by the tests.
A section a file in sections/, in the order of page.py.
"""
