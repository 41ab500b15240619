"""A published file kept as a build, and what it proves: diff, verify, reproduce, pin, prune.

Here belongs making a build, and comparing it with another or with its bytes. How builds stand on
the disk is told by warehouse/builds.py.
"""
