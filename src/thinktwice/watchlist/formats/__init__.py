"""The file formats of lists; each reads a file into entries and faults, in the order of the file.

Invariant: a format knows neither databases nor address families; it hands on what the file says.
"""
