-- Questions of people and programs.

-- name: check_address
SELECT id, written FROM address WHERE folded = ?1;

-- name: decision_note
SELECT note FROM decision WHERE id = ?1;

-- part: suppression_row
	a.folded, a.written,
	CASE WHEN a.folded = '@' || a.domain THEN 'domain' ELSE 'address' END,
	s.stream, s.class, s.reason, s.source, s.evidence, s.hits, s.since,
	s.until, s.fact, coalesce(d.note, '')

-- name: list
SELECT
@suppression_row
FROM suppression s
JOIN address a ON a.id = s.address
LEFT JOIN decision d ON d.id = s.decision
WHERE s.since <= ?1 AND (s.until IS NULL OR s.until > ?1)
	AND (?2 = '' OR s.reason = ?2) AND (?3 = '' OR a.domain = ?3)
	AND (?4 = '' OR s.class = ?4) AND (?5 = '' OR s.stream IN ('', ?5))
	AND (?6 = '' OR s.source = ?6) AND s.since >= ?7
ORDER BY a.folded, s.stream, s.since, s.source;

-- What had the last number may have been forgotten.
-- name: changes_last
SELECT max(coalesce((SELECT max(changed) FROM address_state
		WHERE changed IS NOT NULL), 0),
	coalesce((SELECT CAST(value AS INTEGER) FROM setting
		WHERE name = 'changes_last'), 0));

-- One row a suppression; one without where there is none any more. CROSS JOIN
-- keeps them in the order of the index.
-- name: changes
SELECT t.changed,
@suppression_row
FROM address_state t
CROSS JOIN address a ON a.id = t.address
LEFT JOIN suppression s ON s.address = t.address
LEFT JOIN decision d ON d.id = s.decision
WHERE t.changed > ?1 AND (?1 > 0 OR s.address IS NOT NULL)
ORDER BY t.changed, s.n;

-- name: changes_untold
SELECT count(*) FROM address_state t
WHERE t.changed > ?1 AND (?1 > 0
	OR EXISTS (SELECT 1 FROM suppression s WHERE s.address = t.address));

-- A verdict as store_event has it, but for what is at its end.
-- part: event
SELECT f.id, f.at, f.sent_at, m.mailbox, m.original_id, a.folded, f.final,
	a.domain, f.provider, f.stream, f.campaign, m.list_id, f.kind, f.action,
	f.reply, f.shown_status, j.reason, j.class, j.effect, f.applied, j.rule,
	f.evidence, f.reporting_mta, f.remote, f.stage, f.diagnostic, j.words,
	f.proof, '',

-- part: event_note
	CASE WHEN f.undone = 1 THEN 'taken back, as if it had never been'
		WHEN f.copy = 1
		THEN 'a copy of another report, not counted' ELSE f.held_by END,
	f.held_until,

-- What holds it, in words; empty where nothing does.
-- part: held_why
	CASE f.held_by WHEN '' THEN ''
		WHEN 'evidence'
		THEN f.proof || ', recipients of its report: ' || m.failed
		ELSE (SELECT f.held_by || ' ' || g.key || ': ' || g.hard
			|| ' of ' || t.hard || ' hard failures in that hour'
			FROM guard_hour g
			JOIN guard_hour t ON t.scope = 'all' AND t.key = ''
				AND t.hour = g.hour
			WHERE g.scope = f.held_by AND g.hour = f.at / 3600
				AND g.key = CASE f.held_by
					WHEN 'domain' THEN a.domain
					WHEN 'provider' THEN f.provider
					ELSE j.reason || ' ' || f.reporting_mta
					END)
		END

-- What belongs to a fact f; CROSS JOIN keeps SQLite from beginning with it.
-- part: of_fact
CROSS JOIN message m ON m.id = f.message
CROSS JOIN judgement j ON j.fact = f.id AND j.current = 1

-- name: history_rows
@event
@event_note
@held_why
FROM fact f
@of_fact
CROSS JOIN address a ON a.id = f.charged
WHERE f.charged = ?1
UNION ALL
SELECT d.id, d.at, d.at, '', '', a.folded, '', a.domain, '', d.stream, '', '',
	'decision', d.action, 0, '', '', '', '', 'yes', '', '', '', '', '', '',
	'', '', d.who, d.note, d.until,
	CASE WHEN d.imported = 1 THEN 'imported'
		WHEN d.force = 1 THEN 'with --force' ELSE '' END
FROM decision d
JOIN address a ON a.id = d.address
WHERE d.address = ?1
ORDER BY 2, 13, 1;

-- part: bounce_filter
WHERE f.at >= ?1 AND f.at < ?2 AND (?3 = '' OR f.campaign = ?3)
	AND (?4 = '' OR j.reason = ?4) AND (?5 = '' OR j.class = ?5)
	AND (?6 = '' OR j.rule = ?6) AND (?7 = '' OR m.mailbox = ?7)
	AND (?8 = '' OR a.domain = ?8) AND (?9 = '' OR f.shown_status GLOB ?9
		OR CAST(f.reply AS TEXT) GLOB ?9)
	AND (?10 = '' OR a.folded = ?10) AND (?12 = '' OR f.stream = ?12)

-- The newest first, until there are enough.
-- name: bounce_rows
@event
@event_note
@held_why
FROM fact f
@of_fact
CROSS JOIN address a ON a.id = f.charged
@bounce_filter
ORDER BY f.at DESC, f.id DESC LIMIT ?11;

-- The same of one address, one domain, one campaign: of all there is these are
-- few.
-- name: bounce_rows_of_address
@event
@event_note
@held_why
FROM address a
CROSS JOIN fact f ON f.charged = a.id
@of_fact
@bounce_filter
	AND a.folded = ?10
ORDER BY f.at DESC, f.id DESC LIMIT ?11;

-- name: bounce_rows_of_domain
@event
@event_note
@held_why
FROM address a
CROSS JOIN fact f ON f.charged = a.id
@of_fact
@bounce_filter
	AND a.domain = ?8
ORDER BY f.at DESC, f.id DESC LIMIT ?11;

-- name: bounce_rows_of_campaign
@event
@event_note
@held_why
FROM fact f
@of_fact
CROSS JOIN address a ON a.id = f.charged
@bounce_filter
	AND f.campaign = ?3 AND f.campaign <> ''
ORDER BY f.at DESC, f.id DESC LIMIT ?11;

-- name: due_rows
SELECT a.folded, r.stream, r.due_reason, r.tried_at, r.due_at, r.attempt,
	r.attempts_left, r.give_up_at
FROM soft_run r
JOIN address a ON a.id = r.address
WHERE r.due_at IS NOT NULL AND (?2 OR r.due_at <= ?1) AND r.give_up_at >= ?1
	AND r.attempts_left > 0 AND (?3 = '' OR a.domain = ?3)
	AND NOT EXISTS (
		SELECT 1 FROM suppression x WHERE x.address = r.address
			AND x.stream IN ('', r.stream) AND x.since <= ?1
			AND (x.until IS NULL OR x.until > ?1))
ORDER BY r.due_at, a.folded, r.stream;

-- name: pending_rows
@event
	f.held_by, f.held_until,
@held_why
FROM fact f
@of_fact
CROSS JOIN address a ON a.id = f.charged
WHERE f.applied = 'held'
ORDER BY f.at, a.folded, f.id;

-- name: guards_held
SELECT g.scope, g.key, g.hour, g.hard, t.hard FROM guard_hour g
JOIN guard_hour t ON t.scope = 'all' AND t.key = '' AND t.hour = g.hour
WHERE g.held > 0 AND g.held = 1 AND g.hour >= ?1
ORDER BY g.hour, g.scope, g.key;

-- name: status
WITH newest AS (
	SELECT f.applied, f.evidence FROM (SELECT id, applied, evidence FROM fact
		WHERE at > ?1 - 2592000 AND undone = 0 AND copy = 0
		ORDER BY at DESC LIMIT 10000) f
	JOIN judgement j ON j.fact = f.id AND j.current = 1
	WHERE j.effect IN ('suppress', 'count')),
-- what left the quarantine was counted as unreadable, and then as what it is
reread AS (
	SELECT coalesce(sum(value), 0) AS n FROM metric
	WHERE name = 'reread_total')
SELECT (SELECT coalesce(sum(value), 0) FROM metric
		WHERE name = 'messages_total') - (SELECT n FROM reread),
	(SELECT coalesce(sum(value), 0) FROM metric
		WHERE name = 'messages_total' AND labels LIKE '%,kind="unreadable"')
		- (SELECT n FROM reread),
	(SELECT count(*) FROM quarantine WHERE length(bytes) > 0),
	(SELECT coalesce(sum(value), 0) FROM metric
		WHERE name = 'verdicts_total'),
	-- those that ended are gone as soon as somebody has come round
	(SELECT value FROM metric WHERE name = 'suppressions' AND labels = '')
		- (SELECT count(*) FROM address_state t
			JOIN suppression s ON s.address = t.address
			WHERE t.next_change <= ?1 AND s.until <= ?1),
	(SELECT count(*) FROM fact WHERE applied = 'held'),
	(SELECT count(*) FROM newest WHERE applied = 'yes'),
	(SELECT count(*) FROM newest WHERE applied = 'yes'
		AND evidence = 'unproved'),
	(SELECT count(*) FROM newest),
	(SELECT count(*) FROM newest WHERE evidence = 'foreign'),
	(SELECT count(*) FROM newest WHERE applied = 'no'
		AND (evidence = 'unproved' OR evidence = 'sender')),
	(SELECT max(version) FROM upgrade);
