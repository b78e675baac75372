"""The list of exceptions: `file name # reason`, a line each."""

# No more than this many, for good.
MOST = 10


def read_allowed(text):
    """Return {(file, name): reason} of the list of exceptions.

    :raise ValueError: for a line without a reason
    """
    allowed = {}
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        what, _, reason = line.partition(" # ")
        file, _, name = what.strip().partition(" ")
        if not reason.strip() or not name:
            raise ValueError(f"no reason is given in: {line}")
        allowed[file, name.strip()] = reason.strip()
    return allowed
