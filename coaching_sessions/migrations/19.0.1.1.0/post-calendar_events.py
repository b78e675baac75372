def migrate(cr, version):
    """Take clients out of the events that show sessions: every employee reads those.

    Their names go from titles, they themselves from who takes part and who follows.
    Clients have our mails and entries; nobody is told of this.
    """
    cr.execute(
        """
        CREATE TEMPORARY TABLE coaching_event ON COMMIT DROP AS
        SELECT event.id, coach.partner_id AS coach_partner_id, session.id AS session_id,
               COALESCE(booking_type.name ->> partner.lang,
                        booking_type.name ->> 'en_US') AS name
          FROM calendar_event event
          JOIN coaching_session session ON session.event_id = event.id
          JOIN coaching_booking_type booking_type
            ON booking_type.id = session.booking_type_id
          JOIN coaching_coach coach ON coach.id = session.coach_id
          JOIN res_partner partner ON partner.id = coach.partner_id;
        UPDATE calendar_event event SET name = shown.name
          FROM coaching_event shown
         WHERE shown.id = event.id AND shown.name <> event.name;
        DELETE FROM calendar_event_res_partner_rel takes_part
         USING coaching_event shown
         WHERE shown.id = takes_part.calendar_event_id
           AND takes_part.res_partner_id <> shown.coach_partner_id;
        DELETE FROM calendar_attendee attendee
         USING coaching_event shown
         WHERE shown.id = attendee.event_id
           AND attendee.partner_id <> shown.coach_partner_id;
        DELETE FROM mail_followers follower
         USING coaching_event shown
          JOIN coaching_attendance attendance
            ON attendance.session_id = shown.session_id
         WHERE follower.res_model = 'calendar.event' AND follower.res_id = shown.id
           AND follower.partner_id = attendance.partner_id
           AND follower.partner_id <> shown.coach_partner_id
        """
    )
