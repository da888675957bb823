-- In which order what holds of addresses was last recorded, for those who
-- follow it. The number is that of this database alone: one that was put back
-- would give the same numbers to something else, so restoring changes the name.

ALTER TABLE address_state ADD COLUMN changed INTEGER;

UPDATE address_state SET changed = address
WHERE address IN (SELECT address FROM suppression);

CREATE INDEX address_state_changed ON address_state (changed)
	WHERE changed IS NOT NULL;

INSERT INTO setting VALUES ('changes', lower(hex(randomblob(4))));
