-- Flags of hours and domains, and whom they touch.

-- Mostly nothing of a key is large: then there is nothing to decide.
-- name: guard_any
SELECT 1 FROM guard_hour
WHERE scope = ?1 AND key = ?2 AND hour >= ?3 AND hour <= ?4
	AND (hard >= ?5 OR held > 0)
LIMIT 1;

-- The same where nothing below 20 is large, as configured unless changed. With
-- a parameter beside its condition the index would be chosen anew every time.
-- name: guard_any_full
SELECT 1 FROM guard_hour INDEXED BY guard_hour_full
WHERE scope = ?1 AND key = ?2 AND hour >= ?3 AND hour <= ?4
	AND (hard >= 20 OR held > 0)
LIMIT 1;

-- name: guard_hours
SELECT a.hour, coalesce(g.hard, 0), a.hard, coalesce(g.held, 0)
FROM guard_hour a
LEFT JOIN guard_hour g ON g.scope = ?1 AND g.key = ?2 AND g.hour = a.hour
WHERE a.scope = 'all' AND a.key = '' AND a.hour >= ?3 AND a.hour <= ?4
ORDER BY a.hour;

-- Keys with an hour that all together decide about.
-- name: guard_large
SELECT DISTINCT scope, key FROM guard_hour
WHERE held > 0 AND hour >= ?1 AND hour <= ?2;

-- name: guard_all
SELECT hard FROM guard_hour WHERE scope = 'all' AND key = '' AND hour = ?1;

-- name: guard_set_held
UPDATE guard_hour SET held = ?4 WHERE scope = ?1 AND key = ?2 AND hour = ?3;

-- Addresses with a hard verdict in an hour, by any one of the guards' keys, and
-- the domains that a null MX among them speaks of.
-- name: guard_members
WITH member AS (
	SELECT f.charged AS id, a.domain AS domain, j.reason AS reason
	FROM fact f
	JOIN judgement j ON j.fact = f.id AND j.current = 1
	JOIN address a ON a.id = f.charged
	WHERE f.at >= ?3 * 3600 AND f.at < (?3 + 1) * 3600 AND j.class = 'hard'
		AND CASE ?1 WHEN 'domain' THEN a.domain
			WHEN 'provider' THEN f.provider
			ELSE j.reason || ' ' || f.reporting_mta END = ?2)
SELECT id FROM member
UNION
SELECT d.id FROM member m JOIN address d ON d.folded = '@' || m.domain
WHERE m.reason = 'null_mx';

-- name: domain_events
SELECT hour, at, address FROM domain_event
WHERE domain = ?1 AND what = ?2 AND hour >= ?3 AND hour <= ?4
ORDER BY hour, address;

-- name: breaker_members
SELECT address FROM domain_event
WHERE domain = ?1 AND what = 'soft' AND hour = ?2;

-- name: breaker_any
SELECT 1 FROM breaker_hour WHERE domain = ?1 AND hour >= ?2 AND hour <= ?3
LIMIT 1;

-- name: breaker_set
INSERT OR IGNORE INTO breaker_hour (domain, hour) VALUES (?1, ?2);

-- name: breaker_clear
DELETE FROM breaker_hour WHERE domain = ?1 AND hour = ?2;

-- Enough of them to see whether they are many.
-- name: domain_addresses
SELECT s.address FROM address a JOIN address_state s ON s.address = a.id
WHERE a.domain = ?1 LIMIT ?2;
