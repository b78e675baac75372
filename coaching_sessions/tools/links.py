"""Links that people paste: only what a browser opens as a page."""

from urllib.parse import urlsplit

LONGEST = 2000


def is_link(text):
    """Return whether a text is a web address that can be shown as a link."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return False
    if any(character.isspace() or ord(character) < 32 for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        return False
