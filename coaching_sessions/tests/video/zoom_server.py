"""A Zoom that answers as its documentation says, on this machine, with faults on call.

Only what sessions use: tokens of server-to-server OAuth, meetings, cloud recordings.
"""

import base64
import contextlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

ACCOUNT = {
    "account_id": "acc-0123456789",
    "client_id": "client-0123456789",
    "client_secret": "very-secret-0123456789",
}
NUMBERS = [
    {"country": "BE", "country_name": "Belgium", "city": "Brussels"},
    {"country": "US", "country_name": "US"},
]


class ZoomServer:
    """What the account has, and what goes wrong next.

    :ivar list requests: pairs of method and path, as they came in
    :ivar dict meetings: number → meeting
    """

    def __init__(self, users=()):
        self.users = set(users)
        self.meetings = {}
        self.recordings = {}
        self.requests = []
        self.faults = []
        self.tokens = {}
        self.accounts = {ACCOUNT["account_id"]: ACCOUNT}
        self.page_size = 300
        self._number = 81234567890
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.zoom = self
        server.daemon_threads = True
        self._server = server
        self.base = f"http://127.0.0.1:{server.server_address[1]}"
        self.api_url = f"{self.base}/v2"
        self.oauth_url = f"{self.base}/oauth/token"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def fail(self, status=None, path="", method=None, times=1, headers=None, **fault):
        """Have the next requests go wrong.

        :param int status: to answer with
        :param str path: a part of the path of the requests that are meant
        :keyword body: what to answer
        :keyword lose: carry it out, but close the connection without an answer
        :keyword wait: seconds to let pass before the answer
        """
        self.faults.append(
            {
                "status": status,
                "path": path,
                "method": method,
                "times": times,
                "headers": headers or {},
                **fault,
            }
        )

    def take_fault(self, method, path):
        for fault in self.faults:
            if (
                fault["times"]
                and fault["path"] in path
                and fault["method"] in (None, method)
            ):
                fault["times"] -= 1
                return fault
        return None

    def count(self, method, path=""):
        """Return how many such requests came in."""
        return sum(
            1 for name, where in self.requests if name == method and path in where
        )

    @property
    def ours(self):
        """The meetings there are."""
        return list(self.meetings.values())

    # === ENDPOINTS === #

    def token(self, form, authorization):
        account = self.accounts.get(form.get("account_id", [""])[0])
        expected = account and base64.b64encode(
            f"{account['client_id']}:{account['client_secret']}".encode()
        )
        if authorization != f"Basic {(expected or b'').decode()}" or not account:
            return 400, {
                "reason": "Invalid client_id or client_secret",
                "error": "invalid_client",
            }
        token = f"token-{len(self.tokens)}-abcdefghijklmnop"
        self.tokens[token] = True
        return 200, {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": 3599,
            "scope": "meeting:write:admin",
            "api_url": "https://api.zoom.us",
        }

    def add_meeting(self, user, values):
        if user not in self.users:
            return 404, {"code": 1001, "message": f"User does not exist: {user}."}
        self._number += 1
        number = self._number
        self.meetings[number] = {
            "uuid": f"uuid{number}==",
            "id": number,
            "host_email": user,
            "status": "waiting",
            **values,
            "join_url": f"https://example.zoom.us/j/{number}?pwd=abc.1",
            "start_url": f"https://example.zoom.us/s/{number}?zak=host-secret",
            "password": "123456",
            "settings": {
                **values.get("settings", {}),
                "global_dial_in_numbers": [
                    {**place, "number": f"+32 2 290 00 0{index}", "type": "toll"}
                    for index, place in enumerate(NUMBERS)
                ],
            },
        }
        return 201, self.meetings[number]

    def listed(self, user, query):
        mine = [m for m in self.meetings.values() if m["host_email"] == user]
        begin = int(query.get("next_page_token", ["0"])[0])
        page = mine[begin : begin + self.page_size]
        keys = ("uuid", "id", "topic", "type", "start_time", "duration", "join_url")
        rows = [
            {
                **{key: meeting.get(key) for key in keys},
                "agenda": meeting.get("agenda", "")[:250],
            }
            for meeting in page
        ]
        more = begin + self.page_size < len(mine)
        token = str(begin + self.page_size) if more else ""
        return 200, {"next_page_token": token, "meetings": rows}

    def answer(self, method, path, query, values, authorization):
        """Return status and body of a request."""
        if authorization.removeprefix("Bearer ") not in self.tokens:
            return 401, {"code": 124, "message": "Invalid access token."}
        parts = [unquote(part) for part in path.removeprefix("/v2/").split("/")]
        if parts[0] == "users" and parts[2:] == ["meetings"]:
            if method == "POST":
                return self.add_meeting(parts[1], values)
            return self.listed(parts[1], query)
        number = int(parts[1])
        missing = (
            404,
            {
                "code": 3001,
                "message": f"Meeting does not exist: {number}.",
            },
        )
        if parts[2:] == ["recordings"]:
            if number not in self.recordings:
                return 404, {
                    "code": 3301,
                    "message": "There is no recording for this meeting.",
                }
            return 200, self.recordings[number]
        if number not in self.meetings:
            return missing
        if method == "GET":
            return 200, self.meetings[number]
        if method == "PATCH":
            self.meetings[number].update(values)
        else:
            del self.meetings[number]
        return 204, None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def _handle(self):
        zoom = self.server.zoom
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        url = urlsplit(self.path)
        zoom.requests.append((self.command, self.path))
        fault = zoom.take_fault(self.command, url.path)
        if fault and fault["status"]:
            self._answer(fault["status"], fault.get("body"), fault["headers"])
            return
        authorization = self.headers.get("Authorization") or ""
        if url.path == "/oauth/token":
            answer = zoom.token(parse_qs(body.decode()), authorization)
        else:
            values = json.loads(body) if body else {}
            answer = zoom.answer(
                self.command, url.path, parse_qs(url.query), values, authorization
            )
        if fault and fault.get("wait"):
            time.sleep(fault["wait"])
        if fault and fault.get("lose"):
            self.close_connection = True
            return
        self._answer(*answer)

    def _answer(self, status, body, headers=None):
        content = b"" if body is None else json.dumps(body).encode()
        # who asked may not have waited
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle


@contextmanager
def zoom_server(users=()):
    """A server for the time of a block."""
    server = ZoomServer(users)
    try:
        yield server
    finally:
        server.close()
