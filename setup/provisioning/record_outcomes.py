"""A pytest plugin: writes which tests passed and which failed as JSON."""

import json
import os
from pathlib import Path


class Outcomes:
    def __init__(self):
        self.failed = {}

    def pytest_runtest_logreport(self, report):
        failed = self.failed.get(report.nodeid, False)
        self.failed[report.nodeid] = failed or report.failed

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed[report.nodeid] = True

    def pytest_sessionfinish(self):
        path = Path(os.environ["COACHING_OUTCOMES"])
        path.write_text(json.dumps(self.failed))


def pytest_configure(config):
    config.pluginmanager.register(Outcomes())
