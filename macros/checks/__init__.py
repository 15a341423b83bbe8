"""What a whole playbook must satisfy, beyond the shape of its files: that build and browser will
not stumble.

In: what `loading` made of the files, the pages, and the site's settings. Out: assessments whose
rules are compiled, and problems. Commands and the door may import it.
"""
