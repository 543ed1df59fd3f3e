"""From claims to answers: each module takes the ledger and gives a frame. Writes no files.

Some also put their own frame into words: a headline, what changed, who denies. All other words for readers are in ``display``.
"""
