"""An engine for papermill that runs the cells in the very process that calls it: for a process made for one notebook.

On the kernel's side stands ipykernel's own kernel with a session that keeps its messages instead of sending them, on the
client's side nbclient as papermill uses it. What both make of a cell is therefore what they make of it over sockets.
Belongs here: what stands in for the sockets. Does not belong here: making the process (``forks``). Typical use, in a
process of its own::

    papermill.execute_notebook("in.ipynb", "out.ipynb", engine_name="warm", kernel_name="python3")
"""

import contextlib
import io
import logging
import os
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.shellapp import InteractiveShellApp
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from traitlets.config import Config

from warmkernel import forks

Message = dict[str, Any]

LOG = logging.getLogger(__name__)
LOG.propagate = False  # a kernel's own log is not a cell's: logging set up in a notebook does not show it
CONFIG = Config({"HistoryManager": {"hist_file": ":memory:"}})  # as nbclient asks of a kernel


class Engine(NBClientEngine):
    """papermill's engine under the name ``warm``. Takes the arguments of papermill's own engine; timeouts are the caller's."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, log_output: bool = False, start_timeout: int = 60, **kwargs: Any
    ) -> Any:
        """Run the cells of ``nb_man.nb`` here. :func:`warmkernel.forks.heartbeat` is told the number of each cell."""
        options = {key: value for key, value in kwargs.items() if key in PapermillNotebookClient.class_trait_names()}
        client = _Client(nb_man, kernel_name=kernel_name, log_output=log_output, **options)
        return client.execute()


def warm_up() -> None:
    """Make a kernel and let it go: what that imports and computes once need not be done again in every fork."""
    kernel: Any = IPythonKernel.instance(session=_Session(), config=CONFIG, log=LOG)
    kernel.shell.run_cell("1 + 1", silent=True)
    IPythonKernel.clear_instance()
    ZMQInteractiveShell.clear_instance()


class _Session(Session):
    """Keeps what a kernel sends, as it would arrive over a socket."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sent: deque[Message] = deque()

    def send(  # type: ignore[override]  # no stream is there to be returned to
        self,
        stream: Any,
        msg_or_type: Message | str,
        content: Message | None = None,
        parent: Message | None = None,
        ident: Any = None,
        buffers: list[bytes] | None = None,
        track: bool = False,
        header: Message | None = None,
        metadata: Message | None = None,
    ) -> Message:
        """Keep the message; returns it."""
        if isinstance(msg_or_type, dict):
            message = msg_or_type
        else:
            message = self.msg(msg_or_type, content, parent, header=header, metadata=metadata)
        message["content"] = self.unpack(self.pack(message["content"]))
        message["buffers"] = [memoryview(buffer) for buffer in buffers or []]
        self.sent.append(message)
        return message


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell: text is kept until it is flushed, then sent as one message."""

    encoding, errors = "UTF-8", None

    def __init__(self, name: str, send: Callable[[str, Message], None]) -> None:
        self.name, self._send = name, send
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._parts.append(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        text, self._parts = "".join(self._parts), []
        if text:
            self._send("stream", {"name": self.name, "text": text})


class _Descriptor:
    """What libraries and child processes write to a file descriptor of this process, past Python's own streams."""

    def __init__(self, number: int) -> None:
        self._file, self._read = os.memfd_create("output"), 0
        os.dup2(self._file, number)

    def new(self) -> str:
        """The text written since the last time."""
        data = os.pread(self._file, os.fstat(self._file).st_size - self._read, self._read)
        self._read += len(data)
        return data.decode("utf-8", errors="replace")


class _Channel:
    """One of the client's channels: gives the messages that are there, and never waits."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self.messages: deque[Message] = deque()
        self.send = send

    def get_msg(self, timeout: float | None = None) -> Message:
        if not self.messages:
            raise queue.Empty
        return self.messages.popleft()


class _Kernels:
    """Kernel and kernel client in one, as far as nbclient asks for them. A request is answered before it returns."""

    def __init__(self) -> None:
        self.session = _Session()
        self._process = os.getpid()
        kernel: Any = IPythonKernel.instance(session=self.session, config=CONFIG, log=LOG)
        self._kernel = kernel
        self._kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        self._kernel.shell.init_environment()
        InteractiveShellApp().init_path()
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        self.shell_channel, self.iopub_channel = _Channel(self._receive), _Channel(self._receive)
        self._streams = {name: _Stream(name, self._send) for name in ("stdout", "stderr")}
        sys.stdout, sys.stderr = self._streams.values()
        self._descriptors = {"stdout": _Descriptor(1), "stderr": _Descriptor(2)}

    def _send(self, kind: str, content: Message) -> None:
        self.session.send(None, kind, content, parent=self._kernel.get_parent())

    def is_alive(self) -> bool:
        return True

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True, **_: Any) -> str:
        request = self._begin(self.session.msg("execute_request"))
        self._send("execute_input", {"code": code, "execution_count": self._kernel.shell.execution_count})
        reply = await self._kernel.do_execute(code, silent=False, store_history=store_history, user_expressions={})
        if os.getpid() != self._process:
            os._exit(0)  # a second process that a cell has forked, and that has come to the end of the cell
        for name, stream in self._streams.items():
            stream.flush()
            if text := self._descriptors[name].new():
                self._send("stream", {"name": name, "text": text})
        return self._finish(request, "execute_reply", reply)

    def kernel_info(self) -> str:
        request = self._begin(self.session.msg("kernel_info_request"))
        return self._finish(request, "kernel_info_reply", {"language_info": self._kernel.language_info})

    def _receive(self, message: Message) -> None:
        """A message from the client's widgets to the kernel's: it changes their state and has no answer."""
        self._begin(message)
        self._kernel.shell_handlers[message["msg_type"]](None, [], message)
        self._deliver()

    def _begin(self, request: Message) -> Message:
        self._kernel.set_parent([], request)
        return request

    def _deliver(self) -> None:
        self._send("status", {"execution_state": "idle"})
        self.iopub_channel.messages.extend(self.session.sent)
        self.session.sent.clear()

    def _finish(self, request: Message, kind: str, reply: Message) -> str:
        self._deliver()
        self.shell_channel.messages.append(
            self.session.msg(kind, self.session.unpack(self.session.pack(reply)), request)
        )
        return str(request["header"]["msg_id"])


class _Client(PapermillNotebookClient):
    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """The kernel is here already: nothing is started, nothing to be ended."""
        self.km = self.kc = _Kernels()
        self.on_cell_start = lambda cell, cell_index: forks.heartbeat(cell_index)
        yield
