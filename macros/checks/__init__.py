"""What a whole playbook must satisfy, beyond the shape of its files: that build and browser will
not stumble.

In: a folder with a playbook, of which `playbook_reader` has `loading` read what has changed; its
pages and its settings. Out: a `Playbook`, whose rules are compiled, and problems. Commands and the
door may import it.
"""
