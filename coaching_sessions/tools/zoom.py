"""Zoom's REST API as far as sessions need it; knows nothing of Odoo.

Server-to-server OAuth: an access token for an hour, asked for with the account's
credentials. Nothing of what is secret gets into an error: neither addresses (they carry
the account) nor what was sent or answered, except Zoom's own sentence.
"""

import logging
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import requests

_logger = logging.getLogger(__name__)

API_URL = "https://api.zoom.us/v2"
OAUTH_URL = "https://zoom.us/oauth/token"
# seconds without an answer
TIMEOUT = 20
# a token is renewed before it runs out while a request is on its way
MARGIN = timedelta(minutes=2)
# of one host; more than that are not looked through for one of ours
PAGES = 20
REASON_LENGTH = 200


class ZoomError(Exception):
    """A request that did not succeed.

    :ivar str kind: ``unreachable`` (no answer: what was asked for may have been done),
        ``busy`` (try again later), ``credentials``, ``missing`` (no such meeting,
        recording or user), ``refused`` (asking again does not help)
    :ivar str reason: Zoom's own words, shortened; may be empty
    :ivar int status: HTTP status, 0 without an answer
    :ivar retry_at: naive UTC before which Zoom wants no further request, or None
    """

    def __init__(self, kind, reason="", status=0, retry_at=None):
        super().__init__(f"{kind} ({status})")
        self.kind = kind
        self.reason = reason
        self.status = status
        self.retry_at = retry_at


class ZoomClient:
    """Requests in the name of one Zoom account.

    :param dict credentials: ``account_id``, ``client_id``, ``client_secret``
    :param token: pair of access token and when it expires (naive UTC), or None
    :param on_token: called with token and expiry when there is a new one
    """

    def __init__(
        self,
        credentials,
        token=None,
        on_token=None,
        api_url=API_URL,
        oauth_url=OAUTH_URL,
        now=datetime.utcnow,
        timeout=None,
    ):
        self._credentials = credentials
        self._token, self._expiry = token or (None, None)
        self._on_token = on_token or (lambda token, expiry: None)
        self._api_url = api_url.rstrip("/")
        self._oauth_url = oauth_url
        self._now = now
        self._timeout = timeout or TIMEOUT

    # === MEETINGS === #

    def create_meeting(self, user, values):
        """Schedule a meeting of a user, by id or email address, and return it."""
        return self._request("POST", f"/users/{_quoted(user)}/meetings", json=values)

    def find_meeting(self, user, tag):
        """Return a meeting to come whose agenda begins with a tag, or None.

        How a meeting is found again whose answer got lost: Zoom has no key that makes
        creating happen once. Listed agendas are cut off after 250 characters.
        """
        params = {"type": "upcoming", "page_size": 300}
        for _page in range(PAGES):
            answer = self._request(
                "GET", f"/users/{_quoted(user)}/meetings", params=params
            )
            for meeting in answer.get("meetings") or ():
                if (meeting.get("agenda") or "").startswith(tag):
                    # the list has neither password nor dial-in numbers
                    return self.get_meeting(meeting["id"])
            if not answer.get("next_page_token"):
                break
            params["next_page_token"] = answer["next_page_token"]
        return None

    def get_meeting(self, meeting_id):
        """Return a meeting, with a fresh address to start it."""
        return self._request("GET", f"/meetings/{_quoted(meeting_id)}")

    def update_meeting(self, meeting_id, values):
        """Change a meeting."""
        self._request("PATCH", f"/meetings/{_quoted(meeting_id)}", json=values)

    def delete_meeting(self, meeting_id):
        """Delete a meeting; Zoom sends no emails of its own about it."""
        self._request(
            "DELETE",
            f"/meetings/{_quoted(meeting_id)}",
            params={"schedule_for_reminder": "false"},
        )

    def get_recordings(self, meeting_id):
        """Return what was recorded in the cloud."""
        return self._request("GET", f"/meetings/{_quoted(meeting_id)}/recordings")

    def check(self):
        """Raise unless the credentials are good; asks for a new token."""
        self._renew_token()

    # === REQUESTS === #

    def _request(self, method, path, **kwargs):
        """Send a request; where the token is refused, once more with a new one."""
        renewed = not self._has_token()
        if renewed:
            self._renew_token()
        response = self._send_authorized(method, path, **kwargs)
        if response.status_code == 401 and not renewed:
            # revoked before its time
            self._renew_token()
            response = self._send_authorized(method, path, **kwargs)
        self._check(response)
        return _json(response)

    def _send_authorized(self, method, path, **kwargs):
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._send(method, self._api_url + path, headers=headers, **kwargs)

    def _send(self, method, url, **kwargs):
        try:
            # a redirect would take the token along
            return requests.request(
                method, url, timeout=self._timeout, allow_redirects=False, **kwargs
            )
        except requests.RequestException as error:
            # its text has the address in it, and with it the account
            _logger.warning("Zoom was not reached: %s", type(error).__name__)
            raise ZoomError("unreachable") from None

    def _has_token(self):
        return bool(self._token and self._expiry and self._expiry > self._now())

    def _renew_token(self):
        response = self._send(
            "POST",
            self._oauth_url,
            # in the body: addresses get into logs
            data={
                "grant_type": "account_credentials",
                "account_id": self._credentials["account_id"],
            },
            auth=(
                self._credentials["client_id"],
                self._credentials["client_secret"],
            ),
        )
        if response.status_code in (400, 401, 403, 404):
            raise ZoomError("credentials", self._reason(response), response.status_code)
        self._check(response)
        answer = _json(response)
        if not isinstance(answer.get("access_token"), str):
            raise ZoomError("busy", status=response.status_code)
        lasts = timedelta(seconds=int(answer.get("expires_in") or 3600))
        self._token = answer["access_token"]
        self._expiry = self._now() + lasts - MARGIN
        self._on_token(self._token, self._expiry)

    def _check(self, response):
        """Raise for an answer that is no success."""
        status = response.status_code
        if 200 <= status < 300:
            return
        reason, retry_at = self._reason(response), None
        if status == 429:
            kind = "busy"
            retry_at = parse_retry_after(
                response.headers.get("Retry-After"), self._now()
            )
        elif status >= 500 or status == 408:
            kind = "busy"
        elif status == 401:
            kind = "credentials"
        elif status == 404:
            kind = "missing"
        else:
            kind = "refused"
        _logger.info("Zoom answered %s", status)
        raise ZoomError(kind, reason, status, retry_at)

    def _reason(self, response):
        """Return what Zoom says, without what must not get around."""
        try:
            answer = response.json()
        except ValueError:
            return ""
        if not isinstance(answer, dict):
            return ""
        reason = answer.get("message") or answer.get("reason") or ""
        reason = reason if isinstance(reason, str) else ""
        for secret in (*self._credentials.values(), self._token):
            if secret:
                reason = reason.replace(secret, "…")
        return reason[:REASON_LENGTH]


def parse_retry_after(value, now):
    """Return a moment (naive UTC) from a header, None for none.

    Seconds or a date, as HTTP has it; for the limits of a day Zoom writes an ISO date.
    """
    value = (value or "").strip()
    if value.isdigit():
        return now + timedelta(seconds=min(int(value), 7 * 24 * 3600))
    for parse in (
        lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")),
        parsedate_to_datetime,
    ):
        try:
            moment = parse(value)
        except (TypeError, ValueError):
            continue
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        return moment
    return None


def format_dial_in(meeting):
    """Return the phone numbers of a meeting as lines of text."""
    settings = meeting.get("settings") or {}
    lines = []
    for number in settings.get("global_dial_in_numbers") or ():
        place = number.get("city") or number.get("country_name") or ""
        line = f"{number.get('number') or ''} {f'({place})' if place else ''}".strip()
        if line and line not in lines:
            lines.append(line)
    return "\n".join(lines)


def _quoted(part):
    # Zoom: a UUID that has a slash in it is to be quoted twice; we send ids and emails
    return quote(str(part), safe="@")


def _json(response):
    if response.status_code == 204 or not response.content:
        return {}
    try:
        answer = response.json()
    except ValueError:
        raise ZoomError("busy", status=response.status_code) from None
    if not isinstance(answer, dict):
        raise ZoomError("busy", status=response.status_code)
    return answer
