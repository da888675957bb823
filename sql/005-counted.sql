-- How many suppressions there are is asked every minute, and of ten million
-- rows no answer but this is quick. Whoever writes them, they are counted.

INSERT INTO metric (name, labels, value)
SELECT 'suppressions', '', count(*) FROM suppression;

CREATE TRIGGER suppression_comes AFTER INSERT ON suppression BEGIN
	UPDATE metric SET value = value + 1
	WHERE name = 'suppressions' AND labels = '';
END;

CREATE TRIGGER suppression_goes AFTER DELETE ON suppression BEGIN
	UPDATE metric SET value = value - 1
	WHERE name = 'suppressions' AND labels = '';
END;
