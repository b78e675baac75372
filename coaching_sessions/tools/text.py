"""Text as others can take it; no ORM in here."""

import re

# line breaks and whatever else ends or hides a line, by Unicode's word for it
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def to_one_line(text):
    """Return a text without line breaks and other control characters.

    A header of an email with one of them is refused, and the whole email with it.

    :param text: str; anything else is returned as it is
    :return: str
    """
    if not isinstance(text, str) or not _CONTROL.search(text):
        return text
    return " ".join(_CONTROL.sub(" ", text).split())
