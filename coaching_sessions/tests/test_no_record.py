import inspect

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CoachingCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
MISSING = 2**30
ARGUMENTS = {
    "outcome_code": "completed",
    "start": "2027-03-10 10:00:00",
    "starts": ["2027-03-10 10:00:00"],
    "date": "2029-01-01",
    "date_from": "2027-03-10",
    "date_to": "2027-03-10",
    "vals": {},
    "answers": {},
    "percent": 50,
    "quantity": 1,
    "goal_ids": [],
    "sharing": "none",
    "coach_id": 1,
    "partner_id": 1,
    "mode": "none",
}
ORM = {
    *("init", "create", "write", "unlink", "copy_data", "default_get", "onchange"),
    "ensure_one",
    # Odoo's own, which we only refuse more of
    *("message_subscribe", "message_post"),
}


@tagged("post_install", "-at_install")
class TestNoRecord(CoachingCommon):
    """Public methods and dialogs on records that aren't there: a sentence, no act.

    By reflection, so that a method that is added later is in it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls("test_none_of_them").book()

    def _methods(self):
        """Yield model and method of everything others may call on records."""
        for name, model in sorted(self.env.registry.items()):
            if not name.startswith("coaching.") or model._abstract:
                continue
            names = {
                method
                for cls in model.mro()
                if cls.__module__.startswith("odoo.addons.coaching_")
                for method, function in vars(cls).items()
                if inspect.isfunction(function)
                and not method.startswith("_")
                and method not in ORM
            }
            for method in sorted(names):
                function = getattr(model, method)
                if not getattr(function, "_api_model", False):
                    yield name, method

    def _call(self, records, method):
        """Return what a method answers, or the error; what it did is taken back."""
        function = getattr(records, method)
        arguments = [
            ARGUMENTS.get(parameter.name, "Text")
            for parameter in inspect.signature(function).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind == parameter.POSITIONAL_OR_KEYWORD
        ]
        result = None
        try:
            with self.env.cr.savepoint(), mute_logger(*QUIET):
                result = function(*arguments)
                self.env.flush_all()
                raise ZeroDivisionError
        except ZeroDivisionError:
            return result
        except Exception as error:
            return error
        finally:
            self.env.invalidate_all(flush=False)

    def _users(self):
        return self.manager, self.coach_user, self.client_user

    def test_none_of_them(self):
        for name, method in self._methods():
            for user in self._users():
                for ids in ([], [0], [0, 0], [MISSING]):
                    records = self.env[name].with_user(user).browse(ids)
                    with self.subTest(f"{name}.{method}", ids=ids, user=user.login):
                        answer = self._call(records, method)
                        if ids == [MISSING] and isinstance(answer, dict):
                            # a window to open, in which nothing will be found
                            self.assertEqual(answer["type"], "ir.actions.act_window")
                            continue
                        self.assertIsInstance(answer, UserError, answer)

    def test_several(self):
        """Where one is meant, it is said in a sentence."""
        for name, method in self._methods():
            records = self.env[name].with_user(self.manager)
            records = records.browse(records.sudo().search([], limit=2).ids)
            records |= records.browse(MISSING)
            with self.subTest(f"{name}.{method}"):
                answer = self._call(records, method)
                if isinstance(answer, Exception):
                    self.assertIsInstance(answer, UserError, answer)

    def test_id_zero_ends_nothing(self):
        """As a client tried it: no answer, no message."""
        engagements = self.env["coaching.engagement"].with_user(self.client_user)
        messages = self.env["mail.message"].search_count([])
        with self.assertRaises(UserError):
            engagements.browse([0]).action_end(reason="Gone")
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        dialog = self.env["coaching.coach.absence"].with_user(self.coach_user)
        for ids in ([0], [], [MISSING]):
            with self.assertRaises(UserError):
                dialog.browse(ids).action_apply()
