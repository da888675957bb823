-- The derived state of one address.

-- name: state_read
SELECT allowed, next_change FROM address_state WHERE address = ?1;

-- What changed gets the next number, as changes_last has it; other numbers stay.
-- name: state_write
INSERT INTO address_state (address, allowed, next_change, changed)
VALUES (?1, ?2, ?3, CASE WHEN ?4 THEN 1 + max(
	coalesce((SELECT max(changed) FROM address_state
		WHERE changed IS NOT NULL), 0),
	coalesce((SELECT CAST(value AS INTEGER) FROM setting
		WHERE name = 'changes_last'), 0)) END)
ON CONFLICT (address) DO UPDATE
SET allowed = excluded.allowed, next_change = excluded.next_change,
	changed = coalesce(excluded.changed, changed);

-- Out of date at any time there may be.
-- name: state_mark
UPDATE address_state SET next_change = 1 WHERE address = ?1;

-- name: state_suppressions
SELECT stream, class, reason, source, evidence, hits, since, until, fact,
	decision
FROM suppression WHERE address = ?1 ORDER BY n;

-- name: suppression_delete
DELETE FROM suppression WHERE address = ?1;

-- So that the fact may go.
-- name: suppression_unbind
UPDATE suppression SET fact = NULL WHERE address = ?1;

-- name: suppression_insert
INSERT INTO suppression VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
	?12);

-- name: state_softs
SELECT stream, reasons, count, threshold, first_at, last_at, step, promotes_at,
	probation, due_reason, tried_at, due_at, attempt, attempts_left,
	give_up_at
FROM soft_run WHERE address = ?1 ORDER BY stream;

-- name: soft_delete
DELETE FROM soft_run WHERE address = ?1;

-- name: soft_insert
INSERT INTO soft_run (address, stream, reasons, count, threshold, first_at,
	last_at, step, promotes_at, probation, due_reason, tried_at, due_at,
	attempt, attempts_left, give_up_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16);

-- name: fact_outcome
UPDATE fact SET copy = ?2, applied = ?3, held_by = ?4, held_until = ?5
WHERE id = ?1;
