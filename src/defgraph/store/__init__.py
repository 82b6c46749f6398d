"""Stores: things that hold an RDF dataset and answer SPARQL queries about it.

``in_process`` evaluates where it is called, for one's own use; ``defgraph.remote`` asks somebody
else's engine over HTTP; ``forked`` is what a server has::

    web process (asyncio)                          zygote (one thread, started by exec)
    ┌────────────────────────────────┐  control  ┌─────────────────────────────────────┐
    │ ForkedStore            forked  │  socket   │ the dataset, in memory      zygote  │
    │  waiting: q q q                │◀─────────▶│ forks a worker for each socket that │
    │  a deadline for each head      │  fork,    │ it is sent; reports who ended, how  │
    │  kill: pidfd, SIGKILL          │  ended    └──────┬──────────────┬───────────────┘
    │                                │                  │ fork         │ fork
    │  Worker ───────────────────────┼─ query ▶ ┌───────▼──────┐┌──────▼───────┐
    │  in_flight: q q      channels  │◀─ bytes ─│ worker       ││ worker       │
    │  Worker ───────────────────────┼──────────│ engine       ││              │
    └────────────────────────────────┘   wire   │ in a sandbox ││              │
                                                └──────────────┘└──────────────┘

1. ``query`` writes the text to an idle worker, if a core is left to wake it on (``crowding``); to
   one that is quick with what it has; or it waits.
2. The worker parses, evaluates and serialises (``defgraph.engine``), and sends the whole answer.
   The web process never parses what a stranger sent.
3. A worker that overruns its deadline is killed; one that needs too much memory or nests too deep
   dies by itself; either is replaced by a fork, in about a millisecond, and what only waited behind
   the culprit is asked of another. All that a worker can do is compute (``defgraph.sandbox``).
4. If the zygote dies, its workers die with it, and another is started with the same dataset. If the
   web process dies, the zygote sees its control socket close, kills its workers and ends.
5. A write is a task for a worker, which does it to its own copy and answers with the quads that
   this adds and deletes; then it ends. The zygote forks a successor that is sent these
   quads, infers, has the shapes judge in a child of its own (``succession``), appends to the
   log, and is the next zygote: queries go to its workers from then on, and the former one ends when
   its last query is answered. Whatever dies before the log has it, nothing has happened; if it is
   not known whether it has, a zygote is started from what is on disk.

The log is ``defgraph.log``: files in a folder, which tell all that the processes do not remember.
"""
