-- What keeps a large database from being walked through, or locked for long.

-- Whoever is not folded yet since something changed for many at once: the
-- addresses of a domain, or all ('') after a change of the policy. next: they
-- are done up to this id; -1: the hours' flags are to be set first.
CREATE TABLE refold (
	domain TEXT PRIMARY KEY,
	next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Messages that retention may find no facts of.
CREATE INDEX message_bare ON message (at) WHERE failed = 0;

CREATE INDEX quarantine_kept ON quarantine (message) WHERE length(bytes) > 0;
