def migrate(cr, version):
    """Take clients, and coaches with a portal login, off the followers of our records.

    What staff say in the chatter of a session went to all clients who follow it.
    """
    cr.execute(
        """
        DELETE FROM mail_followers AS follower
         WHERE follower.res_model LIKE 'coaching.%%'
           AND NOT EXISTS (
               SELECT FROM res_users AS login
                WHERE login.partner_id = follower.partner_id
                  AND login.share IS NOT TRUE)
        """
    )
