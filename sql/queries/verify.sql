-- Looking for what should not be. The first column of a check names the row,
-- the second what is stored, the third what it should be.

-- name: verify_integrity
SELECT 'database file', integrity_check, 'ok'
FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 100;

-- name: verify_references
SELECT "table" || ' row ' || coalesce(rowid, '?'),
	'refers to a row of ' || "parent" || ' that is missing', 'no such row'
FROM pragma_foreign_key_check LIMIT 1000;

-- name: verify_judged
SELECT 'bounce ' || f.id, 'no current judgement', 'one'
FROM fact f
WHERE NOT EXISTS (
	SELECT 1 FROM judgement j WHERE j.fact = f.id AND j.current = 1);

-- name: verify_reasons
SELECT 'judgement ' || j.id, j.reason || ' ' || j.class || ' ' || j.effect,
	'words that this program knows'
FROM judgement j
WHERE NOT EXISTS (SELECT 1 FROM reason r WHERE r.name = j.reason)
	OR j.class NOT IN ('hard', 'soft', 'block', 'complaint', 'none')
	OR j.effect NOT IN ('suppress', 'count', 'reset', 'none');

-- name: verify_arrival
SELECT 'bounce ' || f.id, f.at, m.at
FROM fact f JOIN message m ON m.id = f.message WHERE f.at <> m.at;

-- name: verify_sent
SELECT 'bounce ' || id, sent_at, 'within 14 days before ' || at
FROM fact WHERE sent_at > at OR sent_at < at - 1209600;

-- name: verify_undone
SELECT 'bounce ' || id, was, is_
FROM (
	SELECT f.id AS id, f.undone AS was, coalesce((
		SELECT d.action = 'undo' FROM decision d
		WHERE d.fact = f.id AND d.action IN ('undo', 'redo')
		ORDER BY d.id DESC LIMIT 1), 0) AS is_
	FROM fact f)
WHERE was <> is_;

-- name: verify_undone_outcome
SELECT 'bounce ' || id, applied || ' ' || copy || ' ' || held_by, 'no 0 '
FROM fact
WHERE undone = 1 AND (applied <> 'no' OR copy <> 0 OR held_by <> ''
	OR held_until IS NOT NULL);

-- name: verify_quarantine
SELECT 'message ' || m.id, CASE WHEN q.message IS NULL
		THEN 'not in quarantine' ELSE 'in quarantine' END, m.kind
FROM message m LEFT JOIN quarantine q ON q.message = m.id
WHERE (m.kind = 'unreadable') <> (q.message IS NOT NULL);

-- Who follows changes would never hear of it.
-- name: verify_changes
SELECT a.folded, 'no number', 'one' FROM suppression s
JOIN address_state t ON t.address = s.address
JOIN address a ON a.id = s.address
WHERE t.changed IS NULL;

-- name: verify_messages
SELECT 'messages recorded', counted, present
FROM (SELECT coalesce(sum(messages), 0) AS counted,
		(SELECT count(*) FROM message) AS present
	FROM mailbox_state)
WHERE counted < present;

-- name: verify_metrics
SELECT name, counted, present
FROM (SELECT 'messages_total' AS name, coalesce(sum(value), 0) AS counted,
		(SELECT count(*) FROM message) AS present
	FROM metric WHERE name = 'messages_total'
	UNION ALL
	SELECT 'verdicts_total', coalesce(sum(value), 0),
		(SELECT count(*) FROM fact)
	FROM metric WHERE name = 'verdicts_total'
	UNION ALL
	SELECT name, value, (SELECT count(*) FROM suppression)
	FROM metric WHERE name = 'suppressions')
-- What retention took, or a person, was counted all the same.
WHERE counted < present OR name = 'suppressions' AND counted <> present;

-- name: verify_decisions
SELECT d.id, d.key, d.at, d.who, d.action, a.folded, d.stream, d.until,
	d.force, d.imported, d.note, d.reason
FROM decision d JOIN address a ON a.id = d.address;

-- name: verify_address_count
SELECT count(*) FROM address;

-- name: verify_domain
SELECT domain FROM address WHERE id = ?1;

-- Counts as they would be, summed up from every address.

-- name: verify_table
CREATE TEMP TABLE verify_count (
	kind INTEGER NOT NULL,
	k1 TEXT NOT NULL,
	k2 TEXT NOT NULL,
	k3 TEXT NOT NULL,
	k4 TEXT NOT NULL,
	time INTEGER NOT NULL,
	v1 INTEGER NOT NULL,
	v2 INTEGER NOT NULL,
	v3 INTEGER NOT NULL,
	v4 INTEGER NOT NULL,
	v5 INTEGER NOT NULL,
	PRIMARY KEY (kind, k1, k2, k3, k4, time)
) STRICT, WITHOUT ROWID;

-- name: verify_table_drop
DROP TABLE IF EXISTS temp.verify_count;

-- name: verify_add
INSERT INTO temp.verify_count
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (kind, k1, k2, k3, k4, time) DO UPDATE
SET v1 = v1 + excluded.v1, v2 = v2 + excluded.v2, v3 = v3 + excluded.v3,
	v4 = v4 + excluded.v4, v5 = v5 + excluded.v5;

-- ?1: hours up to this one have lost facts to retention.
-- name: verify_guards
SELECT g.scope || ' ' || g.key || ' hour ' || g.hour, g.hard || ' hard',
	coalesce(c.v1, 0) || ' hard'
FROM guard_hour g
LEFT JOIN temp.verify_count c ON c.kind = 0 AND c.k1 = g.scope AND c.k2 = g.key
	AND c.k3 = '' AND c.k4 = '' AND c.time = g.hour
WHERE g.hour > ?1 AND g.hard <> coalesce(c.v1, 0)
UNION ALL
SELECT c.k1 || ' ' || c.k2 || ' hour ' || c.time, 'nothing', c.v1 || ' hard'
FROM temp.verify_count c
WHERE c.kind = 0 AND c.time > ?1 AND c.v1 > 0 AND NOT EXISTS (
	SELECT 1 FROM guard_hour g
	WHERE g.scope = c.k1 AND g.key = c.k2 AND g.hour = c.time);

-- name: verify_events
SELECT e.domain || ' ' || e.what || ' hour ' || e.hour || ' address ' ||
	e.address, e.at, coalesce(c.v1, 'nothing')
FROM domain_event e
LEFT JOIN temp.verify_count c ON c.kind = 1 AND c.k1 = e.domain
	AND c.k2 = e.what AND c.k3 = CAST(e.address AS TEXT) AND c.k4 = ''
	AND c.time = e.hour
WHERE e.hour > ?1 AND e.at IS NOT c.v1
UNION ALL
SELECT c.k1 || ' ' || c.k2 || ' hour ' || c.time || ' address ' || c.k3,
	'nothing', c.v1
FROM temp.verify_count c
WHERE c.kind = 1 AND c.time > ?1 AND NOT EXISTS (
	SELECT 1 FROM domain_event e
	WHERE e.domain = c.k1 AND e.what = c.k2 AND e.hour = c.time
		AND e.address = CAST(c.k3 AS INTEGER));

-- name: verify_campaigns
SELECT '"' || n.campaign || '" "' || n.stream || '" day ' || n.day || ' ' ||
		n.domain || ' ' || n.provider,
	n.delivered || ' ' || n.hard || ' ' || n.soft || ' ' || n.block || ' '
		|| n.complaint,
	coalesce(c.v1 || ' ' || c.v2 || ' ' || c.v3 || ' ' || c.v4 || ' '
		|| c.v5, 'nothing')
FROM campaign_count n
LEFT JOIN temp.verify_count c ON c.kind = 2 AND c.k1 = n.campaign
	AND c.k2 = n.stream AND c.k3 = n.domain AND c.k4 = n.provider
	AND c.time = n.day
WHERE n.day > ?1 AND (n.delivered, n.hard, n.soft, n.block, n.complaint)
	IS NOT (c.v1, c.v2, c.v3, c.v4, c.v5)
UNION ALL
SELECT '"' || c.k1 || '" "' || c.k2 || '" day ' || c.time || ' ' || c.k3 || ' '
		|| c.k4, 'nothing',
	c.v1 || ' ' || c.v2 || ' ' || c.v3 || ' ' || c.v4 || ' ' || c.v5
FROM temp.verify_count c
WHERE c.kind = 2 AND c.time > ?1 AND NOT EXISTS (
	SELECT 1 FROM campaign_count n
	WHERE n.campaign = c.k1 AND n.stream = c.k2 AND n.domain = c.k3
		AND n.provider = c.k4 AND n.day = c.time);

-- name: verify_soft_events
SELECT at, address FROM domain_event WHERE domain = ?1 AND what = 'soft'
ORDER BY hour, address;

-- name: verify_shared_hours
SELECT hour FROM breaker_hour WHERE domain = ?1 ORDER BY hour;

-- name: verify_soft_domains
SELECT domain FROM domain_event WHERE what = 'soft'
UNION SELECT domain FROM breaker_hour ORDER BY 1;
