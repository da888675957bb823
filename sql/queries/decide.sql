-- name: decision_insert
INSERT INTO decision (key, at, who, action, address, fact, stream, until, force,
	imported, note, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- The address of what is held, and the entry of its domain, where there is one.
-- name: fact_charged
SELECT f.charged, (SELECT d.id FROM address d WHERE d.folded = '@' || a.domain)
FROM fact f JOIN address a ON a.id = f.charged
WHERE f.id = ?1 AND f.applied = 'held';

-- The last word on an entry.
-- name: decision_last
SELECT d.at, d.action FROM decision d JOIN address a ON a.id = d.address
WHERE a.folded = ?1 ORDER BY d.at DESC, d.id DESC LIMIT 1;

-- Domains that are allowed because they are ours, and nobody said more.
-- name: decision_ours
SELECT a.folded FROM address a
WHERE a.folded >= '@' AND a.folded < 'A' AND (
	SELECT d.action || d.at FROM decision d WHERE d.address = a.id
	ORDER BY d.at DESC, d.id DESC LIMIT 1) = 'allow0';
