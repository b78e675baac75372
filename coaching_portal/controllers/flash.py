from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers import portal

FLASH = "coaching_flash"


class CustomerPortal(portal.CustomerPortal):
    """What was done, said once on the page that follows a form.

    Kept in the session of the browser: it may name clients, which is nothing for the
    address bar.
    """

    def _redirect_with_coaching_flash(self, url, done, failed=(), key=""):
        """Go on to a page that says what was done and what could not be.

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

        Who taps twice shall read what the first tap has done.
        """
        flash = request.session.get(FLASH) or {}
        return flash.get("url", "") if key and flash.get("key") == key else ""

    def _see_coaching_plan(self, seen, look, do):
        """Look what a form leads to, and do it once just that was seen.

        :param str seen: key of what was shown before, empty the first time
        :param look: function that returns what it leads to, with its ``key``, or
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
                "What it leads to has changed. Read it again before you confirm."
            )
        return None, {"plan": plan, "error": error, "notice": notice}

    def _take_coaching_flash(self):
        """Return what this page has to say, once."""
        flash = request.session.get(FLASH)
        if not flash or request.httprequest.path != flash["url"]:
            return {}
        request.session.pop(FLASH)
        return flash

    def _prepare_coaching_layout_values(self, page_name, **values):
        if page_name in ("coaching_coach", "coaching_close_out"):
            values["flash"] = self._take_coaching_flash()
        return super()._prepare_coaching_layout_values(page_name, **values)
