"""An engine for papermill that runs the cells in the very process that calls it: for a process made for one notebook.

On the kernel's side stands ipykernel's own kernel with a session that keeps its messages instead of sending them, on the
client's side nbclient as papermill uses it. What both make of a cell is therefore what they make of it over sockets.
"""

import contextlib
import io
import logging
import os
import queue
import sys
import tempfile
import threading
from collections import deque
from types import SimpleNamespace

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.shellapp import InteractiveShellApp
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from traitlets.config import Config

from warmkernel import forks


class Engine(NBClientEngine):
    """papermill's engine under the name ``warm``. Takes the arguments of papermill's own engine; timeouts are the caller's."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, log_output=False, start_timeout=60, **kwargs):
        """Run the cells of ``nb_man.nb`` here. :func:`warmkernel.forks.beat` is told the number of each cell."""
        options = {key: value for key, value in kwargs.items() if key in PapermillNotebookClient.class_trait_names()}
        client = _Client(nb_man, kernel_name=kernel_name, log_output=log_output, **options)
        return client.execute()


def rehearse():
    """Make a kernel and let it go: what that imports and computes once need not be done again in every fork."""
    kernel = IPythonKernel(session=_Session(), config=CONFIG, log=LOG)
    kernel.shell.run_cell("1 + 1", silent=True)
    ZMQInteractiveShell.clear_instance()


LOG = logging.getLogger(__name__)
CONFIG = Config({"HistoryManager": {"hist_file": ":memory:"}})  # as nbclient asks of a kernel


class _Session(Session):
    """Keeps what a kernel sends, as it would arrive over a socket."""

    def __init__(self, **options):
        super().__init__(**options)
        self.sent = deque()

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, *args, **kwargs):
        """Keep the message; returns it."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        message["content"] = self.unpack(self.pack(message["content"]))
        self.sent.append(message)
        return message


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell: text is kept until it is flushed, then sent as one message."""

    encoding, errors = "UTF-8", None

    def __init__(self, name, send):
        self.name, self._send, self._parts = name, send, []

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._parts.append(text)
        return len(text)

    def writable(self):
        return True

    def flush(self):
        text, self._parts = "".join(self._parts), []
        if text:
            self._send("stream", {"name": self.name, "text": text})


class _Descriptor:
    """What libraries and child processes write to a file descriptor of this process, past Python's own streams."""

    def __init__(self, number):
        self._file, self._read = tempfile.TemporaryFile(), 0  # noqa: SIM115 (open as long as the process)
        os.dup2(self._file.fileno(), number)

    def new(self):
        """The text written since the last time."""
        data = os.pread(self._file.fileno(), os.fstat(self._file.fileno()).st_size - self._read, self._read)
        self._read += len(data)
        return data.decode("utf-8", errors="replace")


class _Channel:
    """One of the client's channels: gives the messages that are there, and never waits."""

    def __init__(self):
        self.messages = deque()

    def get_msg(self, timeout=None):
        if not self.messages:
            raise queue.Empty
        return self.messages.popleft()


class _Kernels:
    """Kernel and kernel client in one, as far as nbclient asks for them. A request is answered before it returns."""

    def __init__(self):
        self._session = _Session()
        self._kernel = IPythonKernel(session=self._session, config=CONFIG, log=LOG)
        self._kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        self._kernel.shell.init_environment()
        InteractiveShellApp().init_path()
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        self.shell_channel, self.iopub_channel = _Channel(), _Channel()
        self._streams = {name: _Stream(name, self._send) for name in ("stdout", "stderr")}
        sys.stdout, sys.stderr = self._streams.values()
        self._descriptors = {"stdout": _Descriptor(1), "stderr": _Descriptor(2)}

    def _send(self, kind, content):
        self._session.send(None, kind, content, parent=self._kernel.get_parent())

    def is_alive(self):
        return True

    async def execute(self, code, store_history=True, stop_on_error=True, **_):
        request = self._begin("execute_request")
        self._send("execute_input", {"code": code, "execution_count": self._kernel.shell.execution_count})
        reply = await self._kernel.do_execute(code, silent=False, store_history=store_history, user_expressions={})
        for name, stream in self._streams.items():
            stream.flush()
            if text := self._descriptors[name].new():
                self._send("stream", {"name": name, "text": text})
        return self._finish(request, "execute_reply", reply)

    def kernel_info(self):
        request = self._begin("kernel_info_request")
        return self._finish(request, "kernel_info_reply", {"language_info": self._kernel.language_info})

    def _begin(self, kind):
        request = self._session.msg(kind)
        self._kernel.set_parent([], request)
        return request

    def _finish(self, request, kind, reply):
        self._send("status", {"execution_state": "idle"})
        self.iopub_channel.messages.extend(self._session.sent)
        self._session.sent.clear()
        self.shell_channel.messages.append(
            self._session.msg(kind, self._session.unpack(self._session.pack(reply)), request)
        )
        return request["header"]["msg_id"]


class _Client(PapermillNotebookClient):
    @contextlib.contextmanager
    def setup_kernel(self, **kwargs):
        """The kernel is here already: nothing is started, nothing to be ended."""
        self.km = self.kc = _Kernels()
        self.on_cell_start = lambda cell, cell_index: forks.beat(cell_index)
        yield
