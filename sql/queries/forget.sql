-- What a person who is to be forgotten has left here.

-- name: forget_facts
SELECT count(*) FROM fact WHERE charged = ?1;

-- name: forget_fact_next
SELECT id FROM fact WHERE charged = ?1 LIMIT ?2;

-- name: forget_decisions
SELECT count(*) FROM decision WHERE address = ?1;

-- None of these has an index by address, which every entry would pay for.
-- name: forget_ledger
SELECT message_id, address FROM ledger;

-- name: forget_quarantine
SELECT message, bytes FROM quarantine WHERE length(bytes) > 0;

-- name: forget_authors
SELECT id, author FROM message WHERE author <> '';

-- Of what said nothing its own name goes, too.
-- name: author_delete
UPDATE message SET author = '', message_id = CASE
	WHEN EXISTS (SELECT 1 FROM fact f WHERE f.message = ?1)
	THEN message_id ELSE '' END
WHERE id = ?1;

-- name: decision_read
SELECT at, who, stream, until, imported, reason FROM decision WHERE id = ?1;

-- name: decision_delete
DELETE FROM decision WHERE address = ?1;

-- So that both may go.
-- name: suppression_free
UPDATE suppression SET fact = NULL, decision = NULL WHERE address = ?1;

-- What retention left of shared hours.
-- name: forget_events
SELECT e.what, e.hour, e.at FROM domain_event e
JOIN address a ON a.id = ?1 AND a.domain = e.domain
WHERE e.address = ?1;

-- No number is given twice, or somebody who was told up to the last would miss
-- a change.
-- name: forget_number
INSERT INTO setting (name, value)
SELECT 'changes_last', changed FROM address_state t
WHERE address = ?1 AND changed = (
	SELECT max(changed) FROM address_state WHERE changed IS NOT NULL)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: state_delete
DELETE FROM address_state WHERE address = ?1;

-- name: address_delete
DELETE FROM address WHERE id = ?1;
