-- Messages that nobody could read.

-- CROSS JOIN keeps SQLite from going through all messages instead.
-- name: quarantine_rows
SELECT m.id, m.at, m.mailbox, q.why, length(q.bytes)
FROM quarantine q CROSS JOIN message m ON m.id = q.message
ORDER BY m.at, m.id;

-- name: quarantine_read
SELECT m.at, m.mailbox, m.mailbox_stream, m.key,
	coalesce((SELECT d.last >= m.id FROM due_message d
		WHERE d.first <= m.id ORDER BY d.first DESC LIMIT 1), 0),
	q.why, q.bytes
FROM quarantine q JOIN message m ON m.id = q.message
WHERE m.id = ?1;

-- What was counted as a message of its mailbox will be counted again.
-- name: quarantine_uncount
UPDATE mailbox_state SET messages = messages - 1
WHERE name = (SELECT m.mailbox FROM message m
		JOIN quarantine q ON q.message = m.id WHERE m.id = ?1);

-- One that still lies in its mailbox would be found there, and kept again.
-- name: quarantine_drop
DELETE FROM message
WHERE id = ?1 AND EXISTS (SELECT 1 FROM quarantine q WHERE q.message = ?1)
	AND NOT coalesce((SELECT d.last >= ?1 FROM due_message d
		WHERE d.first <= ?1 ORDER BY d.first DESC LIMIT 1), 0);

-- name: quarantine_leave
DELETE FROM message
WHERE id = ?1 AND EXISTS (SELECT 1 FROM quarantine q WHERE q.message = ?1);
