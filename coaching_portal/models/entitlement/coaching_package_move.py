from odoo import models


class CoachingPackageMove(models.Model):
    _inherit = "coaching.package.move"

    def _get_portal_labels(self):
        """Return in a client's words what each kind of line did."""
        return {
            "grant": self.env._("Package bought"),
            "hold": self.env._("Booked"),
            "release": self.env._("Returned"),
            "use": self.env._("Used"),
            "expire": self.env._("Expired unused"),
            "extend": self.env._("Extended"),
            "share": self.env._("Shared"),
            "refund": self.env._("Withdrawn"),
            "adjust": self.env._("Corrected"),
        }

    def _prepare_portal_rows(self, tz):
        """Return what happened when, newest first (R120).

        A hold that ends because the session is used is one line for the client: what
        was booked is used now, and nothing changes in what is left.

        :param self: the lines of one package that the reader may read; who shares it
            reads their own, and what was left is reckoned with the others
        """
        labels = self._get_portal_labels()
        # sudo: found by the client's own rules; of a session only its time and type
        readable = self.sudo()
        lines = readable.search(
            [("package_id", "in", readable.package_id.ids)], order="id"
        )
        uses = {
            (line.attendance_id, line.create_date, line.claim_number): line
            for line in lines
            if line.kind == "use" and line.quantity < 0
        }
        rows, left, merged = [], 0, self.browse()
        for line in lines:
            left += line.quantity
            if line not in readable:
                continue
            if line in merged:
                rows.append(line._prepare_portal_row(labels["use"], 0, left, tz))
                continue
            if line.kind == "release":
                claim = line.reversal_of_id.claim_number + 1
                use = uses.get((line.attendance_id, line.create_date, claim))
                if use:
                    merged |= use
                    continue
            label = labels[line.kind]
            if line.kind in ("use", "refund", "expire") and line.quantity > 0:
                label = labels["release"]
            rows.append(line._prepare_portal_row(label, line.quantity, left, tz))
        return rows[::-1]

    def _prepare_portal_row(self, label, change, left, tz):
        self.ensure_one()
        attendance = self.attendance_id
        session = attendance.session_id
        mine = attendance.partner_id == self.env.user.partner_id
        moment = self.env["coaching.session"]._describe_time(
            self.create_date, self.create_date, tz
        )
        return {
            "date": moment["short_date"],
            "label": label,
            "session": session and session.booking_type_id.name,
            "client": session and not mine and attendance.partner_id.name,
            "session_time": session
            and session._describe_time(
                self.attendance_id.start, self.attendance_id.stop, tz
            ),
            "url": session and mine and f"/my/coaching/sessions/{session.id}",
            "change": f"{change:+d}" if change else "±0",
            "positive": change > 0,
            "left": left,
        }
