-- a copy sends no text messages
UPDATE sms_sms SET state = 'canceled' WHERE state IN ('outgoing', 'process', 'pending');
