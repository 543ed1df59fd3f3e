"""Answers in words, tables and figures: objects that a notebook shows. Nothing here computes an answer or writes a file."""
