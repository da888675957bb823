-- The first migration: everything that is kept. Never edited once released;
-- what changes later comes in a migration of its own. Times are UTC epoch
-- seconds; "" stands for what was not said, NULL for what has no end or no
-- number. Tables under "derived" can be rebuilt from those above them. Names are
-- checked by OR where rows are many: for IN, SQLite builds a temporary table
-- for every row that is written.

CREATE TABLE upgrade (
	version INTEGER PRIMARY KEY,
	program TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The reasons of the program that migrated last, for the views' advice.
CREATE TABLE reason (
	name TEXT PRIMARY KEY,
	class TEXT NOT NULL,
	effect TEXT NOT NULL,
	meaning TEXT NOT NULL,
	advice TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row an address that was ever spoken of; "@example.com" is a domain's.
CREATE TABLE address (
	id INTEGER PRIMARY KEY,
	folded TEXT NOT NULL UNIQUE,
	written TEXT NOT NULL,
	domain TEXT NOT NULL
) STRICT;
CREATE INDEX address_domain ON address (domain);

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

-- Messages not disposed of yet: ranges of ids, one a batch.
CREATE TABLE due_message (
	first INTEGER PRIMARY KEY,
	last INTEGER NOT NULL,
	mailbox TEXT NOT NULL
) STRICT;

CREATE TABLE quarantine (
	message INTEGER PRIMARY KEY REFERENCES message ON DELETE CASCADE,
	why TEXT NOT NULL,
	bytes BLOB NOT NULL CHECK (length(bytes) <= 262144)
) STRICT;

-- What one message says of one recipient.
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
	held_until INTEGER, -- NULL: until a person decides
	UNIQUE (message, n)
) STRICT;
CREATE INDEX fact_charged ON fact (charged, at);
CREATE INDEX fact_proved ON fact (charged, at)
	WHERE evidence = 'relay' OR evidence = 'ledger' OR evidence = 'dkim'
		OR evidence = 'token';
CREATE INDEX fact_at ON fact (at);
CREATE INDEX fact_held ON fact (at) WHERE applied = 'held';

CREATE TABLE rule_set (
	id INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE
) STRICT;

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
CREATE UNIQUE INDEX judgement_current ON judgement (fact) WHERE current = 1;
CREATE INDEX judgement_fact ON judgement (fact);

-- What people decided; appended only: it is the audit trail as well.
CREATE TABLE decision (
	id INTEGER PRIMARY KEY,
	key BLOB NOT NULL CHECK (length(key) = 16),
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	action TEXT NOT NULL CHECK (action IN ('suppress', 'release',
		'allow', 'disallow', 'apply', 'drop')),
	address INTEGER NOT NULL REFERENCES address,
	fact INTEGER REFERENCES fact ON DELETE SET NULL,
	stream TEXT NOT NULL,
	until INTEGER,
	force INTEGER NOT NULL,
	imported INTEGER NOT NULL,
	note TEXT NOT NULL
) STRICT;
CREATE INDEX decision_address ON decision (address, at);
CREATE INDEX decision_fact ON decision (fact) WHERE fact IS NOT NULL;

-- What retention left of deleted history: events of their own kind, as
-- policy_carry makes them.
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

-- What was sent: the denominator of rates, and the proof of single mails.
CREATE TABLE sent (
	campaign TEXT NOT NULL,
	stream TEXT NOT NULL,
	day INTEGER NOT NULL,
	domain TEXT NOT NULL,
	provider TEXT NOT NULL,
	sent INTEGER NOT NULL,
	PRIMARY KEY (campaign, stream, day, domain)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
	message_id TEXT NOT NULL,
	address TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (message_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_at ON ledger (at);

-- derived: the state of each address as policy_fold gives it
CREATE TABLE address_state (
	address INTEGER PRIMARY KEY REFERENCES address,
	allowed INTEGER NOT NULL,
	next_change INTEGER -- to be folded again then
) STRICT;
CREATE INDEX address_state_change ON address_state (next_change)
	WHERE next_change IS NOT NULL;

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
CREATE INDEX suppression_fact ON suppression (fact) WHERE fact IS NOT NULL;

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
	give_up_at INTEGER,
	PRIMARY KEY (address, stream)
) STRICT, WITHOUT ROWID;

-- derived: addresses with their first hard verdict, per guard key and hour of
-- arrival; scope 'all' has the key ''. held: 1 is held, 2 is large, but in
-- proportion to all
CREATE TABLE guard_hour (
	scope TEXT NOT NULL CHECK (scope = 'all' OR scope = 'domain'
		OR scope = 'provider' OR scope = 'reason'),
	key TEXT NOT NULL,
	hour INTEGER NOT NULL,
	hard INTEGER NOT NULL,
	held INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (scope, key, hour)
) STRICT, WITHOUT ROWID;
-- Few hours are held, and few are so full of failures that they could be.
CREATE INDEX guard_hour_held ON guard_hour (hour) WHERE held > 0;
CREATE INDEX guard_hour_full ON guard_hour (scope, key, hour)
	WHERE hard >= 20 OR held > 0;

-- derived: which addresses of a domain failed softly or proved a null MX
CREATE TABLE domain_event (
	domain TEXT NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('soft', 'null_mx')),
	hour INTEGER NOT NULL,
	address INTEGER NOT NULL REFERENCES address,
	at INTEGER NOT NULL,
	PRIMARY KEY (domain, what, hour, address)
) STRICT, WITHOUT ROWID;

-- derived: hours in which soft failures are the domain's, not the addresses'
CREATE TABLE breaker_hour (
	domain TEXT NOT NULL,
	hour INTEGER NOT NULL,
	PRIMARY KEY (domain, hour)
) STRICT, WITHOUT ROWID;

-- derived: outlives the facts that retention deletes
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

CREATE TABLE metric (
	name TEXT NOT NULL,
	labels TEXT NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (name, labels)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	topic TEXT NOT NULL,
	body TEXT NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	next_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_next ON outbox (next_at);

CREATE TABLE mailbox_state (
	name TEXT PRIMARY KEY,
	heartbeat INTEGER NOT NULL DEFAULT 0,
	polled INTEGER NOT NULL DEFAULT 0,
	backlog INTEGER NOT NULL DEFAULT 0,
	messages INTEGER NOT NULL DEFAULT 0,
	message_at INTEGER NOT NULL DEFAULT 0,
	last_error TEXT NOT NULL DEFAULT '',
	last_error_at INTEGER NOT NULL DEFAULT 0,
	uid_validity INTEGER NOT NULL DEFAULT 0,
	uid INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
