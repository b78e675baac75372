"""What must never be found in a database, asked of the database itself."""

BLOCKING = "('scheduled', 'completed', 'no_show')"
LIVE = (
    "NOT COALESCE(is_reversed, FALSE)"
    " AND reversal_of_id IS NULL AND refund_of_id IS NULL"
)

# What must never be found: each query counts the cases of it.
RULES = {
    "a coach in two sessions at a time": f"""
        SELECT count(*) FROM coaching_session one JOIN coaching_session other
            ON one.coach_id = other.coach_id AND one.id < other.id
           AND one.busy_start < other.busy_stop AND other.busy_start < one.busy_stop
         WHERE one.state IN {BLOCKING} AND other.state IN {BLOCKING}""",
    "more sessions a day or week than a coach wants": f"""
        SELECT count(*) FROM (
            SELECT coach_id FROM coaching_session session
              JOIN coaching_coach coach ON coach.id = session.coach_id
             WHERE state IN {BLOCKING} AND max_sessions_day > 0
             GROUP BY coach_id, max_sessions_day, start::date
            HAVING count(*) > max_sessions_day
            UNION ALL
            SELECT coach_id FROM coaching_session session
              JOIN coaching_coach coach ON coach.id = session.coach_id
             WHERE state IN {BLOCKING} AND max_sessions_week > 0
             GROUP BY coach_id, max_sessions_week, date_trunc('week', start)
            HAVING count(*) > max_sessions_week) found""",
    "a room in two sessions at a time": f"""
        SELECT count(*) FROM coaching_session_resource one
          JOIN coaching_session_resource other
            ON one.resource_id = other.resource_id AND one.id < other.id
          JOIN coaching_session session ON session.id = one.session_id
          JOIN coaching_session another ON another.id = other.session_id
         WHERE one.taken AND other.taken
           AND session.state IN {BLOCKING} AND another.state IN {BLOCKING}
           AND session.start < another.stop AND another.start < session.stop""",
    "a time of a coach that is held and taken, or held twice": f"""
        SELECT count(*) FROM coaching_hold hold
         WHERE state = 'held' AND (EXISTS (
               SELECT FROM coaching_session session
                WHERE session.coach_id = hold.coach_id AND session.state IN {BLOCKING}
                  AND session.busy_start < hold.busy_stop
                  AND hold.busy_start < session.busy_stop) OR EXISTS (
               SELECT FROM coaching_hold other
                WHERE other.coach_id = hold.coach_id AND other.id > hold.id
                  AND other.state = 'held' AND other.busy_start < hold.busy_stop
                  AND hold.busy_start < other.busy_stop))""",
    "a session or held time that is not where both are judged": f"""
        SELECT count(*) FROM (
            (SELECT coach_id, id AS session_id, NULL AS hold_id,
                    tsrange(busy_start, busy_stop) AS span
               FROM coaching_session WHERE state IN {BLOCKING}
             UNION ALL
             SELECT coach_id, NULL, id, tsrange(busy_start, busy_stop)
               FROM coaching_hold WHERE state = 'held')
            EXCEPT ALL
            SELECT coach_id, session_id, hold_id, span
              FROM coaching_coach_time) found""",
    "a session with two open proposals": """
        SELECT count(*) FROM (
            SELECT FROM coaching_proposal WHERE state = 'open'
               AND session_id IS NOT NULL
             GROUP BY session_id HAVING count(*) > 1) found""",
    "who waits and has another offer than the list says": """
        SELECT count(*) FROM coaching_waiting entry
         WHERE (state = 'offered')::int <> (
               SELECT count(*) FROM coaching_proposal
                WHERE waiting_id = entry.id AND state = 'open')""",
    "times that are held for what is answered": """
        SELECT count(*) FROM coaching_hold hold
          JOIN coaching_proposal proposal ON proposal.id = hold.proposal_id
         WHERE hold.state = 'held' AND proposal.state <> 'open'
            OR proposal.state = 'accepted' AND (
               SELECT count(*) FROM coaching_hold
                WHERE proposal_id = proposal.id AND state = 'taken') <> 1""",
    "a session that somebody was reminded of twice": """
        SELECT count(*) FROM (
            SELECT FROM coaching_notification
             WHERE reminder_id IS NOT NULL AND state <> 'skipped'
             GROUP BY reminder_id, attendance_id, session_id, session_start
            HAVING count(*) > 1) found""",
    "a client in two sessions at a time": f"""
        SELECT count(*) FROM coaching_attendance one JOIN coaching_attendance other
            ON one.partner_id = other.partner_id AND one.id < other.id
           AND one.start < other.stop AND other.start < one.stop
         WHERE one.state IN {BLOCKING} AND other.state IN {BLOCKING}""",
    "more clients than seats": f"""
        SELECT count(*) FROM coaching_session session
         WHERE seats_taken NOT BETWEEN 0 AND seats OR seats_taken <> (
               SELECT count(*) FROM coaching_attendance
                WHERE session_id = session.id AND state IN {BLOCKING})""",
    "a session that its calendar event does not show": f"""
        SELECT count(*) FROM coaching_session session
          LEFT JOIN calendar_event event ON event.id = session.event_id
         WHERE session.state IN {BLOCKING}
           AND (event.id IS NULL OR NOT event.active
                OR event.start <> session.start OR event.stop <> session.stop)""",
    "a package with less than nothing left": """
        SELECT count(*) FROM coaching_package package
         WHERE remaining < 0 OR held < 0 OR used < 0
            OR 0 > (SELECT COALESCE(sum(quantity), 0) FROM coaching_package_move
                     WHERE package_id = package.id)""",
    "a package whose counters are not the sums of its moves": """
        SELECT count(*) FROM coaching_package package
         WHERE ARRAY[remaining, -held, -used, -expired, -refunded, granted]::bigint[]
            <> (
               SELECT ARRAY[COALESCE(sum(quantity), 0),
                      COALESCE(sum(quantity) FILTER (
                          WHERE kind IN ('hold', 'release')), 0),
                      COALESCE(sum(quantity) FILTER (WHERE kind = 'use'), 0),
                      COALESCE(sum(quantity) FILTER (WHERE kind = 'expire'), 0),
                      COALESCE(sum(quantity) FILTER (WHERE kind = 'refund'), 0),
                      COALESCE(sum(quantity) FILTER (
                          WHERE kind IN ('grant', 'adjust')), 0)]
                 FROM coaching_package_move WHERE package_id = package.id)""",
    "a line that counts something else than its package": """
        SELECT count(*) FROM coaching_package_move move
          JOIN coaching_package package ON package.id = move.package_id
         WHERE move.unit <> package.unit
            OR (move.unit = 'unlimited' AND move.quantity <> 0)""",
    "an owed session that is paid, or whose number another one has": """
        SELECT count(*) FROM coaching_attendance one
         WHERE one.owed_slot > 0 AND (one.package_id IS NOT NULL OR EXISTS (
               SELECT FROM coaching_attendance other
                WHERE other.id <> one.id AND other.partner_id = one.partner_id
                  AND other.company_id = one.company_id AND other.owed_slot > 0
                  AND int4range(one.owed_slot, one.owed_slot + one.sessions_deducted)
                      && int4range(other.owed_slot,
                                   other.owed_slot + other.sessions_deducted)))""",
    "a client and a coach who are not engaged exactly once": """
        SELECT count(*) FROM (
            SELECT FROM (SELECT DISTINCT partner_id, coach_id, company_id
                           FROM coaching_attendance) AS pair
              LEFT JOIN coaching_engagement USING (partner_id, coach_id, company_id)
             GROUP BY partner_id, coach_id, company_id
            HAVING count(coaching_engagement.id) <> 1) found""",
    "an engagement that ended with sessions to come": """
        SELECT count(*) FROM coaching_engagement engagement
         WHERE state = 'ended' AND EXISTS (
               SELECT FROM coaching_attendance attendance
                WHERE attendance.partner_id = engagement.partner_id
                  AND attendance.coach_id = engagement.coach_id
                  AND attendance.state = 'scheduled' AND attendance.start > now())""",
    "a weekly time that is kept for two clients": """
        SELECT count(*) FROM coaching_reserved_slot one
          JOIN coaching_reserved_slot other
            ON one.coach_id = other.coach_id AND one.weekday = other.weekday
           AND one.id < other.id
           AND one.start_minute < other.start_minute + other.duration_minutes
           AND other.start_minute < one.start_minute + one.duration_minutes
           AND daterange(one.date_from, one.date_to, '[]')
               && daterange(other.date_from, other.date_to, '[]')
         WHERE one.state = 'active' AND other.state = 'active'""",
    "a session taken from a package twice": """
        SELECT count(*) FROM (
            SELECT FROM coaching_package_move move
             WHERE kind IN ('hold', 'use') AND reversal_of_id IS NULL AND NOT EXISTS (
                   SELECT FROM coaching_package_move WHERE reversal_of_id = move.id)
             GROUP BY attendance_id HAVING count(*) > 1) found""",
    "a hold or use that ended twice": """
        SELECT count(*) FROM (
            SELECT FROM coaching_package_move WHERE reversal_of_id IS NOT NULL
             GROUP BY reversal_of_id HAVING count(*) > 1) found""",
    "two make-ups for one missed session": """
        SELECT count(*) FROM (
            SELECT FROM coaching_makeup
             WHERE attendance_id IS NOT NULL AND state <> 'revoked'
             GROUP BY attendance_id HAVING count(*) > 1) found""",
    "a make-up used twice": f"""
        SELECT count(*) FROM (
            SELECT FROM coaching_attendance
             WHERE used_makeup_id IS NOT NULL AND state IN {BLOCKING}
             GROUP BY used_makeup_id HAVING count(*) > 1) found""",
    "a session or its make-up that earns twice": f"""
        SELECT count(*) FROM (
            SELECT FROM coaching_remuneration_line WHERE earns AND {LIVE}
             GROUP BY entitlement_id HAVING count(*) > 1) found""",
    "a session that is paid on several lines": f"""
        SELECT count(*) FROM (
            SELECT FROM coaching_remuneration_line
             WHERE rule_id IS NOT NULL AND basis IN ('session', 'hour') AND {LIVE}
             GROUP BY session_id HAVING count(*) > 1) found""",
    "a session that earns and is paid on no line": f"""
        SELECT count(*) FROM coaching_remuneration_line line
         WHERE earns AND NOT COALESCE(is_settled, FALSE) AND {LIVE} AND NOT EXISTS (
               SELECT FROM coaching_remuneration_line
                WHERE session_id = line.session_id AND rule_id IS NOT NULL
                  AND {LIVE})""",
    "a closed attendance without its one remuneration line": f"""
        SELECT count(*) FROM coaching_attendance attendance
         WHERE (state <> 'scheduled')::int <> (
               SELECT count(*) FROM coaching_remuneration_line
                WHERE attendance_id = attendance.id AND {LIVE})""",
    "a payslip that pays something else than its lines": """
        SELECT count(*) FROM hr_payslip payslip
         WHERE (SELECT CASE WHEN credit_note THEN -1 ELSE 1 END
                       * COALESCE(sum(total), 0)
                  FROM hr_payslip_line
                 WHERE slip_id = payslip.id AND code = 'COACHING')
            <> (SELECT COALESCE(sum(amount), 0) FROM coaching_remuneration_line
                 WHERE payslip_id = payslip.id)""",
    "what is booked and what is held of packages differ": """
        SELECT count(*) FROM coaching_attendance attendance
          LEFT JOIN coaching_package_move claim ON claim.id = claim_move_id
         WHERE attendance.package_id IS NOT NULL AND sessions_deducted > 0
           AND (attendance.state = 'scheduled')
               IS DISTINCT FROM COALESCE(claim.kind = 'hold', FALSE)
            OR EXISTS (SELECT FROM coaching_package_move
                        WHERE reversal_of_id = claim.id)""",
    "a make-up that does not know where it is used": f"""
        SELECT count(*) FROM coaching_makeup makeup
         WHERE (state = 'used') <> EXISTS (
               SELECT FROM coaching_attendance
                WHERE id = makeup.used_attendance_id AND used_makeup_id = makeup.id
                  AND (state IN {BLOCKING} OR uses_session))""",
    "more excused than the allowance": """
        SELECT count(*) FROM (
            SELECT FROM coaching_attendance attendance
              JOIN coaching_outcome_policy policy
                ON policy.id = split_part(excuse_key, '/', 1)::int
             WHERE excused
             GROUP BY policy.id, regexp_replace(excuse_key, '[^/]*$', '')
            HAVING count(*) > policy.excused_count) found""",
    "more make-ups than the limit": """
        SELECT count(*) FROM (
            SELECT FROM coaching_makeup makeup
              JOIN res_company company ON company.id = makeup.company_id
             WHERE limit_key IS NOT NULL AND state <> 'revoked'
               AND coaching_makeup_limit > 0
             GROUP BY company.id, regexp_replace(limit_key, '[^/]*$', '')
            HAVING count(*) > coaching_makeup_limit) found""",
    "a session that the log has not closed once": """
        SELECT count(*) FROM coaching_attendance attendance
         WHERE (state <> 'scheduled')::int <> (
               SELECT count(*) FROM coaching_session_log
                WHERE attendance_id = attendance.id AND action = 'closed')""",
    "a session of another time": """
        SELECT count(*) FROM coaching_session WHERE start < '2000-01-01'""",
    "a dispute that the session does not show": """
        SELECT count(*) FROM coaching_attendance attendance
         WHERE COALESCE(is_disputed, FALSE) <> EXISTS (
               SELECT FROM coaching_dispute
                WHERE attendance_id = attendance.id AND state = 'open')""",
    "pay that does not wait for a dispute": """
        SELECT count(*) FROM coaching_remuneration_line line
          JOIN coaching_dispute dispute
            ON dispute.attendance_id IN (line.attendance_id, line.entitlement_id)
         WHERE dispute.state = 'open' AND (line.state = 'on_payslip'
            OR line.state IN ('to_pay', 'paid') AND NOT COALESCE(on_hold, FALSE))""",
}


def broken_rules(cr):
    """Return {rule: number of cases} of what is wrong in the whole database."""
    found = {}
    for rule, query in RULES.items():
        cr.execute(query)
        (count,) = cr.fetchone()
        if count:
            found[rule] = count
    return found


def count_rows(env, model, domain=()):
    return env[model].sudo().with_context(active_test=False).search_count(domain)
