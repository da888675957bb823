CREATE INDEX address_domain ON address (domain);

CREATE INDEX address_state_change ON address_state (next_change)
	WHERE next_change IS NOT NULL;

CREATE INDEX address_state_changed ON address_state (changed)
	WHERE changed IS NOT NULL;

CREATE INDEX decision_address ON decision (address, at);

CREATE INDEX decision_fact ON decision (fact) WHERE fact IS NOT NULL;

CREATE INDEX fact_at ON fact (at);

CREATE INDEX fact_campaign ON fact (campaign, at) WHERE campaign <> '';

CREATE INDEX fact_charged ON fact (charged, at);

CREATE INDEX fact_held ON fact (at) WHERE applied = 'held';

CREATE INDEX fact_proved ON fact (charged, at)
	WHERE evidence = 'relay' OR evidence = 'ledger' OR evidence = 'dkim'
		OR evidence = 'token';

CREATE INDEX guard_hour_full ON guard_hour (scope, key, hour)
	WHERE hard >= 20 OR held > 0;

CREATE INDEX guard_hour_held ON guard_hour (hour) WHERE held > 0;

CREATE UNIQUE INDEX judgement_current ON judgement (fact) WHERE current = 1;

CREATE INDEX judgement_fact ON judgement (fact);

CREATE INDEX ledger_at ON ledger (at);

CREATE INDEX message_bare ON message (at) WHERE failed = 0;

CREATE INDEX quarantine_kept ON quarantine (message) WHERE length(bytes) > 0;

CREATE INDEX suppression_fact ON suppression (fact) WHERE fact IS NOT NULL;

CREATE TABLE address (
	id INTEGER PRIMARY KEY,
	folded TEXT NOT NULL UNIQUE,
	written TEXT NOT NULL,
	domain TEXT NOT NULL
) STRICT;

CREATE TABLE address_state (
	address INTEGER PRIMARY KEY REFERENCES address,
	allowed INTEGER NOT NULL,
	next_change INTEGER -- to be folded again then
, changed INTEGER) STRICT;

CREATE TABLE breaker_hour (
	domain TEXT NOT NULL,
	hour INTEGER NOT NULL,
	PRIMARY KEY (domain, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_count (
	campaign TEXT NOT NULL,
	stream TEXT NOT NULL,
	day INTEGER NOT NULL,
	domain TEXT NOT NULL,
	provider TEXT NOT NULL,
	delivered INTEGER NOT NULL,
	hard INTEGER NOT NULL,
	soft INTEGER NOT NULL,
	block INTEGER NOT NULL,
	complaint INTEGER NOT NULL,
	PRIMARY KEY (campaign, stream, day, domain, provider)
) STRICT, WITHOUT ROWID;

CREATE TABLE carry (
	address INTEGER NOT NULL REFERENCES address,
	n INTEGER NOT NULL,
	key BLOB NOT NULL CHECK (length(key) = 16),
	at INTEGER NOT NULL,
	sent_at INTEGER NOT NULL,
	stream TEXT NOT NULL,
	send TEXT NOT NULL,
	reason TEXT NOT NULL,
	class TEXT NOT NULL,
	effect TEXT NOT NULL,
	evidence TEXT NOT NULL,
	reply INTEGER NOT NULL,
	until INTEGER NOT NULL,
	step INTEGER NOT NULL,
	source TEXT NOT NULL,
	hits INTEGER NOT NULL,
	bounded INTEGER NOT NULL,
	probation INTEGER NOT NULL,
	PRIMARY KEY (address, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE "decision" (
	id INTEGER PRIMARY KEY,
	key BLOB NOT NULL CHECK (length(key) = 16),
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	action TEXT NOT NULL CHECK (action IN ('suppress', 'release',
		'allow', 'disallow', 'apply', 'drop', 'undo', 'redo')),
	address INTEGER NOT NULL REFERENCES address,
	fact INTEGER REFERENCES fact ON DELETE SET NULL,
	stream TEXT NOT NULL,
	until INTEGER,
	force INTEGER NOT NULL,
	imported INTEGER NOT NULL,
	note TEXT NOT NULL
, reason TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE domain_event (
	domain TEXT NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('soft', 'null_mx')),
	hour INTEGER NOT NULL,
	address INTEGER NOT NULL REFERENCES address,
	at INTEGER NOT NULL,
	PRIMARY KEY (domain, what, hour, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE due_message (
	first INTEGER PRIMARY KEY,
	last INTEGER NOT NULL,
	mailbox TEXT NOT NULL
) STRICT;

CREATE TABLE fact (
	id INTEGER PRIMARY KEY,
	message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
	n INTEGER NOT NULL,
	-- the judge's whole input, byte for byte
	kind TEXT NOT NULL,
	feedback_type TEXT NOT NULL,
	reporting_mta TEXT NOT NULL,
	address TEXT NOT NULL,
	final TEXT NOT NULL,
	forwarded INTEGER NOT NULL,
	action TEXT NOT NULL,
	status TEXT NOT NULL,
	reply_status TEXT NOT NULL,
	reply INTEGER NOT NULL,
	exit_code INTEGER NOT NULL,
	stage TEXT NOT NULL,
	remote_reply INTEGER NOT NULL,
	remote TEXT NOT NULL,
	diagnostic_type TEXT NOT NULL,
	reply_text TEXT NOT NULL,
	diagnostic TEXT NOT NULL,
	will_retry_until INTEGER NOT NULL,
	-- what trust and policy need beside it
	charged INTEGER NOT NULL REFERENCES address,
	provider TEXT NOT NULL,
	shown_status TEXT NOT NULL,
	token_stream TEXT NOT NULL,
	token_send TEXT NOT NULL,
	stream TEXT NOT NULL,
	campaign TEXT NOT NULL,
	evidence TEXT NOT NULL,
	proof TEXT NOT NULL,
	at INTEGER NOT NULL,
	sent_at INTEGER NOT NULL,
	copy_key BLOB, -- equal in the copy that the postmaster got
	-- derived
	copy INTEGER NOT NULL DEFAULT 0,
	applied TEXT NOT NULL DEFAULT 'no'
		CHECK (applied = 'yes' OR applied = 'held' OR applied = 'no'),
	held_by TEXT NOT NULL DEFAULT '', -- a guard's scope, or 'evidence'
	held_until INTEGER, undone INTEGER NOT NULL DEFAULT 0
	CHECK (undone IN (0, 1)), -- NULL: until a person decides
	UNIQUE (message, n)
) STRICT;

CREATE TABLE guard_hour (
	scope TEXT NOT NULL CHECK (scope = 'all' OR scope = 'domain'
		OR scope = 'provider' OR scope = 'reason'),
	key TEXT NOT NULL,
	hour INTEGER NOT NULL,
	hard INTEGER NOT NULL,
	held INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (scope, key, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE judgement (
	id INTEGER PRIMARY KEY,
	fact INTEGER NOT NULL REFERENCES fact ON DELETE CASCADE,
	rule_set INTEGER NOT NULL REFERENCES rule_set,
	reason TEXT NOT NULL,
	class TEXT NOT NULL,
	effect TEXT NOT NULL,
	rule TEXT NOT NULL,
	words TEXT NOT NULL,
	current INTEGER NOT NULL DEFAULT 1 CHECK (current IN (0, 1))
) STRICT;

CREATE TABLE ledger (
	message_id TEXT NOT NULL,
	address TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (message_id, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox_note (
	mailbox TEXT NOT NULL,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (mailbox, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox_state (
	name TEXT PRIMARY KEY,
	heartbeat INTEGER NOT NULL DEFAULT 0,
	polled INTEGER NOT NULL DEFAULT 0,
	backlog INTEGER NOT NULL DEFAULT 0,
	messages INTEGER NOT NULL DEFAULT 0,
	message_at INTEGER NOT NULL DEFAULT 0,
	last_error TEXT NOT NULL DEFAULT '',
	last_error_at INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE message (
	id INTEGER PRIMARY KEY,
	key BLOB NOT NULL UNIQUE CHECK (length(key) = 16),
	mailbox TEXT NOT NULL,
	mailbox_stream TEXT NOT NULL,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	format TEXT NOT NULL,
	partial INTEGER NOT NULL,
	message_id TEXT NOT NULL,
	author TEXT NOT NULL,
	reporter TEXT NOT NULL,
	failed INTEGER NOT NULL, -- recipients that failed
	-- what came back of the message that we sent
	original_id TEXT NOT NULL,
	original_from TEXT NOT NULL,
	original_subject TEXT NOT NULL,
	original_date INTEGER NOT NULL,
	campaign TEXT NOT NULL,
	list_id TEXT NOT NULL,
	feedback_id TEXT NOT NULL,
	original_stream TEXT NOT NULL
) STRICT;

CREATE TABLE metric (
	name TEXT NOT NULL,
	labels TEXT NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (name, labels)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
	message INTEGER PRIMARY KEY REFERENCES message ON DELETE CASCADE,
	why TEXT NOT NULL,
	bytes BLOB NOT NULL CHECK (length(bytes) <= 262144)
) STRICT;

CREATE TABLE reason (
	name TEXT PRIMARY KEY,
	class TEXT NOT NULL,
	effect TEXT NOT NULL,
	meaning TEXT NOT NULL,
	advice TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE refold (
	domain TEXT PRIMARY KEY,
	next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_set (
	id INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE sent (
	campaign TEXT NOT NULL,
	stream TEXT NOT NULL,
	day INTEGER NOT NULL,
	domain TEXT NOT NULL,
	provider TEXT NOT NULL,
	sent INTEGER NOT NULL,
	PRIMARY KEY (campaign, stream, day, domain)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE soft_run (
	address INTEGER NOT NULL REFERENCES address,
	stream TEXT NOT NULL,
	count INTEGER NOT NULL,
	threshold INTEGER NOT NULL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	reasons TEXT NOT NULL,
	step INTEGER NOT NULL,
	probation INTEGER NOT NULL,
	promotes_at INTEGER,
	due_reason TEXT,
	due_at INTEGER,
	attempt INTEGER NOT NULL,
	attempts_left INTEGER NOT NULL,
	give_up_at INTEGER, tried_at INTEGER,
	PRIMARY KEY (address, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
	address INTEGER NOT NULL REFERENCES address,
	n INTEGER NOT NULL,
	stream TEXT NOT NULL,
	class TEXT NOT NULL,
	reason TEXT NOT NULL,
	source TEXT NOT NULL CHECK (source = 'hard' OR source = 'promoted'
		OR source = 'complaint' OR source = 'operator'
		OR source = 'import'),
	evidence TEXT NOT NULL,
	hits INTEGER NOT NULL,
	since INTEGER NOT NULL,
	until INTEGER,
	fact INTEGER REFERENCES fact,
	decision INTEGER REFERENCES decision,
	PRIMARY KEY (address, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE upgrade (
	version INTEGER PRIMARY KEY,
	program TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER suppression_comes AFTER INSERT ON suppression BEGIN
	UPDATE metric SET value = value + 1
	WHERE name = 'suppressions' AND labels = '';
END;

CREATE TRIGGER suppression_goes AFTER DELETE ON suppression BEGIN
	UPDATE metric SET value = value - 1
	WHERE name = 'suppressions' AND labels = '';
END;

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

