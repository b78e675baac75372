"""What the user reads, and running programs whose output goes to a log."""

import errno
import shutil
import subprocess
import sys
import tempfile
import time

HEARTBEAT_SECONDS = 10
ALMOST_FULL = 20e6

NETWORK_SIGNS = (
    "Temporary failure resolving",
    "Temporary failure in name resolution",
    "Could not resolve",
    "Name or service not known",
    "Network is unreachable",
    "Failed to establish a new connection",
    "Connection refused",
    "Connection timed out",
    "ConnectTimeoutError",
    "Could not connect",
    "NameResolutionError",
)


class Stop(Exception):
    """Ends the command with one sentence: what is missing and what to do."""


class NetworkDown(Stop):
    """A server could not be reached; another source may still be."""


class DiskFull(Stop):
    """No other source will do better."""


def step(text):
    """Announce a step; on stderr, so that a command's own output stays clean."""
    print(f"==> {text}", file=sys.stderr, flush=True)


def note(text):
    print(f"    {text}", file=sys.stderr, flush=True)


def megabytes(size):
    return f"{size / 1e6:.0f} MB"


def disk_full(path):
    return DiskFull(
        f"The disk holding {path} is full; free some space there and run this again."
    )


def require_free_space(path, needed):
    free = shutil.disk_usage(path).free
    if free < needed:
        raise Stop(
            f"Only {megabytes(free)} are free on the disk holding {path} and about "
            f"{megabytes(needed)} are needed; free some space and run this again."
        )


def _tail(log, lines=40):
    text = log.read_text(errors="replace").splitlines()
    return [line.strip() for line in text[-lines:] if line.strip()]


def _failure(what, log):
    tail = _tail(log)
    text = "\n".join(tail)
    # On a full disk the log itself may have stayed empty.
    free = shutil.disk_usage(log.parent).free
    if "No space left on device" in text or free < ALMOST_FULL:
        return disk_full(log.parent)
    if any(sign in text for sign in NETWORK_SIGNS):
        return NetworkDown(
            f"{what} failed because the network cannot be reached; connect this "
            f"machine (or set https_proxy) and run this again (details: {log})."
        )
    errors = [line for line in tail if "error" in line.lower()] or tail
    last = errors[-1] if errors else "no output"
    return Stop(f"{what} failed ({last}); the full log is {log}.")


def run(command, log, what, progress=None, script="", **options):
    """Run a program, its output in `log`; `progress()` is shown while it works.

    `script` is what it reads from its standard input.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output, tempfile.TemporaryFile("w+") as stdin:
        stdin.write(script)
        stdin.seek(0)
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
        shown = time.monotonic()
        try:
            while True:
                try:
                    status = process.wait(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    if time.monotonic() - shown >= HEARTBEAT_SECONDS:
                        shown = time.monotonic()
                        note(progress() if progress else f"{what} is still working ...")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if status:
        raise _failure(what, log)


def sentence_for(error):
    """One sentence for the failures that can happen anywhere, else None."""
    if isinstance(error, Stop):
        return str(error)
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return str(disk_full(error.filename or "this checkout"))
        if error.errno in (errno.EACCES, errno.EROFS) and error.filename:
            return (
                f"{error.filename} cannot be written; make this checkout writable for "
                "your user (or delete its .odoo folder) and run this again."
            )
    return None
