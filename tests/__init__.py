"""What must hold. Folders are named after the rooms of macros/ whose promise they prove.

engine loading rules checks html publishing commands   one room each
browser paper content                                  what readers meet: pages, sheets, sentences
house                                                  how the code itself is kept
data        cases: one problem, overlay, vector or released state a file or folder
support     what tests share: a reader, a server, engines side by side, made-up assessments
tools       reports to look at and measure by; none of them is a test
scripts     how the scripts of the site are looked over: TypeScript's checker and ESLint
vendor      files of others, unchanged

Each file begins with the sentence that it proves.
"""
