-- name: decision_insert
INSERT INTO decision (key, at, who, action, address, fact, stream, until, force,
	imported, note)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: fact_charged
SELECT charged FROM fact WHERE id = ?1 AND applied = 'held';
