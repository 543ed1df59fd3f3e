"""What the tests of forks share."""

import signal

import pytest


@pytest.fixture
def interruptible():
    """Ctrl-C reaches what a test starts, also where the tests were started to ignore it (``nohup``, ``&`` in a script)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
