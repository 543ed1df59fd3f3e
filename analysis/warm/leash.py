"""Imported first by the helper: it ends with the process that started it, even while it is still importing."""

from analysis.warm import forks

forks.die_with_parent()
