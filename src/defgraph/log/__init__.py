"""The past of a dataset, in a folder: a file a generation, each vouching for the one before.

::

    changes      the quads that a write adds and deletes
    generations  one of them as a file: an RDF Patch with a head and hashes
    snapshots    a whole dataset as a file, to open a store quickly
    files        whole files or none: fsync, rename, the writer's lock
    records      the newest numbers, so that the loss of a file is noticed
    patches      the files of a folder, read and checked
    patch_log    the newest generation in memory, and the next one appended to it
    history      what was: generations, differences, copies
"""
