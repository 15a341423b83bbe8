"""A built site → one that may be published: policy, names by content, no dead link.

In: a folder of plain HTML files, whichever site generator wrote them. Out: the same folder, and
problems. It imports nothing of ours, so that it works for any generator.
"""
