"""Help for whoever adds sources: rows proposed from a text, and wording held against texts. Nothing else imports it."""
