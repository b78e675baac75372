import logging

from odoo import api, models
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

BATCH = 100


class CoachingBatchMixin(models.AbstractModel):
    """Work of a cron in batches, where one bad record must not stop the others."""

    _name = "coaching.batch.mixin"
    _description = "Done in Batches"

    @api.model
    def _run_in_batches(self, domain, method, limit):
        """Run a method of the records of a domain, committing batches; for crons.

        A batch that fails is tried one by one, so that one record does not stop the
        others.

        :param list domain: what is still to be done; what was done falls out of it
        :param str method: name of a method of a batch
        :param int limit: records of one run; the cron comes back for the rest
        """
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=self.search_count(domain))
        found = self.search(domain, limit=limit, order="id")
        for ids in split_every(BATCH, found.ids):
            batch = self.browse(ids)
            if not batch._run_safely(method):
                for record in batch:
                    record._run_safely(method, log=True)
            if not Cron._commit_progress(len(batch)):
                break

    def _run_safely(self, method, log=False):
        """Run a method in a savepoint, return whether it went well."""
        try:
            with self.env.cr.savepoint():
                getattr(self, method)()
        except Exception:  # one bad record must not stop the others
            if log:
                _logger.exception("%s of %s failed", method, self)
            return False
        return True
