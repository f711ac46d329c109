"""The ``thinktwice`` command.

Invariants: exit code 0 means done, 1 means the answer is "no", 2 means unusable input; whatever is wrong with an
input is said on standard error with file, line and field; standard output carries results only.
"""
