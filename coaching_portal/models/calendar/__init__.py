"""A session for the calendar of its client: a page and a link, and no model.

May know: session, time.
"""
