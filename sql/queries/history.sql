-- What policy_fold reads.

-- name: address_by_id
SELECT folded FROM address WHERE id = ?1;

-- part: history
SELECT f.id, m.key, f.n, f.at, f.sent_at, f.stream, f.campaign, m.original_id,
	j.reason, j.class, j.effect, f.evidence, m.failed, f.forwarded,
	f.provider, f.reporting_mta, f.copy_key, f.copy, f.applied, f.held_by,
	f.held_until, f.reply,
	(SELECT d.action FROM decision d
		WHERE d.fact = f.id AND (d.action = 'apply' OR d.action = 'drop')
		ORDER BY d.at DESC, d.id DESC LIMIT 1)
FROM fact f
JOIN message m ON m.id = f.message
JOIN judgement j ON j.fact = f.id AND j.current = 1
WHERE f.charged = ?1 AND f.undone = 0

-- The newest of what is proved and the newest of the rest: neither crowd may
-- push the other out. Who reads them stops when there are enough. What a person
-- has taken back is as if it had never been.
-- name: history_proved
@history
	AND (f.evidence = 'relay' OR f.evidence = 'ledger'
		OR f.evidence = 'dkim' OR f.evidence = 'token')
ORDER BY f.at DESC;

-- name: history_unproved
@history
	AND f.evidence NOT IN ('relay', 'ledger', 'dkim', 'token')
ORDER BY f.at DESC;

-- An address's own decisions, and the allow entries of its domain. What was
-- decided about single facts is not among them, even when these are gone.
-- name: history_decisions
SELECT id, key, at, action, stream, until, force, imported, reason
FROM decision
WHERE address = ?1
	AND action IN ('suppress', 'release', 'allow', 'disallow')
UNION ALL
SELECT d.id, d.key, d.at, d.action, d.stream, d.until, d.force, d.imported,
	d.reason
FROM decision d
WHERE d.address = (SELECT id FROM address WHERE folded = '@' || ?2)
	AND d.address <> ?1 AND d.action IN ('allow', 'disallow');

-- name: history_carry
SELECT key, at, sent_at, stream, send, reason, class, effect, evidence, reply,
	until, step, source, hits, bounded, probation
FROM carry WHERE address = ?1 ORDER BY n;

-- The facts behind a domain's null MX; none is left where retention took them.
-- name: null_mx_facts
SELECT e.at, e.address, f.at, f.provider, f.reporting_mta, f.evidence,
	m.failed, (SELECT d.action FROM decision d
		WHERE d.fact = f.id AND (d.action = 'apply' OR d.action = 'drop')
		ORDER BY d.at DESC, d.id DESC LIMIT 1)
FROM domain_event e
LEFT JOIN fact f ON f.charged = e.address AND f.at >= e.hour * 3600
	AND f.at < (e.hour + 1) * 3600 AND f.forwarded = 0 AND f.undone = 0
	AND EXISTS (
		SELECT 1 FROM judgement j WHERE j.fact = f.id AND j.current = 1
			AND j.reason = 'null_mx')
LEFT JOIN message m ON m.id = f.message
WHERE e.domain = ?1 AND e.what = 'null_mx'
ORDER BY e.hour, e.address;

-- name: guard_held
SELECT 1 FROM guard_hour INDEXED BY guard_hour_held
WHERE scope = ?1 AND key = ?2 AND hour = ?3 AND held > 0 AND held = 1;

-- name: breaker_shared
SELECT 1 FROM breaker_hour WHERE domain = ?1 AND hour = ?2;
