"""The text of a rule → a tree that the engine evaluates, or what is wrong with it and where.

In: `count(red) >= 3`, with the names it may use. Out: `["ge", ["count", "red", ""], 3]`. Checks may
import it.
"""
