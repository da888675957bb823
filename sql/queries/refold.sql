-- What many addresses wait for.

-- name: refold_put
INSERT INTO refold (domain, next) VALUES (?1, ?2)
ON CONFLICT (domain) DO UPDATE SET next = excluded.next;

-- name: refold_get
SELECT domain, next FROM refold ORDER BY domain LIMIT 1;

-- name: refold_end
DELETE FROM refold WHERE domain = ?1;

-- name: refold_waits
SELECT 1 FROM refold
WHERE next < ?1
	AND domain IN ('', (SELECT domain FROM address WHERE id = ?1))
LIMIT 1;

-- name: refold_all
SELECT address FROM address_state WHERE address > ?1
ORDER BY address LIMIT ?2;

-- name: refold_domain
SELECT s.address FROM address a JOIN address_state s ON s.address = a.id
WHERE a.domain = ?1 AND a.id > ?2
ORDER BY a.id LIMIT ?3;

-- name: guard_keys
SELECT DISTINCT scope, key FROM guard_hour
WHERE scope <> 'all' AND (hard >= ?1 OR held > 0);

-- name: soft_domains
SELECT domain, min(hour), max(hour) FROM domain_event WHERE what = 'soft'
GROUP BY domain
HAVING count(*) >= ?1 OR domain IN (SELECT domain FROM breaker_hour);
