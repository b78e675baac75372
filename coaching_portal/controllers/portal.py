from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

ITEMS_PER_PAGE = 20
MAX_ID = 2**31 - 1


class CustomerPortal(portal.CustomerPortal):
    """Cards on the portal's home page, and what the pages of coaching share."""

    # === HOME === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for name, (model, domain, limit) in self._get_coaching_counters().items():
            if name in counters:
                values[name] = self._count_coaching(model, domain, limit)
        return values

    def _get_coaching_counters(self):
        """Return model, domain and limit of each counter on the home page.

        A limit of one where only it matters whether there is anything.
        """
        client = self._get_coaching_client_domain()
        coach = self._get_coaching_coach_domain()
        return {
            "coaching_upcoming_count": (
                "coaching.attendance",
                client & self._get_coaching_upcoming_domain(),
                None,
            ),
            "coaching_session_count": ("coaching.attendance", client, 1),
            "coaching_package_count": (
                "coaching.package",
                self._get_coaching_package_domain(),
                1,
            ),
            "coaching_awaiting_count": (
                "coaching.session",
                coach & Domain("awaiting_update", "=", True),
                None,
            ),
            "coaching_coach_count": (
                "coaching.coach",
                Domain("user_id", "=", request.env.uid),
                1,
            ),
        }

    # === DOMAINS === #

    def _get_coaching_client_domain(self):
        """Return what belongs to the user as a client, whatever else he may read."""
        return Domain("partner_id", "=", request.env.user.partner_id.id)

    def _get_coaching_package_domain(self):
        """Return the packages the user may draw on, his own and shared ones."""
        return request.env["coaching.package"]._get_usable_domain(
            request.env.user.partner_id
        )

    def _get_coaching_coach_domain(self):
        """Return the sessions the user gives, whatever else he may read."""
        return Domain("coach_id.user_id", "=", request.env.uid)

    def _get_coaching_upcoming_domain(self):
        """Return sessions to come, of sessions and of attendances."""
        now = request.env["coaching.session"]._now()
        return Domain("state", "=", "scheduled") & Domain("stop", ">", now)

    # === READING === #

    def _count_coaching(self, model, domain, limit=None):
        """Count records as the user; none where he may not read the model."""
        records = request.env[model]
        if not records.has_access("read"):
            return 0
        return records.search_count(domain, limit=limit)

    def _find_coaching(self, model, domain, record_id, order=None):
        """Return a record of the user's own, or an empty one.

        :param domain: what makes it his own; never left to the record rules alone
        :param record_id: id, or a domain
        """
        records = request.env[model]
        if not isinstance(record_id, Domain):
            if not 0 < record_id <= MAX_ID:
                return records
            record_id = Domain("id", "=", record_id)
        if not records.has_access("read"):
            return records
        return records.search(domain & record_id, order=order, limit=1)

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

    def _get_coaching_tz(self, coach=None):
        """Return the zone that times are shown in: the reader's, else the coach's."""
        # sudo: the name of the coach's zone
        return request.env.user.tz or (coach and coach.sudo()[:1].tz) or "UTC"

    def _prepare_coaching_layout_values(self, page_name, **values):
        """Return the values every page of coaching needs."""
        return {
            **self._prepare_portal_layout_values(),
            "page_name": page_name,
            **values,
        }

    def _choose_coaching(self, value, choices):
        """Return a choice from the address bar, the first one for anything unknown."""
        return value if value in choices else next(iter(choices))
