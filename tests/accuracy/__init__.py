"""How often the ranges hold the truth: worlds whose truth is known, put through the statistics.

Here: the worlds and seeds, the way from a world to the marts, scores, and the table of them.
Not here: any statistic. What is scored is the SQL of assets/, as every profile runs it.
"""
