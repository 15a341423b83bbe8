"""Model → HTML: forms, worksheets, tables and pictures, each one line in which all text is
entities.

In: a checked assessment, words. Out: markup for a page. The door and commands may import it.
"""
