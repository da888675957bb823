-- What is taken back or judged again: many facts at once, by their addresses.
-- The table is made when it is needed; see store_open.

-- name: rework_table
CREATE TEMP TABLE IF NOT EXISTS rework (
	address INTEGER NOT NULL,
	fact INTEGER NOT NULL,
	reason TEXT,
	class TEXT,
	effect TEXT,
	rule TEXT,
	words TEXT,
	PRIMARY KEY (address, fact)
) STRICT, WITHOUT ROWID;

-- name: rework_clear
DELETE FROM temp.rework;

-- name: rework_count
SELECT count(DISTINCT address), count(*) FROM temp.rework;

-- name: rework_next
SELECT address FROM temp.rework WHERE address > ?1 ORDER BY address LIMIT 1;

-- Those that were picked and are gone by now, or charged to somebody else, are
-- left alone.
-- name: rework_facts
SELECT r.fact FROM temp.rework r
CROSS JOIN fact f ON f.id = r.fact AND f.charged = r.address
WHERE r.address = ?1 ORDER BY r.fact;

-- ?1: those that were taken back before, or not.
-- name: undo_pick
INSERT INTO temp.rework (address, fact)
SELECT f.charged, f.id
FROM fact f
JOIN message m ON m.id = f.message
JOIN judgement j ON j.fact = f.id AND j.current = 1
JOIN address a ON a.id = f.charged
WHERE f.undone = ?1 AND f.at >= ?2 AND f.at < ?3
	AND (?4 = '' OR m.mailbox = ?4) AND (?5 = '' OR j.rule = ?5)
	AND (?6 = '' OR m.original_id = ?6 OR m.message_id = ?6)
	AND (?7 = '' OR f.reporting_mta = ?7 COLLATE NOCASE)
	AND (?8 = '' OR f.campaign = ?8) AND (?9 = '' OR a.domain = ?9)
	AND (?10 = '' OR f.evidence = ?10);

-- name: undo_fact
UPDATE fact SET undone = ?2, copy = 0, applied = 'no', held_by = '',
	held_until = NULL
WHERE id = ?1;

-- name: reclassify_facts
SELECT f.id, f.charged, a.folded, j.reason, j.class, j.effect, j.rule, j.words,
	f.kind, f.feedback_type, f.reporting_mta, f.address, f.final,
	f.forwarded, f.action, f.status, f.reply_status, f.reply, f.exit_code,
	f.stage, f.remote_reply, f.remote, f.diagnostic_type, f.reply_text,
	f.diagnostic, f.will_retry_until
FROM fact f
JOIN judgement j ON j.fact = f.id AND j.current = 1
JOIN address a ON a.id = f.charged
WHERE f.id > ?1 ORDER BY f.id LIMIT ?2;

-- name: reclassify_pick
INSERT INTO temp.rework VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: reclassify_old
UPDATE judgement SET current = 0 WHERE fact = ?1 AND current = 1;

-- name: reclassify_new
INSERT INTO judgement (fact, rule_set, reason, class, effect, rule, words)
SELECT fact, ?3, reason, class, effect, rule, words FROM temp.rework
WHERE address = ?1 AND fact = ?2;
