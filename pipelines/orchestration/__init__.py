"""Around the tables: Dagster specs, steps, jobs and schedules, and what it tells of them.

Here belongs how a run is started, kept apart from other runs, watched and reported. How one table
is computed and judged (compute) does not.
"""
