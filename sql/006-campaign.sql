-- Whoever asks for the bounces of one campaign need not go through all.

CREATE INDEX fact_campaign ON fact (campaign, at) WHERE campaign <> '';
