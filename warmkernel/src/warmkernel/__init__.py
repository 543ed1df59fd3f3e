"""Notebooks run in forks of one warm process. This package stands alone: it knows nothing of what the notebooks are about.

A cold kernel spends most of its life importing. Here one helper process imports once what notebooks need and each run is
a fork of it, as isolated as a kernel of its own:

- ``forks``: calls of a function, each in a fork of the helper, several at a time, watched until they end;
- ``processes``: how a process ends with its parent, and how nothing that it started is left behind;
- ``engine``: an engine for papermill that runs the cells in the process that calls it, with ipykernel's own shell on one
  side and nbclient on the other, so that the outputs are those of an ordinary kernel; meant for use in a fork;
- ``entry_point``: what papermill finds under the name ``warm``;
- ``provisioner``: ordinary ipykernels as forks of the helper, for whatever talks to kernels through jupyter_client.

The helper is the fork server of the standard library (``multiprocessing``), which exists to be forked from: it starts no
thread and no event loop, and the one socket by which it is asked to fork is closed in every fork.
"""

__version__ = "0.1.0"
