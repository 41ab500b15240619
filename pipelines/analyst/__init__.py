"""What an analyst asks: shortcuts, words and formulas of columns, queries, the notebook, a model.

Here belongs what reads a published file and answers in words or a table.
"""
