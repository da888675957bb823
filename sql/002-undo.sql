-- Verdicts that a person takes back, and takes back again. A CHECK cannot be
-- changed in place: the table of decisions is written anew.

ALTER TABLE fact ADD COLUMN undone INTEGER NOT NULL DEFAULT 0
	CHECK (undone IN (0, 1));

CREATE TABLE decision_new (
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
) STRICT;

INSERT INTO decision_new SELECT * FROM decision;

DROP TABLE decision;

ALTER TABLE decision_new RENAME TO decision;

CREATE INDEX decision_address ON decision (address, at);

CREATE INDEX decision_fact ON decision (fact) WHERE fact IS NOT NULL;
