from odoo import models


class CoachingClientFile(models.TransientModel):
    """Packages with their ledger, and make-ups, in the file of a client."""

    _inherit = "coaching.client.file"

    def _get_client_file_sheets(self, attendances):
        return [
            *super()._get_client_file_sheets(attendances),
            self._get_package_sheet(),
            self._get_package_move_sheet(),
            self._get_makeup_sheet(),
        ]

    def _get_package_sheet(self):
        env = self.env
        columns = [
            env._("Number"),
            env._("Product"),
            env._("Purchase date"),
            env._("Valid until"),
            env._("Status"),
            env._("Total"),
            env._("Booked"),
            env._("Used"),
            env._("Expired unused"),
            env._("Taken back"),
            env._("Left"),
        ]
        rows = [
            [
                package.name,
                package.product_id.name,
                package.purchase_date,
                package.expiry_date,
                self._get_label(package, "state"),
                package.granted,
                package.held,
                package.used,
                package.expired,
                package.refunded,
                package.remaining,
            ]
            for package in self._search_own("coaching.package")
        ]
        return self._make_sheet(env._("Packages"), columns, rows)

    def _get_package_move_sheet(self):
        env = self.env
        columns = [
            env._("When (%(zone)s)", zone=self._get_zone()),
            env._("Package"),
            env._("What"),
            env._("Sessions"),
            env._("Session"),
            env._("Who"),
            env._("Reason"),
        ]
        moves = env["coaching.package.move"].search(
            [("package_id.partner_id", "=", self.partner_id.id)], order="id"
        )
        rows = [
            [
                self._to_zone(move.create_date),
                move.package_id.name,
                self._get_label(move, "kind"),
                move.quantity,
                move.attendance_id.session_id.name,
                move.create_uid.name,
                move.reason,
            ]
            for move in moves
        ]
        return self._make_sheet(env._("Package ledger"), columns, rows)

    def _get_makeup_sheet(self):
        env = self.env
        columns = [
            env._("Missed session"),
            env._("Issued on"),
            env._("Valid until"),
            env._("Status"),
            env._("Made up in"),
            env._("Reason"),
        ]
        rows = [
            [
                makeup.attendance_id.session_id.name,
                makeup.issue_date,
                makeup.expiry_date,
                self._get_label(makeup, "state"),
                makeup.used_attendance_id.session_id.name,
                makeup.reason,
            ]
            for makeup in self._search_own("coaching.makeup")
        ]
        return self._make_sheet(env._("Make-ups"), columns, rows)
