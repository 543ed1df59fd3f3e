"""Imported by the helper process that notebooks are forked from: what each of them would otherwise do first.

Nothing may depend on it: a notebook that runs on an ordinary kernel never imports it.
"""

from analysis.warm import engine

engine.rehearse()
