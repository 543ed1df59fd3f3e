"""Help for whoever adds sources: rows proposed from a text, and wording held against texts. Nothing else imports it.

What belongs elsewhere: writing into the ledger, which a person does, and checking it (``ledger``).
"""
