"""A pytest plugin: shows a failing test at once, with the command that repeats it.

With COACHING_EVENTS (a file descriptor) what happens is written there, one JSON object
a line, for who runs several of these side by side; else failures go to the terminal,
and pytest does not show them again at the end.
"""

import json
import os
import shlex

import pytest
from _pytest.terminal import TerminalReporter


def repeat_command(test):
    """The command that runs a test again, for its id or the file it is in."""
    return f"setup/test {shlex.quote(test)}"


def _is_subtest(report):
    return hasattr(report, "context")


class Reports:
    """Follows the reports of tests and tells `show` of each one."""

    def pytest_collection_modifyitems(self, items):
        self.show({"event": "found", "tests": len(items)})

    def pytest_collectreport(self, report):
        if report.failed:
            self._failed(report, "not collected")

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self._failed(report, report.when)
        elif report.skipped and report.when != "teardown" and not _is_subtest(report):
            self.show({"event": "skipped", "test": report.nodeid})
        if report.when == "teardown":
            self.show({"event": "done", "test": report.nodeid})

    def _failed(self, report, when):
        sections = [f"--- {title} ---\n{text}" for title, text in report.sections]
        head = [report.head_line] if _is_subtest(report) else []
        text = "\n".join([*head, report.longreprtext, *sections])
        event = {"event": "failed", "test": report.nodeid, "when": when, "text": text}
        self.show(event)


class ToPipe(Reports):
    def __init__(self, descriptor):
        os.set_inheritable(descriptor, False)
        self.pipe = os.fdopen(descriptor, "w", buffering=1)

    def show(self, event):
        self.pipe.write(json.dumps(event) + "\n")


class ToTerminal(Reports):
    def __init__(self, terminal):
        self.terminal = terminal
        # they were shown already
        terminal.summary_failures = terminal.summary_errors = lambda: None

    def show(self, event):
        if event["event"] == "failed":
            self.terminal.ensure_newline()
            self.terminal.write_line(failure_text(event))


def failure_text(event, where=""):
    """What a person reads of a test that fails."""
    when = {"call": "", "setup": " (preparing it)", "teardown": " (after it)"}
    test = event["test"]
    lines = [
        f"FAILED{when.get(event['when'], '')} {test}{where and f'  [{where}]'}",
        event["text"].rstrip(),
        f"Again: {repeat_command(test)}",
    ]
    return "\n".join(lines) + "\n"


@pytest.hookimpl(trylast=True)  # after the terminal's own plugin
def pytest_configure(config):
    if descriptor := os.environ.pop("COACHING_EVENTS", ""):
        config.pluginmanager.register(ToPipe(int(descriptor)))
        return
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if isinstance(terminal, TerminalReporter):
        config.pluginmanager.register(ToTerminal(terminal))
