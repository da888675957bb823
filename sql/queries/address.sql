-- Addresses and the ids they have here.

-- name: address_id
SELECT id FROM address WHERE folded = ?1;

-- Of several ways of writing it the least in bytes is kept, whichever came
-- first: capitals sort before small letters.
-- name: address_upsert
INSERT INTO address (folded, written, domain) VALUES (?1, ?2, ?3)
ON CONFLICT (folded) DO UPDATE SET written = min(written, excluded.written)
RETURNING id;
