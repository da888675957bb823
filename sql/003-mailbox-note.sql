-- What a mailbox's driver must remember where messages stay: a cursor for each
-- folder, the messages that were done with. The columns for one folder go.

CREATE TABLE mailbox_note (
	mailbox TEXT NOT NULL,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (mailbox, key)
) STRICT, WITHOUT ROWID;

ALTER TABLE mailbox_state DROP COLUMN uid_validity;

ALTER TABLE mailbox_state DROP COLUMN uid;
