"""What the stages cost in time and memory, against a floor timed beside them.

Here belong generated worlds and stopwatches. Whether a result is right is the tests' business.
"""
