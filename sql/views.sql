-- The public interface: see dsnd-database(7). Made anew with every upgrade;
-- columns may be added, never taken away or given another meaning. "Now" is
-- strftime('%s'), as unixepoch() is missing before SQLite 3.38.

CREATE VIEW suppressed AS
SELECT
	a.folded AS address,
	a.written AS written,
	CASE WHEN a.folded = '@' || a.domain THEN 'domain'
		ELSE 'address' END AS scope,
	s.stream AS stream,
	s.class AS class,
	s.reason AS reason,
	s.source AS source,
	s.evidence AS evidence,
	s.hits AS hits,
	s.since AS since,
	s.until AS until,
	s.fact AS bounce_id,
	coalesce(d.note, '') AS note
FROM suppression s
JOIN address a ON a.id = s.address
LEFT JOIN decision d ON d.id = s.decision
WHERE s.since <= CAST(strftime('%s', 'now') AS INTEGER)
	AND (s.until IS NULL
		OR s.until > CAST(strftime('%s', 'now') AS INTEGER));

CREATE VIEW bounce AS
SELECT
	f.id AS id,
	f.at AS at,
	f.sent_at AS sent_at,
	m.mailbox AS mailbox,
	m.original_id AS message_id,
	a.folded AS address,
	f.final AS final,
	a.domain AS domain,
	f.provider AS provider,
	f.stream AS stream,
	f.campaign AS campaign,
	m.list_id AS list_id,
	f.kind AS kind,
	f.action AS action,
	f.reply AS reply,
	f.shown_status AS status,
	j.reason AS reason,
	j.class AS class,
	j.effect AS effect,
	f.applied AS applied,
	j.rule AS rule,
	f.evidence AS evidence,
	f.reporting_mta AS reporter,
	f.remote AS remote,
	f.stage AS stage,
	f.diagnostic AS diagnostic,
	j.words AS words,
	f.undone AS undone
FROM fact f
JOIN message m ON m.id = f.message
JOIN judgement j ON j.fact = f.id AND j.current = 1
JOIN address a ON a.id = f.charged;

CREATE VIEW soft AS
SELECT
	a.folded AS address,
	r.stream AS stream,
	r.count AS count,
	r.threshold AS threshold,
	nullif(r.first_at, 0) AS first_at,
	nullif(r.last_at, 0) AS last_at,
	r.last_at - r.first_at AS span,
	r.reasons AS reasons,
	r.step AS step,
	r.promotes_at AS promotes_at
FROM soft_run r
JOIN address a ON a.id = r.address
WHERE r.count > 0 OR r.promotes_at IS NOT NULL;

CREATE VIEW due AS
SELECT
	a.folded AS address,
	r.stream AS stream,
	r.due_reason AS reason,
	r.tried_at AS last_at,
	r.due_at AS due_at,
	r.attempt AS attempt,
	r.attempts_left AS attempts_left,
	r.give_up_at AS give_up_at
FROM soft_run r
JOIN address a ON a.id = r.address
WHERE r.due_at IS NOT NULL;

-- A number sent stands in one row of its campaign, stream, day and domain, so
-- that sums over any rows count it once.
CREATE VIEW campaign_rate AS
SELECT
	c.campaign AS campaign,
	c.stream AS stream,
	c.day AS day,
	c.domain AS domain,
	c.provider AS provider,
	CASE WHEN c.provider = (
		SELECT min(x.provider) FROM campaign_count x
		WHERE x.campaign = c.campaign AND x.stream = c.stream
			AND x.day = c.day AND x.domain = c.domain)
		THEN s.sent END AS sent,
	c.delivered AS delivered,
	c.hard AS hard,
	c.soft AS soft,
	c.block AS block,
	c.complaint AS complaint
FROM campaign_count c
LEFT JOIN sent s ON s.campaign = c.campaign AND s.stream = c.stream
	AND s.day = c.day AND s.domain = c.domain
UNION ALL
SELECT
	s.campaign, s.stream, s.day, s.domain, s.provider, s.sent,
	0, 0, 0, 0, 0
FROM sent s
WHERE NOT EXISTS (
	SELECT 1 FROM campaign_count c
	WHERE c.campaign = s.campaign AND c.stream = s.stream
		AND c.day = s.day AND c.domain = s.domain);

-- What providers say of us, over 30 days.
CREATE VIEW sender_health AS
SELECT
	h.provider AS provider,
	h.cause AS cause,
	h.sender AS sender,
	h.count_24h AS count_24h,
	h.count_7d AS count_7d,
	h.first_at AS first_at,
	h.last_at AS last_at,
	h.sample AS sample,
	CASE WHEN h.link_at > 0
		THEN rtrim(substr(h.sample, h.link_at,
			instr(substr(h.sample, h.link_at) || ' ', ' ') - 1),
			'.,;>)')
		ELSE '' END AS link,
	coalesce(r.advice, '') AS advice
FROM (SELECT *, CASE WHEN instr(sample, 'https://') > 0
		THEN instr(sample, 'https://')
		ELSE instr(sample, 'http://') END AS link_at
FROM (
	SELECT
		CASE WHEN f.provider = '' THEN a.domain
			ELSE f.provider END AS provider,
		j.reason AS cause,
		substr(m.original_from,
			instr(m.original_from, '@') + 1) AS sender,
		sum(f.at > CAST(strftime('%s', 'now') AS INTEGER) - 86400)
			AS count_24h,
		sum(f.at > CAST(strftime('%s', 'now') AS INTEGER) - 604800)
			AS count_7d,
		min(f.at) AS first_at,
		max(f.at) AS last_at,
		substr(max(printf('%020d', f.at) || f.diagnostic), 21)
			AS sample
	FROM fact f
	JOIN message m ON m.id = f.message
	JOIN judgement j ON j.fact = f.id AND j.current = 1
	JOIN address a ON a.id = f.charged
	WHERE j.class = 'block' AND f.copy = 0 AND f.undone = 0
		AND f.evidence NOT IN ('failed', 'foreign')
		AND f.at > CAST(strftime('%s', 'now') AS INTEGER) - 2592000
	GROUP BY 1, 2, 3
)) h
LEFT JOIN reason r ON r.name = h.cause;

CREATE VIEW pending AS
SELECT
	f.id AS bounce_id,
	f.at AS at,
	a.folded AS address,
	f.stream AS stream,
	j.reason AS reason,
	j.class AS class,
	f.evidence AS evidence,
	m.failed AS recipients,
	f.reporting_mta AS reporter,
	f.diagnostic AS diagnostic,
	f.held_by AS held_by,
	f.held_until AS until
FROM fact f
JOIN message m ON m.id = f.message
JOIN judgement j ON j.fact = f.id AND j.current = 1
JOIN address a ON a.id = f.charged
WHERE f.applied = 'held';

CREATE VIEW audit AS
SELECT
	d.id AS id,
	d.at AS at,
	d.who AS who,
	d.action AS action,
	a.folded AS address,
	d.stream AS stream,
	d.until AS until,
	d.force AS force,
	d.imported AS imported,
	d.fact AS bounce_id,
	d.note AS note
FROM decision d
JOIN address a ON a.id = d.address;
