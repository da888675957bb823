-- The commit road.

-- name: message_known
SELECT m.kind, coalesce((SELECT d.last >= m.id FROM due_message d
	WHERE d.first <= m.id ORDER BY d.first DESC LIMIT 1), 0),
	m.at, m.mailbox
FROM message m WHERE m.key = ?1;

-- name: message_insert
INSERT INTO message (key, mailbox, mailbox_stream, at, kind, format, partial,
	message_id, author, reporter, failed, original_id, original_from,
	original_subject, original_date, campaign, list_id, feedback_id,
	original_stream)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
	?17, ?18, ?19)
ON CONFLICT (key) DO NOTHING;

-- name: fact_insert
INSERT INTO fact (id, message, n, kind, feedback_type, reporting_mta, address,
	final, forwarded, action, status, reply_status, reply, exit_code, stage,
	remote_reply, remote, diagnostic_type, reply_text, diagnostic,
	will_retry_until, charged, provider, shown_status, token_stream,
	token_send, stream, campaign, evidence, proof, at, sent_at, copy_key,
	copy, applied, held_by, held_until)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
	?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30,
	?31, ?32, ?33, ?34, ?35, ?36, ?37);

-- name: fact_last
SELECT max(coalesce((SELECT max(id) FROM fact), 0),
	coalesce((SELECT CAST(value AS INTEGER) FROM setting
		WHERE name = 'fact_last'), 0));

-- What the first decisions are about: all of them, where there are few.
-- name: decision_first
SELECT a.folded FROM decision d JOIN address a ON a.id = d.address
ORDER BY d.id LIMIT ?1;

-- name: judgement_insert
INSERT INTO judgement (fact, rule_set, reason, class, effect, rule, words)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: rule_set_insert
INSERT OR IGNORE INTO rule_set (hash) VALUES (?1);

-- name: rule_set_id
SELECT id FROM rule_set WHERE hash = ?1;

-- name: quarantine_insert
INSERT INTO quarantine (message, why, bytes) VALUES (?1, ?2, ?3);

-- name: message_row
SELECT id, at, mailbox, original_date FROM message WHERE key = ?1;

-- name: message_charged
SELECT DISTINCT charged FROM fact WHERE message = ?1;

-- name: message_move
UPDATE message SET at = ?2, mailbox = ?3, mailbox_stream = ?4 WHERE id = ?1;

-- name: fact_move
UPDATE fact SET at = ?2, sent_at = ?3,
	stream = CASE WHEN token_stream <> '' THEN token_stream ELSE (
		SELECT CASE WHEN m.original_stream <> ''
			THEN m.original_stream ELSE m.mailbox_stream END
		FROM message m WHERE m.id = fact.message) END
WHERE message = ?1;

-- name: fact_charge
UPDATE fact SET forwarded = ?3, charged = ?4, provider = ?5, token_stream = ?6,
	token_send = ?7, stream = ?8, campaign = ?9, evidence = ?10,
	proof = ?11, copy_key = ?12
WHERE message = ?1 AND n = ?2;

-- An id may come again after its message left the quarantine.
-- name: due_insert
INSERT INTO due_message (first, last, mailbox) VALUES (?1, ?2, ?3)
ON CONFLICT (first) DO UPDATE SET last = max(last, excluded.last);

-- name: due_delete
DELETE FROM due_message WHERE first >= ?1 AND first <= ?2;

-- The last range that begins at or before a message.
-- name: due_find
SELECT m.id, d.first, d.last, d.mailbox FROM message m
JOIN due_message d ON d.first <= m.id
WHERE m.key = ?1 ORDER BY d.first DESC LIMIT 1;

-- name: due_settled
DELETE FROM due_message WHERE mailbox = ?1;

-- name: mailbox_messages
INSERT INTO mailbox_state (name, messages, message_at) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET messages = messages + excluded.messages,
	message_at = max(message_at, excluded.message_at);
