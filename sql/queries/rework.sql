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

-- name: rework_facts
SELECT fact FROM temp.rework WHERE address = ?1 ORDER BY fact;

-- ?1: those that were taken back before, or not.
-- name: undo_pick
INSERT INTO temp.rework (address, fact)
SELECT f.charged, f.id
FROM fact f
JOIN message m ON m.id = f.message
JOIN judgement j ON j.fact = f.id AND j.current = 1
WHERE f.undone = ?1 AND f.at >= ?2 AND f.at < ?3
	AND (?4 = '' OR m.mailbox = ?4) AND (?5 = '' OR j.rule = ?5)
	AND (?6 = '' OR m.original_id = ?6 OR m.message_id = ?6)
	AND (?7 = '' OR f.reporting_mta = ?7 COLLATE NOCASE);

-- name: undo_fact
UPDATE fact SET undone = ?2, copy = 0, applied = 'no', held_by = '',
	held_until = NULL
WHERE id = ?1;
