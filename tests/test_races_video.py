"""Video meetings while people move and cancel: real commits, an answer in between.

Services are asked outside of any transaction that somebody waits for; what they answer
may no longer be what is wanted (R84).
"""

import contextlib
import threading
from unittest.mock import patch

import pytest
from races_world import World


@pytest.fixture(scope="module")
def world(registry):
    return World(registry)


class FakeService:
    """Stands for Zoom: remembers what there is, and calls somebody in between."""

    def __init__(self, between=lambda session_id: None):
        self.meetings = {}
        self.between = between
        self.lock = threading.Lock()

    def create(self, provider, meeting):
        with self.lock:
            number = str(1000 + len(self.meetings))
            self.meetings[number] = meeting.tag
        self.between(meeting.session_id.id)
        return {"external_id": number, "join_url": f"https://zoom.example.com/{number}"}

    def delete(self, provider, meeting):
        del self.meetings[meeting.external_id]

    def find(self, provider, meeting):
        for number, tag in self.meetings.items():
            if tag == meeting.tag:
                url = f"https://zoom.example.com/{number}"
                return {"external_id": number, "join_url": url}
        return None


@contextlib.contextmanager
def serving(world, service):
    Provider = world.registry["coaching.video.provider.zoom"]
    with (
        patch.object(Provider, "_create_meeting", lambda *args: service.create(*args)),
        patch.object(Provider, "_delete_meeting", lambda *args: service.delete(*args)),
        patch.object(Provider, "_find_meeting", lambda *args: service.find(*args)),
    ):
        yield


def run(world):
    world.commit(lambda env: env["coaching.video.meeting"]._cron_run())


def booked(world, count=1):
    def on_zoom(env):
        env.ref("coaching_sessions.booking_type_individual").video_provider = "zoom"

    world.commit(on_zoom)
    (coach_id,) = world.coach()
    clients = world.clients(count)
    return [
        world.book(coach_id, client_id, world.slot(8 + number))
        for number, client_id in enumerate(clients)
    ]


def cancel(world, session_id):
    def call(env):
        session = env["coaching.session"].browse(session_id)
        if session.state == "scheduled":
            session.action_cancel()

    world.commit(call)


def states(world, session_ids):
    return world.commit(
        lambda env: (
            env["coaching.session"]
            .browse(session_ids)
            .video_meeting_ids.mapped("state")
        )
    )


def test_cancelled_while_it_was_made(world):
    """What was made for nobody is deleted again."""
    session_ids = booked(world)
    service = FakeService(between=lambda session_id: cancel(world, session_id))
    with serving(world, service):
        run(world)
        run(world)
    assert service.meetings == {}
    assert states(world, session_ids) == ["deleted"]


def test_cancelled_as_the_answer_is_kept(world):
    """At the very moment: who keeps the answer looks again, and loses nothing."""
    session_ids = booked(world)
    service = FakeService()
    Meeting = world.registry["coaching.video.meeting"]
    settle, cancelled = Meeting._settle, []

    def late(self, answer):
        if not cancelled:
            # the snapshot is taken, then somebody else commits
            self.env.cr.execute("SELECT 1")
            cancelled.append(self.session_id.id)
            cancel(world, self.session_id.id)
        return settle(self, answer)

    with serving(world, service), patch.object(Meeting, "_settle", late):
        run(world)
        run(world)
    assert cancelled == session_ids
    assert service.meetings == {}
    assert states(world, session_ids) == ["deleted"]


def test_two_at_once(world):
    """Two crons share the work: one meeting each session, whoever comes first."""
    session_ids = booked(world, count=6)
    service = FakeService()
    with serving(world, service):
        threads = [threading.Thread(target=run, args=(world,)) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert len(service.meetings) == 6
    assert len(set(service.meetings.values())) == 6
    assert states(world, session_ids) == ["ready"] * 6


def test_killed_after_asking(world):
    """A process that never comes back has asked: the next one finds what there is."""
    session_ids = booked(world)

    class Killed(BaseException):
        pass

    def kill(session_id):
        raise Killed

    service = FakeService(between=kill)
    with serving(world, service):
        with pytest.raises(Killed):
            run(world)
        service.between = lambda session_id: None
        assert states(world, session_ids) == ["pending"]
        world.commit(
            lambda env: env["coaching.session"]
            .browse(session_ids)
            .video_meeting_ids._look_now()
        )
        run(world)
    assert len(service.meetings) == 1
    assert states(world, session_ids) == ["ready"]
