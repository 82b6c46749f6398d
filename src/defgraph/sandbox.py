"""What a worker may do: compute, and talk over the one socket that it was given.

A worker evaluates what strangers sent, with an engine that follows ``SERVICE`` to any address.
So before its first query the kernel is told to refuse it everything else, by one of two means:

- *seccomp*: a filter that knows the few dozen system calls a query needs, and fails all others
  (socket, connect, open, execve, ptrace, kill of another process, io_uring, ...) with EPERM. It is
  a list of what is allowed, so that a system call invented tomorrow is denied. Other
  architectures' call numbers end the process.
- *namespace*: where there is no seccomp, a network namespace of its own, which has no interface.

Limits of resources keep its memory, and keep it from opening files, by both means.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from struct import pack
from typing import Final, Literal, TypeAlias

Means: TypeAlias = Literal["seccomp", "namespace", "none"]

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_CLONE_NEWUSER_NEWNET: Final = 0x10000000 | 0x40000000

_ARCHITECTURES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Of each machine: its column in the table below, and its AUDIT_ARCH number."""

_ALLOWED: Final = {
    # talking over sockets and pipes that are open
    "read": (0, 63),
    "write": (1, 64),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "poll": (7, None),
    "ppoll": (271, 73),
    "close": (3, 57),
    # memory
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    # time, chance, locks
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "gettimeofday": (96, 169),
    "getrandom": (318, 278),
    "futex": (202, 98),
    "membarrier": (324, 283),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    # itself
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getrusage": (98, 165),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
_TO_CONNECT: Final = {
    # with another endpoint
    "socket": (41, 198),
    "connect": (42, 203),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "sendmmsg": (307, 269),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "writev": (20, 66),
    # reading how names are resolved, and which certificates count
    "fstat": (5, 80),
    "stat": (4, None),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "lseek": (8, 62),
    "getdents64": (217, 61),
    "uname": (63, 160),
}
"""Allowed besides to a worker that may ask another endpoint; it can listen for nobody."""

_TO_READ: Final = (257, 56)  # openat
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""Opening a file is allowed to it with none of these flags."""

_CONNECTED_FILES: Final = 64
"""So many files and sockets may such a worker have open."""

_TO_ITSELF: Final = {"tkill": (200, 130), "tgkill": (234, 131)}
"""Allowed where the first argument is the worker's own process: how abort() ends it."""

_libc = ctypes.CDLL(None, use_errno=True)


def enter(
    means: Means, *, address_space: int, may_connect: bool = False, file_bytes: int = 0
) -> None:
    """Confine this process for good, to so many bytes of memory among other things.

    One that *may_connect* has the network, and reads the files that this takes; it still writes to
    no file and starts no program. To files that are open it may write, up to *file_bytes* of each.
    """
    files = _CONNECTED_FILES if may_connect else 0
    _limit_resources(address_space, files=files, file_bytes=file_bytes)
    if means == "seccomp":
        _filter_system_calls(may_connect=may_connect)


def end_with_parent(parent: int) -> None:
    """See to it that this process is killed when its parent, process *parent*, ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before
        os._exit(0)


def prepare() -> int:
    """Let this process and its children be the kernel's victims before the web process is.

    Returns how many bytes of address space it has.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def choose() -> Means:
    """Return the means that work here; a namespace is entered at once, for all children too."""
    if _works(_filter_system_calls):
        return "seccomp"
    if _libc.unshare(_CLONE_NEWUSER_NEWNET) == 0:
        return "namespace"
    return "none"


def _works(filter_system_calls: Callable[[], None]) -> bool:
    """Try it on a child process, since nothing undoes it: no socket may be had afterwards."""
    child = os.fork()
    if child == 0:
        try:
            filter_system_calls()
            socket.socket()
        except PermissionError:
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _limit_resources(address_space: int, *, files: int, file_bytes: int) -> None:
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_CORE: 1,  # at 0 a core_pattern that is a pipe still gets its dump
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: files,  # at 0 no further file or socket
        resource.RLIMIT_NPROC: 0,
    }
    for name, value in limits.items():
        resource.setrlimit(name, (value, value))


def _filter_system_calls(*, may_connect: bool = False) -> None:
    """Install the filter; raises OSError where the kernel has no seccomp."""
    program = _program(os.getpid(), may_connect=may_connect)
    instructions = ctypes.create_string_buffer(program, len(program))
    header = pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header, len(header)))


def _program(pid: int, *, may_connect: bool = False) -> bytes:
    """Return the filter in the kernel's BPF: eight bytes an instruction."""
    column, architecture = _ARCHITECTURES[platform.machine()]
    calls = {**_ALLOWED, **_TO_CONNECT} if may_connect else _ALLOWED
    allowed = [numbers[column] for numbers in calls.values()]
    to_itself = [numbers[column] for numbers in _TO_ITSELF.values()]
    to_read = [_TO_READ[column]] if may_connect else []
    checks = [number for number in allowed if number is not None] + to_itself + to_read
    code = [
        _load(4),  # the architecture
        _jump_if(architecture, 1, 0),
        _give(0x8000_0000),  # SECCOMP_RET_KILL_PROCESS
        _load(0),  # the system call's number
    ]
    # After the checks come: refuse; load the first argument; is it ours?; refuse; allow; load the
    # third argument; has it a flag of writing?; refuse; allow.
    for left, number in zip(range(len(checks) - 1, -1, -1), checks, strict=True):
        target = 1 if number in to_itself else 5 if number in to_read else 4
        code.append(_jump_if(number, left + target, 0))
    refuse, allow = _give(0x0005_0001), _give(0x7FFF_0000)  # SECCOMP_RET_ERRNO | EPERM, ALLOW
    code += [refuse, _load(16), _jump_if(pid, 1, 0), refuse, allow]
    code += [_load(32), _jump_if_any(_WRITING, 0, 1), refuse, allow]
    return b"".join(code)


def _load(offset: int) -> bytes:
    return pack("@HBBI", 0x20, 0, 0, offset)


def _jump_if(value: int, if_so: int, if_not: int) -> bytes:
    return pack("@HBBI", 0x15, if_so, if_not, value)


def _jump_if_any(bits: int, if_so: int, if_not: int) -> bytes:
    return pack("@HBBI", 0x45, if_so, if_not, bits)


def _give(action: int) -> bytes:
    return pack("@HBBI", 0x06, 0, 0, action)


def _prctl(option: int, *arguments: object) -> None:
    if _libc.prctl(option, *arguments, *[0] * (4 - len(arguments))):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
