-- The failure that the retry advice counts from need not be one of the run: a
-- domain's own trouble is retried, too. It is known once an address is folded.

ALTER TABLE soft_run ADD COLUMN tried_at INTEGER;

UPDATE soft_run SET tried_at = nullif(last_at, 0)
WHERE due_at IS NOT NULL;

UPDATE address_state SET next_change = 1 WHERE address IN (
	SELECT address FROM soft_run WHERE due_at IS NOT NULL);
