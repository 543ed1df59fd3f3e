"""What papermill finds under the name ``warm``: the engine, imported when it is used.

papermill loads every declared engine while it is itself being imported; the engine needs papermill to be whole.
"""

from typing import Any


class Engine:
    """Hands each call of papermill's to :class:`warmkernel.engine.Engine`."""

    @classmethod
    def execute_notebook(cls, *args: Any, **kwargs: Any) -> Any:
        return cls._engine().execute_notebook(*args, **kwargs)

    @classmethod
    def nb_kernel_name(cls, *args: Any, **kwargs: Any) -> str:
        return cls._engine().nb_kernel_name(*args, **kwargs)

    @classmethod
    def nb_language(cls, *args: Any, **kwargs: Any) -> str:
        return cls._engine().nb_language(*args, **kwargs)

    @staticmethod
    def _engine() -> Any:
        from warmkernel import engine

        return engine.Engine
