"""Runs several pytests side by side and says what happens while it happens.

Each reports through the plugin `report_tests`; what it prints goes to a log.
"""

import collections
import dataclasses
import json
import os
import queue
import re
import signal
import subprocess
import threading
import time
import traceback

from .console import Stop
from .paths import LOGS, TOP
from .report_tests import failure_text, repeat_command

PROGRESS_SECONDS = 20
NO_TESTS_COLLECTED = 5
SLOWEST = 10
SECONDS_TO_STOP = 20


@dataclasses.dataclass
class Job:
    """A pytest of its own.

    :param seconds: about how long it takes; the longest begin first
    :param command: gives a context manager of the command to run
    """

    title: str
    seconds: float
    command: object
    found: int = 0
    done: set = dataclasses.field(default_factory=set)
    failed: dict = dataclasses.field(default_factory=dict)
    skipped: set = dataclasses.field(default_factory=set)
    durations: collections.Counter = dataclasses.field(
        default_factory=collections.Counter
    )
    status: int | None = None
    started: float = 0
    ended: float = 0
    last: float = 0

    @property
    def log(self):
        name = re.sub(r"\W+", "-", self.title).strip("-").lower()
        return LOGS / f"tests-{name}.log"

    def handle(self, event):
        """Take note of what the plugin tells."""
        kind, test, now = event["event"], event.get("test"), time.monotonic()
        # Not measured by the tests: they stop the clock and travel in time.
        passed, self.last = now - self.last, now
        if kind == "found":
            self.found = event["tests"]
        elif kind == "failed":
            self.failed[test] = event
        elif kind == "skipped":
            self.skipped.add(test)
        elif kind == "done":
            self.done.add(test)
        if test and self.found:
            self.durations[test.partition("::")[0]] += passed

    def passed(self):
        return len(self.done - self.skipped - set(self.failed))

    def missing(self):
        """How many tests did not run because the process broke off."""
        return max(self.found - len(self.done), 0)

    def broke_off(self):
        """Whether it ended for another reason than tests that fail."""
        if self.status in (0, NO_TESTS_COLLECTED):
            return False
        return bool(self.missing() or not self.failed)


class Pool:
    """Jobs of which at most `slots` run at once."""

    def __init__(self, jobs, slots, environment):
        self.jobs = jobs
        self.slots = slots
        self.environment = environment
        self.waiting = collections.deque(sorted(jobs, key=lambda job: -job.seconds))
        self.events = queue.Queue()
        self.processes = set()
        self.stopped = False
        self.started = time.monotonic()

    def run(self):
        """Run all; afterwards each job has its status."""
        LOGS.mkdir(parents=True, exist_ok=True)
        threads = [threading.Thread(target=self._work) for _ in range(self.slots)]
        for thread in threads:
            thread.start()
        try:
            self._follow()
        finally:
            self._stop(threads)

    def _stop(self, threads):
        """End what still runs; the threads drop the databases and end as well."""
        self.stopped = True
        for process in list(self.processes):
            process.send_signal(signal.SIGINT)
        end = time.monotonic() + SECONDS_TO_STOP
        for thread in threads:
            thread.join(max(end - time.monotonic(), 0))
        for process in list(self.processes):
            process.kill()
        for thread in threads:
            thread.join()

    def _work(self):
        while not self.stopped:
            try:
                job = self.waiting.popleft()
            except IndexError:
                return
            job.started = time.monotonic()
            try:
                with job.command() as command:
                    status = self._execute(job, command)
            except Exception as error:
                # Whatever it is, the others go on and the end says so.
                expected = isinstance(error, Stop)
                text = f"{error}\n" if expected else traceback.format_exc()
                job.log.write_text(text)
                status = 1
            self.events.put((job, {"event": "ended", "status": status}))

    def _execute(self, job, command):
        if self.stopped:
            return 1
        reading, writing = os.pipe()
        with job.log.open("w") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=TOP,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**self.environment, "COACHING_EVENTS": str(writing)},
                pass_fds=(writing,),
            )
        self.processes.add(process)
        os.close(writing)
        reader = threading.Thread(target=self._read, args=(job, reading), daemon=True)
        reader.start()
        try:
            return process.wait()
        finally:
            self.processes.discard(process)
            # What a test left behind may keep the pipe open.
            reader.join(10)

    def _read(self, job, descriptor):
        with os.fdopen(descriptor) as pipe:
            for line in pipe:
                self.events.put((job, json.loads(line)))

    def _follow(self):
        """Show failures and progress until every job has ended."""
        open_jobs = len(self.jobs)
        shown = time.monotonic()
        while open_jobs:
            wait = max(shown + PROGRESS_SECONDS - time.monotonic(), 0)
            try:
                job, event = self.events.get(timeout=wait)
            except queue.Empty:
                shown = time.monotonic()
                print(self._progress(), flush=True)
                continue
            job.handle(event)
            if event["event"] == "failed":
                print(f"\n{failure_text(event, job.title)}", flush=True)
            elif event["event"] == "ended":
                open_jobs -= 1
                job.status, job.ended = event["status"], time.monotonic()
                print(f"{self._clock()}  {_ended(job)}", flush=True)

    def _clock(self):
        minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
        return f"{minutes:>4}:{seconds:02}"

    def _progress(self):
        parts = [
            f"{job.title} {len(job.done)} of {job.found or '?'}"
            for job in self.jobs
            if job.started and job.status is None
        ]
        failed = sum(len(job.failed) for job in self.jobs)
        return f"{self._clock()}  {', '.join(parts)}" + (
            f" ({failed} failed)" if failed else ""
        )


def _ended(job):
    if not job.broke_off():
        failed = f"{len(job.failed)} failed, " if job.failed else ""
        return f"{job.title}: done, {failed}{job.passed()} passed"
    tail = job.log.read_text(errors="replace").splitlines()[-40:]
    return "\n".join([f"{job.title}: broke off, its log {job.log} ends in", *tail])


def print_summary(jobs):
    """The slowest files, what failed, and the counts."""
    durations = sum((job.durations for job in jobs), collections.Counter())
    print("\nslowest files")
    for file, seconds in durations.most_common(SLOWEST):
        print(f"{seconds:8.1f} s  {file}")
    failed = [test for job in jobs for test in job.failed]
    if failed:
        print("\nfailed; again with")
        for test in failed:
            print(f"  {repeat_command(test)}")
    passed = sum(job.passed() for job in jobs)
    skipped = sum(len(job.skipped) for job in jobs)
    missing = sum(job.missing() for job in jobs)
    if missing:
        print(f"\n{missing} tests did not run")
    broken = sum(job.broke_off() and not job.missing() for job in jobs)
    count = len(failed) + missing + broken
    print(f"\n{passed} passed, {count} failed, {skipped} skipped")
