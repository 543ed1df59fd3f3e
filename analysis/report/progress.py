"""Who is told how a build goes. Imports nothing heavy; printing belongs to the command line, which has one that does."""

from pathlib import Path


class Progress:
    """Is told how a build goes, and says nothing."""

    def waiting(self, holder: str) -> None:
        """Another build, which calls itself ``holder``, holds the lock."""

    def cut_off(self) -> None:
        """The build before this one did not come to its end, and what it left has been put away."""

    def begin(self, total: int, reused: int) -> None:
        """There are ``total`` pages, ``reused`` of which need not be run."""

    def started(self, name: str) -> None:
        """A page's notebook has begun to run."""

    def done(self, name: str, seconds: float) -> None:
        """It has ended."""

    def tick(self) -> None:
        """Called several times a second while notebooks run."""

    def changed(self, name: str) -> None:
        """The file ``name`` was saved meanwhile: the build starts over."""

    def writing(self, folder: Path) -> None:
        """All notebooks have run; what is left of the pages of the edition in ``folder`` is written."""

    def published(self, folder: Path) -> None:
        """The edition in ``folder`` has taken the place of the one before it."""
