-- What is to be imported, gathered without the write lock. at 0: not known;
-- until 0: no end.

-- name: import_table
CREATE TEMP TABLE IF NOT EXISTS import (
	folded TEXT NOT NULL,
	stream TEXT NOT NULL,
	written TEXT NOT NULL,
	at INTEGER NOT NULL,
	until INTEGER NOT NULL,
	note TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (folded, stream)
) STRICT, WITHOUT ROWID;

-- name: import_clear
DELETE FROM temp.import;

-- Of two lines about one address the later lasts, the longer end, and the
-- complaint.
-- name: import_add
INSERT INTO temp.import (folded, stream, written, at, until, note, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (folded, stream) DO UPDATE SET at = max(at, excluded.at),
	note = CASE WHEN excluded.at >= at THEN excluded.note ELSE note END,
	reason = CASE WHEN reason = 'complaint' OR (excluded.at < at
		AND excluded.reason <> 'complaint') THEN reason
		ELSE excluded.reason END,
	until = CASE WHEN until = 0 OR excluded.until = 0 THEN 0
		ELSE max(until, excluded.until) END;

-- What was imported before: as new at least, to the same end, and for the same
-- reason, where there is one. A release since then stands.
-- name: import_forget_known
DELETE FROM temp.import WHERE EXISTS (
	SELECT 1 FROM decision d JOIN address a ON a.id = d.address
	WHERE a.folded = import.folded AND d.action = 'suppress'
		AND d.imported = 1 AND d.stream = import.stream
		AND coalesce(d.until, 0) = import.until AND d.at >= import.at
		AND import.reason IN ('', d.reason));

-- name: import_count
SELECT count(*) FROM temp.import;

-- name: import_rows
SELECT folded, stream, written, at, until, note, reason FROM temp.import
ORDER BY folded, stream;
