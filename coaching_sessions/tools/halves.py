"""Many at once, and who is to blame found by halves.

So a thousand that go well share their queries, and one that does not costs some more
instead of all.
"""


def do_by_halves(items, attempt):
    """Do something with items, all at once; where that fails, with half of them.

    :param items: what can be cut: a list or a recordset
    :param attempt: function of a part of them; returns None, or why nothing was done
        with that part. What it raises stops everything.
    :return: list of (item, why it failed), in the order of the items
    """
    if not items:
        return []
    failure = attempt(items)
    if failure is None:
        return []
    if len(items) == 1:
        return [(items[0], failure)]
    half = len(items) // 2
    return [
        *do_by_halves(items[:half], attempt),
        *do_by_halves(items[half:], attempt),
    ]
