-- a copy calls nobody and writes to nobody
UPDATE coaching_zoom_account
   SET account_id = NULL, client_id = NULL, client_secret = NULL, token = NULL,
       token_expiry = NULL;
DELETE FROM ir_config_parameter
 WHERE key IN ('coaching_sessions.zoom_api_url', 'coaching_sessions.zoom_oauth_url');
UPDATE coaching_notification SET state = 'skipped' WHERE state = 'pending';
UPDATE mail_mail SET state = 'cancel'
 WHERE state = 'outgoing' AND mail_message_id IN (
       SELECT id FROM mail_message WHERE model = 'coaching.notification');
UPDATE coaching_reminder SET active = false;
UPDATE coaching_video_meeting SET state = 'failed'
 WHERE state IN ('pending', 'deleting');
