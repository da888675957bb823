-- Everything in an order that comes from its content. No row ids, mailboxes,
-- disposals or times of processing.

-- name: dump_messages
SELECT id, lower(hex(key)), at, kind, format, partial, message_id, author,
	reporter, failed, original_id, original_from, original_subject,
	original_date, campaign, list_id, feedback_id, original_stream,
	(SELECT why FROM quarantine q WHERE q.message = m.id),
	(SELECT length(bytes) FROM quarantine q WHERE q.message = m.id)
FROM message m ORDER BY key;

-- name: dump_facts
SELECT f.n, f.feedback_type, f.reporting_mta, f.address, f.final, f.forwarded,
	f.action, f.status, f.reply_status, f.reply, f.exit_code, f.stage,
	f.remote_reply, f.remote, f.diagnostic_type, f.reply_text, f.diagnostic,
	f.will_retry_until, a.folded, f.provider, f.stream, f.campaign,
	f.evidence, f.proof, f.sent_at, r.hash, j.reason, j.class, j.effect,
	j.rule, j.words, f.undone
FROM fact f
JOIN address a ON a.id = f.charged
JOIN judgement j ON j.fact = f.id AND j.current = 1
JOIN rule_set r ON r.id = j.rule_set
WHERE f.message = ?1 ORDER BY f.n;

-- name: dump_addresses
SELECT id, folded, written FROM address ORDER BY folded;

-- name: dump_decisions
SELECT a.folded, d.at, lower(hex(d.key)), d.who, d.action, d.stream, d.until,
	d.force, d.imported, d.note, d.reason, lower(hex(m.key)), f.n
FROM decision d
JOIN address a ON a.id = d.address
LEFT JOIN fact f ON f.id = d.fact
LEFT JOIN message m ON m.id = f.message
ORDER BY a.folded, d.at, d.key, m.key, f.n;

-- name: dump_carry
SELECT a.folded, c.at, c.sent_at, c.stream, c.send, c.reason, c.class,
	c.evidence, c.until, c.step, c.source, c.hits, c.bounded, c.probation
FROM carry c JOIN address a ON a.id = c.address
ORDER BY a.folded, c.stream, c.at, c.key;

-- name: dump_guards
SELECT scope, key, hour, hard, held FROM guard_hour WHERE hard > 0
ORDER BY scope, key, hour;

-- name: dump_domains
SELECT e.domain, e.what, e.hour, a.folded, e.at, EXISTS (
	SELECT 1 FROM breaker_hour b
	WHERE b.domain = e.domain AND b.hour = e.hour)
FROM domain_event e JOIN address a ON a.id = e.address
ORDER BY e.domain, e.what, e.hour, a.folded;

-- name: dump_campaigns
SELECT campaign, stream, day, domain, provider, delivered, hard, soft, block,
	complaint
FROM campaign_count ORDER BY campaign, stream, day, domain, provider;

-- name: dump_sent
SELECT campaign, stream, day, domain, sent FROM sent
ORDER BY campaign, stream, day, domain;

-- name: dump_ledger
SELECT message_id, address, at FROM ledger ORDER BY message_id, address;
