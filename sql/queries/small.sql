-- Counters, the sent ledger, mailboxes.

-- name: metric_add
INSERT INTO metric (name, labels, value) VALUES (?1, ?2, ?3)
ON CONFLICT (name, labels) DO UPDATE SET value = value + excluded.value;

-- name: metrics
SELECT name, labels, value FROM metric ORDER BY name, labels;

-- name: ledger_any
SELECT 1 FROM ledger LIMIT 1;

-- name: ledger_find
SELECT 1 FROM ledger WHERE message_id = ?1 AND address = ?2;

-- name: ledger_add
INSERT OR IGNORE INTO ledger (message_id, address, at) VALUES (?1, ?2, ?3);

-- name: sent_add
INSERT INTO sent (campaign, stream, day, domain, provider, sent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (campaign, stream, day, domain) DO UPDATE
SET sent = sent + excluded.sent;

-- name: sent_set
INSERT INTO sent (campaign, stream, day, domain, provider, sent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (campaign, stream, day, domain) DO UPDATE
SET sent = excluded.sent;

-- name: mailbox_heartbeat
INSERT INTO mailbox_state (name, heartbeat) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET heartbeat = excluded.heartbeat;

-- name: mailbox_polled
INSERT INTO mailbox_state (name, polled, heartbeat, backlog)
VALUES (?1, ?2, ?2, ?3)
ON CONFLICT (name) DO UPDATE
SET polled = excluded.polled, heartbeat = excluded.heartbeat,
	backlog = excluded.backlog;

-- name: mailbox_failed
INSERT INTO mailbox_state (name, last_error, last_error_at) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE
SET last_error = excluded.last_error, last_error_at = excluded.last_error_at;

-- name: mailboxes
SELECT name, heartbeat, polled, message_at, backlog,
	(SELECT coalesce(sum(d.last - d.first + 1), 0) FROM due_message d
		WHERE d.mailbox = s.name),
	messages, last_error, last_error_at
FROM mailbox_state s ORDER BY name;

-- name: mailbox_notes
SELECT key, value FROM mailbox_note WHERE mailbox = ?1 ORDER BY key;

-- name: mailbox_note
INSERT INTO mailbox_note (mailbox, key, value) VALUES (?1, ?2, ?3)
ON CONFLICT (mailbox, key) DO UPDATE SET value = excluded.value;

-- name: mailbox_forget
DELETE FROM mailbox_note WHERE mailbox = ?1 AND key = ?2;
