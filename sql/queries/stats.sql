-- What came back of what was sent, summed up.

-- name: stats_rates
SELECT CASE ?1 WHEN 'campaign' THEN campaign WHEN 'stream' THEN stream
		WHEN 'domain' THEN domain WHEN 'provider' THEN provider
		ELSE date(day, 'unixepoch') END AS what,
	sum(sent), sum(delivered), sum(hard), sum(soft), sum(block),
	sum(complaint)
FROM campaign_rate
WHERE day >= ?2 AND day < ?3 AND (?4 = '' OR campaign = ?4)
	AND (?5 = '' OR domain = ?5)
GROUP BY what ORDER BY what;

-- name: stats_reasons
SELECT j.reason, NULL, sum(j.class = 'none' AND j.effect = 'reset'),
	sum(j.class = 'hard'), sum(j.class = 'soft'), sum(j.class = 'block'),
	sum(j.class = 'complaint')
FROM fact f
JOIN judgement j ON j.fact = f.id AND j.current = 1
JOIN address a ON a.id = f.charged
WHERE f.copy = 0 AND f.undone = 0 AND f.evidence NOT IN ('failed', 'foreign')
	AND f.sent_at >= ?1 AND f.sent_at < ?2
	AND (?3 = '' OR f.campaign = ?3) AND (?4 = '' OR a.domain = ?4)
	AND (j.class <> 'none' OR j.effect = 'reset')
GROUP BY j.reason ORDER BY j.reason;
