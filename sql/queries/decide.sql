-- name: decision_insert
INSERT INTO decision (key, at, who, action, address, fact, stream, until, force,
	imported, note)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- The address of what is held, and the entry of its domain, where there is one.
-- name: fact_charged
SELECT f.charged, (SELECT d.id FROM address d WHERE d.folded = '@' || a.domain)
FROM fact f JOIN address a ON a.id = f.charged
WHERE f.id = ?1 AND f.applied = 'held';

-- Whether anybody has ever decided about an entry.
-- name: decision_about
SELECT 1 FROM decision d JOIN address a ON a.id = d.address
WHERE a.folded = ?1 LIMIT 1;
