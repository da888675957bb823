-- name: expire_due
SELECT address FROM address_state WHERE next_change <= ?1
ORDER BY next_change LIMIT ?2;

-- name: setting_get
SELECT value FROM setting WHERE name = ?1;

-- name: setting_put
INSERT INTO setting (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: expire_all
UPDATE address_state SET next_change = 1;

-- name: guard_keys
SELECT DISTINCT scope, key FROM guard_hour WHERE scope <> 'all';

-- name: soft_domains
SELECT domain, min(hour), max(hour) FROM domain_event WHERE what = 'soft'
GROUP BY domain;

-- name: address_next
SELECT id FROM address WHERE id > ?1 ORDER BY id LIMIT 1;

-- name: retain_next
SELECT a.id FROM address a
WHERE a.id > ?1 AND EXISTS (
	SELECT 1 FROM fact f WHERE f.charged = a.id AND f.at < ?2)
ORDER BY a.id LIMIT 1;

-- name: fact_delete
DELETE FROM fact WHERE id = ?1;

-- name: fact_delete_undone
DELETE FROM fact WHERE charged = ?1 AND undone = 1 AND at < ?2;

-- What history_facts leaves out.
-- name: fact_delete_unfolded
DELETE FROM fact WHERE charged = ?1 AND at < ?3 AND id NOT IN (
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
		ORDER BY p.at DESC, pm.key DESC, p.n DESC LIMIT ?2));

-- name: carry_delete
DELETE FROM carry WHERE address = ?1;

-- name: carry_insert
INSERT INTO carry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
	?13, ?14, ?15, ?16, ?17, ?18);

-- Messages that said nothing, or nothing that is still kept.
-- name: message_prune
DELETE FROM message WHERE id IN (
	SELECT m.id FROM message m
	WHERE m.at < ?1
		AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.message = m.id)
		AND NOT EXISTS (SELECT 1 FROM due_message d
			WHERE d.first <= m.id AND d.last >= m.id)
	LIMIT ?2);

-- name: quarantine_oldest
SELECT q.message FROM quarantine q JOIN message m ON m.id = q.message
WHERE m.at < ?1 AND length(q.bytes) > 0 LIMIT 1;

-- name: quarantine_empty
UPDATE quarantine SET bytes = x'' WHERE message = ?1;

-- name: ledger_prune
DELETE FROM ledger WHERE at < ?1;

-- name: guard_prune
DELETE FROM guard_hour WHERE hour < ?1;

-- name: domain_event_prune
DELETE FROM domain_event WHERE hour < ?1;

-- name: breaker_prune
DELETE FROM breaker_hour WHERE hour < ?1;
