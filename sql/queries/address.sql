-- Addresses and the ids they have here.

-- name: address_id
SELECT id FROM address WHERE folded = ?1;

-- name: address_find
SELECT id, written FROM address WHERE folded = ?1;

-- name: address_insert
INSERT INTO address (folded, written, domain) VALUES (?1, ?2, ?3);

-- name: address_written
UPDATE address SET written = ?2 WHERE id = ?1;
