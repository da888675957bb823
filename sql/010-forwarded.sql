-- What failed behind a forwarding is no trouble of the domain that forwards,
-- and was taken for it: these are worked out again.

UPDATE address_state SET next_change = 1
WHERE address IN (SELECT charged FROM fact WHERE forwarded);
