from odoo import Command
from odoo.tests import tagged

from .common import COACH, PACKAGES, SESSIONS, PortalCommon

BOOK = "/my/coaching/book"
CARD = "//article[hasclass('o_coaching_card')]"


@tagged("post_install", "-at_install")
class TestPortalPerformance(PortalCommon):
    """A longer list costs no more queries (style: a count on each list)."""

    def _count_queries(self, path):
        self.open(path)  # what is cached for good
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.open(path)
        return self.env.cr.sql_log_count - before

    def _fill(self, clients, first=0):
        """Book each of these clients, with a package each, and cancel every second.

        :param int first: number of the first slot to use
        """
        hours = (8, 9, 10, 11, 13, 14, 15, 16)
        for slot, client in enumerate(clients, start=first):
            package = self._sell(client, product=self.product.copy())
            session = self.book(
                days=1 + slot // len(hours),
                hour=hours[slot % len(hours)],
                package_id=package.id,
                partner_ids=client.ids,
            )
            if slot % 2:
                session.action_cancel("Holiday", refund="none")

    def assertConstant(self, few, paths, rows):
        """Assert that full lists cost what short ones did."""
        for path in paths:
            self.assertEqual(len(self.find(self.open(path), CARD)), rows, path)
            count = self._count_queries(path)
            self.assertLessEqual(count, few[path] + 1, path)

    def test_client_lists(self):
        self._issue_makeups("client_early_cancel")
        paths = (SESSIONS, PACKAGES)
        self.login(self.client_user)
        self._fill([self.client] * 2)
        few = {path: self._count_queries(path) for path in paths}
        self._fill([self.client] * 18, first=2)
        self.assertConstant(few, [SESSIONS], 20)
        # besides 20 packages there are 10 make-ups
        self.assertConstant(few, [PACKAGES], 30)

    def test_coach_lists(self):
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(40)]
        )
        paths = (COACH, f"{COACH}?filterby=awaiting", f"{COACH}?filterby=past")
        later = self.now.replace(day=20)
        self.login(self.portal_coach_user)
        self._fill(clients[:2])
        self.travel(later)
        few = {path: self._count_queries(path) for path in paths}
        self.travel(self.now)
        self._fill(clients[2:30], first=2)
        self.travel(later)
        self.assertConstant(few, paths[:1], 20)
        self.assertConstant(few, paths[1:], 15)

    def test_group(self):
        """A group's page costs the same for any number of clients."""
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(8)]
        )
        counts = []
        for days, size in ((1, 2), (2, 8)):
            for client in clients[:size]:
                self._sell(client)
            session = self.book(
                days=days,
                booking_type_id=self.group_type.id,
                partner_ids=clients[:size].ids,
            )
            self.travel(session.stop)
            self.login(self.portal_coach_user)
            counts.append(self._count_queries(f"{COACH}/{session.id}"))
            self.travel(self.now)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_ledger(self):
        self.login(self.client_user)
        path = f"{PACKAGES}/{self.package.id}"
        self.book(days=1)
        few = self._count_queries(path)
        for days in (2, 3, 4):
            self.book(days=days).action_cancel("Holiday")
        self.assertLessEqual(self._count_queries(path), few + 1)

    # R147
    def test_booking(self):
        """More coaches and packages to choose from cost no more queries."""
        self.login(self.client_user)
        query = f"?type={self.individual.id}"
        paths = (BOOK, f"{BOOK}{query}", f"{BOOK}{query}&start=2027-03-02T09:00")
        few = {path: self._count_queries(path) for path in paths}
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Coach {number}",
                    "login": f"booking_coach_{number}",
                    "group_ids": [Command.link(self.env.ref("base.group_portal").id)],
                }
                for number in range(8)
            ]
        )
        self.env["coaching.coach"].create(
            [
                {
                    "user_id": user.id,
                    "resource_calendar_id": self.calendar.id,
                    "tz": "UTC",
                }
                for user in users
            ]
        )
        for _number in range(4):
            self._sell(self.client)
        for path in paths:
            self.assertLessEqual(self._count_queries(path), few[path] + 1, path)
