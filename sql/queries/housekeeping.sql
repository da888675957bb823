-- name: expire_due
SELECT address FROM address_state WHERE next_change <= ?1
ORDER BY next_change LIMIT ?2;

-- What store_expire has before it, and an address may wait for twice.
-- name: expire_left
SELECT (SELECT count(*) FROM address_state WHERE next_change <= ?1)
	+ (SELECT count(*) FROM refold r
		JOIN address_state s ON s.address > r.next WHERE r.domain = '')
	+ (SELECT count(*) FROM refold r
		JOIN address a ON a.domain = r.domain AND a.id > r.next);

-- name: setting_get
SELECT value FROM setting WHERE name = ?1;

-- name: setting_put
INSERT INTO setting (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: address_next
SELECT id FROM address WHERE id > ?1 ORDER BY id LIMIT 1;

-- The next old facts, in the order of their arrival.
-- name: retain_next
SELECT at, id, charged FROM fact
WHERE (at, id) > (?1, ?2) AND at < ?3
ORDER BY at, id LIMIT ?4;

-- No number is given twice: somebody may hold it, to let it act.
-- name: fact_keep_last
INSERT INTO setting (name, value)
SELECT 'fact_last', ?1 WHERE ?1 = (SELECT max(id) FROM fact)
ON CONFLICT (name) DO UPDATE
SET value = max(CAST(value AS INTEGER), excluded.value + 0);

-- name: fact_delete
DELETE FROM fact WHERE id = ?1 RETURNING message;

-- name: fact_undone
SELECT id FROM fact WHERE charged = ?1 AND undone = 1 AND at < ?2 LIMIT ?3;

-- What history_facts leaves out.
-- name: fact_unfolded
SELECT id FROM fact WHERE charged = ?1 AND at < ?3 AND id NOT IN (
	SELECT id FROM (
		SELECT p.id FROM fact p JOIN message pm ON pm.id = p.message
		WHERE p.charged = ?1 AND p.undone = 0
			AND (p.evidence = 'relay' OR p.evidence = 'ledger'
				OR p.evidence = 'dkim' OR p.evidence = 'token')
		ORDER BY p.at DESC, pm.key DESC, p.n DESC LIMIT ?2)
	UNION ALL
	SELECT id FROM (
		SELECT p.id FROM fact p JOIN message pm ON pm.id = p.message
		WHERE p.charged = ?1 AND p.undone = 0 AND p.evidence
			NOT IN ('relay', 'ledger', 'dkim', 'token')
		ORDER BY p.at DESC, pm.key DESC, p.n DESC LIMIT ?2))
LIMIT ?4;

-- name: carry_delete
DELETE FROM carry WHERE address = ?1;

-- name: carry_insert
INSERT INTO carry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
	?13, ?14, ?15, ?16, ?17, ?18);

-- A message none of whose facts is left; of one that is not disposed of yet its
-- key and arrival stay, where message_old finds them.
-- name: message_delete_bare
DELETE FROM message WHERE id = ?1
	AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.message = ?1)
	AND NOT coalesce((SELECT d.last >= ?1 FROM due_message d
		WHERE d.first <= ?1 ORDER BY d.first DESC LIMIT 1), 0);

-- name: message_set_bare
UPDATE message SET failed = 0, message_id = '', author = '', reporter = '',
	original_id = '', original_from = '', original_subject = '',
	campaign = '', list_id = '', feedback_id = ''
WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.message = ?1);

-- Messages that said nothing, or nothing that is still kept.
-- name: message_old
SELECT m.id FROM message m
WHERE m.failed = 0 AND m.at < ?1
	AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.message = m.id)
	AND NOT coalesce((SELECT d.last >= m.id FROM due_message d
		WHERE d.first <= m.id ORDER BY d.first DESC LIMIT 1), 0)
LIMIT ?2;

-- name: quarantine_oldest
SELECT q.message FROM quarantine q JOIN message m ON m.id = q.message
WHERE m.at < ?1 AND length(q.bytes) > 0 LIMIT 1;

-- name: quarantine_empty
UPDATE quarantine SET bytes = x'' WHERE message = ?1;

-- name: ledger_old
SELECT message_id, address FROM ledger WHERE at < ?1 LIMIT ?2;

-- name: ledger_delete
DELETE FROM ledger WHERE message_id = ?1 AND address = ?2;

-- name: guard_old
SELECT scope, key, hour FROM guard_hour WHERE hour < ?1 LIMIT ?2;

-- name: guard_delete
DELETE FROM guard_hour WHERE scope = ?1 AND key = ?2 AND hour = ?3;

-- name: domain_event_old
SELECT domain, what, hour, address FROM domain_event WHERE hour < ?1 LIMIT ?2;

-- name: breaker_old
SELECT domain, hour FROM breaker_hour WHERE hour < ?1 LIMIT ?2;
