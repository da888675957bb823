-- A consistent view for several questions.

-- name: begin_read
BEGIN;

-- name: end_read
ROLLBACK;
