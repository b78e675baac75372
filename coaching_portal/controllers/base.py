"""What the pages of all capabilities share; none of them imports another one's.

Each capability extends ``CustomerPortal`` as Odoo's own modules do: what is imported
later comes first, so ``super()`` leads down the floors (``models/__init__.py``).
"""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.coaching_sessions.tools.arguments import is_reasonable
from odoo.addons.coaching_sessions.tools.local_time import to_local, to_utc
from odoo.addons.portal.controllers import portal

ITEMS_PER_PAGE = 20
MAX_ID = 2**31 - 1
FLASH = "coaching_flash"
# pages of clients and of coaches, below which several capabilities have theirs
SESSIONS_URL = "/my/coaching/sessions"
COACH_URL = "/my/coaching/coach"


class CustomerPortal(portal.CustomerPortal):
    """Reading what is the user's own, parsing, pages, and doing what was seen."""

    # === PAGES === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for name, (model, domain, limit) in self._get_coaching_counters().items():
            if name in counters:
                values[name] = self._count_coaching(model, domain, limit)
        return values

    def _get_coaching_counters(self):
        """Return model, domain and limit of each counter on the home page; a hook.

        A limit of one where only it matters whether there is anything.
        """
        return {}

    def _prepare_coaching_layout_values(self, page_name, **values):
        """Return the values a page of coaching needs; a hook.

        :param str page_name: which page it is, as its breadcrumbs call it
        """
        return {
            **self._prepare_portal_layout_values(),
            "page_name": page_name,
            "flash": self._take_coaching_flash(),
            **values,
        }

    def _get_coaching_tz(self, coach=None):
        """Return the zone that times are shown in: the reader's, else the coach's."""
        # sudo: the name of the coach's zone
        return request.env.user.tz or (coach and coach.sudo()[:1].tz) or "UTC"

    def _get_coaching_today(self, tz):
        """Return the day it is in a zone."""
        return to_local(request.env["coaching.session"]._now(), tz).date()

    def _get_coaching_local_url(self, url):
        """Return an address of these pages, and never one of another site."""
        # nothing that would end the header it is put into
        is_local = str(url).startswith("/my/") and str(url).isprintable()
        return url if is_local else "/my"

    # === WHOSE === #

    def _get_coaching_client_domain(self):
        """Return what belongs to the user as a client, whatever else they may read."""
        return Domain("partner_id", "=", request.env.user.partner_id.id)

    def _get_coaching_coach_domain(self):
        """Return the sessions the user holds, whatever else they may read."""
        return Domain("coach_id.user_id", "=", request.env.uid)

    def _get_coaching_upcoming_domain(self):
        """Return sessions to come, of sessions and of attendances."""
        now = request.env["coaching.session"]._now()
        return Domain("state", "=", "scheduled") & Domain("stop", ">", now)

    # === READING === #

    def _count_coaching(self, model, domain, limit=None):
        """Count records as the user; none where they may not read the model."""
        records = request.env[model]
        if not records.has_access("read"):
            return 0
        return records.search_count(domain, limit=limit)

    def _search_coaching(self, model, domain, order=None, limit=None):
        """Return records as the user; none where they may not read the model."""
        records = request.env[model]
        if not records.has_access("read"):
            return records
        return records.search(domain, order=order, limit=limit)

    def _find_coaching(self, model, domain, record_id, order=None):
        """Return a record of the user's own, or an empty one.

        :param domain: what makes it their own; never left to the record rules alone
        :param record_id: id, or a domain
        """
        if not isinstance(record_id, Domain):
            if not 0 < record_id <= MAX_ID:
                return request.env[model]
            record_id = Domain("id", "=", record_id)
        return self._search_coaching(model, domain & record_id, order=order, limit=1)

    def _get_coaching_page(self, model, segments, url, page=1, url_args=None):
        """Return the records of a page and its pager.

        :param segments: list of (domain, order): one list after the other
        """
        counts = [self._count_coaching(model, domain) for domain, _order in segments]
        pager = portal.pager(
            url=url,
            total=sum(counts),
            page=page,
            step=ITEMS_PER_PAGE,
            url_args={key: value for key, value in (url_args or {}).items() if value},
        )
        offset, limit = max(0, pager["offset"]), ITEMS_PER_PAGE
        records = request.env[model]
        for (domain, order), count in zip(segments, counts, strict=True):
            if limit and offset < count:
                part = records.search(domain, order=order, offset=offset, limit=limit)
                records |= part
                limit -= len(part)
            offset = max(0, offset - count)
        return records, pager

    def _get_coaching_page_url(self, record, segments, url, filterby):
        """Return the address of the card of a record in a list, on its page of it.

        :param segments: see ``_get_coaching_page``; each by one field, then the id
        """
        position = 0
        for domain, order in segments:
            if not self._find_coaching(record._name, domain, record.id):
                position += self._count_coaching(record._name, domain)
                continue
            name, descending = (order.split(",")[0].split() + [""])[:2]
            operator = ">" if descending else "<"
            before = Domain(name, operator, record[name]) | (
                Domain(name, "=", record[name]) & Domain("id", operator, record.id)
            )
            position += self._count_coaching(record._name, domain & before)
            break
        page = position // ITEMS_PER_PAGE + 1
        if page > 1:
            url = f"{url}/page/{page}"
        return f"{url}?filterby={filterby}#session-{record.id}"

    # === WHAT BROWSERS SEND === #

    def _choose_coaching(self, value, choices):
        """Return a choice from the address bar, the first one for anything unknown."""
        return value if value in choices else next(iter(choices))

    def _parse_coaching_id(self, value):
        """Return an id, 0 for anything that can't be one."""
        value = str(value or "")
        # isdecimal, since int() takes no other digits, nor thousands of them
        if not value.isdecimal() or len(value) > len(str(MAX_ID)):
            return 0
        return int(value) if int(value) <= MAX_ID else 0

    def _parse_coaching_texts(self, post, names):
        """Return what was written into fields of a form, as a dict of str."""
        return {name: str(post.get(name) or "").strip() for name in names}

    def _parse_coaching_day(self, value):
        """Return a day from the address bar, None for none that makes sense."""
        try:
            day = date.fromisoformat(str(value or ""))
        except ValueError:
            return None
        return day if is_reasonable(day) else None

    def _parse_coaching_moment(self, value):
        """Return a day and a time, naive and of the zone it stands for, None for none.

        :param str value: like ``2027-01-04T09:00``
        """
        try:
            moment = datetime.fromisoformat(str(value or ""))
        except ValueError:
            return None
        return None if moment.tzinfo or not is_reasonable(moment) else moment

    def _parse_coaching_time(self, value, tz):
        """Return what a browser's clock says as naive UTC.

        :param str value: of an input of type datetime-local
        :param str tz: zone the page shows times in
        :raise UserError: for what is none
        """
        moment = self._parse_coaching_moment(value)
        if not moment:
            raise UserError(request.env._("Choose the new day and time."))
        return to_utc(moment, tz)

    def _parse_coaching_hour(self, value):
        """Return what an input of type time says as hours, None for nothing.

        :raise UserError: for what is no time
        """
        if not value:
            return None
        hour, _colon, minute = str(value)[:5].partition(":")
        if not (hour.isdecimal() and minute.isdecimal()):
            raise UserError(request.env._("Enter hours from 0 to 24."))
        return int(hour) + int(minute) / 60

    # === DOING === #

    def _try_coaching(self, do, refuse):
        """Do something as the user: rights are checked where anybody's are.

        :param do: function that does it and returns the response
        :param refuse: function of the sentence with which it is refused, returns the
            page again, with what was typed
        """
        try:
            with request.env.cr.savepoint():
                return do()
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return refuse(str(error))

    def _see_coaching_plan(self, seen, look, do):
        """Show what a form will do, and do it once exactly that was seen.

        :param str seen: key of what was shown before, empty the first time
        :param look: function that returns what will happen, with its ``key``, or
            nothing yet
        :param do: function of that, which does it and returns the response
        :return: the response or None, and what the page says else: ``plan``, ``error``
            and ``notice``
        """
        plan, error, notice = {}, "", ""
        try:
            with request.env.cr.savepoint():
                plan = look()
                if plan and seen and seen == plan["key"]:
                    return do(plan), {}
        except AccessError:
            return request.redirect("/my"), {}
        except UserError as problem:
            error = str(problem)
        if seen and not error:
            notice = request.env._(
                "The result has changed. Please review it before you confirm."
            )
        return None, {"plan": plan, "error": error, "notice": notice}

    # === WHAT WAS DONE, SAID ONCE === #

    def _redirect_with_coaching_flash(self, url, done, failed=(), key=""):
        """Go on to a page that says what was done and what could not be.

        Kept in the session of the browser: it may name clients, which must not be for
        the address bar.

        :param str url: of the page, without a query
        :param list done: sentences
        :param list failed: sentences
        :param str key: of the form, see ``_get_coaching_done_url``
        """
        request.session[FLASH] = {
            "url": url,
            "done": list(done),
            "failed": list(failed),
            "key": key,
        }
        return request.redirect(url)

    def _get_coaching_done_url(self, key):
        """Return where a form has led that was sent twice, empty for any other.

        A second tap shows what the first one did.
        """
        flash = request.session.get(FLASH) or {}
        return flash.get("url", "") if key and flash.get("key") == key else ""

    def _take_coaching_flash(self):
        """Return what this page has to say, once."""
        flash = request.session.get(FLASH)
        if not flash or request.httprequest.path != flash["url"]:
            return {}
        request.session.pop(FLASH)
        return flash
