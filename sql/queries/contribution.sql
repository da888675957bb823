-- Counts that addresses share.

-- name: guard_add
INSERT INTO guard_hour (scope, key, hour, hard) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (scope, key, hour) DO UPDATE SET hard = hard + excluded.hard;

-- name: domain_event_put
INSERT INTO domain_event (domain, what, hour, address, at)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (domain, what, hour, address) DO UPDATE SET at = excluded.at;

-- name: domain_event_delete
DELETE FROM domain_event
WHERE domain = ?1 AND what = ?2 AND hour = ?3 AND address = ?4;

-- name: campaign_add
INSERT INTO campaign_count
VALUES (?1, ?2, ?5, ?3, ?4, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (campaign, stream, day, domain, provider) DO UPDATE
SET delivered = delivered + excluded.delivered, hard = hard + excluded.hard,
	soft = soft + excluded.soft, block = block + excluded.block,
	complaint = complaint + excluded.complaint;

-- Counts that fell back to nothing are as if they had never been.
-- name: campaign_prune
DELETE FROM campaign_count
WHERE campaign = ?1 AND stream = ?2 AND domain = ?3 AND provider = ?4
	AND day = ?5 AND delivered = 0 AND hard = 0 AND soft = 0 AND block = 0
	AND complaint = 0;
