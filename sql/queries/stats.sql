-- What came back of what was sent, summed up.

-- name: stats_rates
SELECT CASE ?1 WHEN 'campaign' THEN campaign WHEN 'stream' THEN stream
		WHEN 'domain' THEN domain WHEN 'provider' THEN provider
		WHEN 'all' THEN 'all'
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

-- Counted by address: of those that failed softly, who did so for several
-- sends, and whom it was the beginning of the end for.
-- name: stats_soft
SELECT count(*), coalesce(sum(sends > 1), 0),
	coalesce(sum(coalesce(last_hard > first_soft, 0) OR promoted), 0)
FROM (SELECT
		count(DISTINCT CASE WHEN j.class = 'soft' THEN
			CASE WHEN f.campaign <> '' THEN 'c' || f.campaign
				WHEN m.original_id <> '' THEN 'm' || m.original_id
				ELSE f.sent_at / 86400 END END) AS sends,
		min(CASE WHEN j.class = 'soft' THEN f.at END) AS first_soft,
		max(CASE WHEN j.class = 'hard' THEN f.at END) AS last_hard,
		EXISTS (SELECT 1 FROM suppression x
			WHERE x.address = f.charged AND x.source = 'promoted'
				AND x.since >= ?1 AND x.since < ?2) AS promoted
	FROM fact f
	JOIN message m ON m.id = f.message
	JOIN judgement j ON j.fact = f.id AND j.current = 1
	WHERE f.at >= ?1 AND f.at < ?2 AND f.copy = 0 AND f.undone = 0
		AND f.evidence NOT IN ('failed', 'foreign')
		AND j.class IN ('soft', 'hard')
	GROUP BY f.charged)
WHERE sends > 0;

-- name: stats_health
SELECT CASE WHEN f.provider = '' THEN a.domain ELSE f.provider END AS who,
	j.reason AS cause,
	substr(m.original_from, instr(m.original_from, '@') + 1) AS sender,
	count(*) AS n, max(f.at),
	substr(max(printf('%020d', f.at) || f.diagnostic), 21),
	coalesce((SELECT r.advice FROM reason r WHERE r.name = j.reason), '')
FROM fact f
JOIN message m ON m.id = f.message
JOIN judgement j ON j.fact = f.id AND j.current = 1
JOIN address a ON a.id = f.charged
WHERE f.at >= ?1 AND f.at < ?2 AND j.class = 'block' AND f.copy = 0
	AND f.undone = 0 AND f.evidence NOT IN ('failed', 'foreign')
GROUP BY who, cause, sender
ORDER BY n DESC, who, cause, sender LIMIT ?3;
