-- Why an imported address is suppressed, by our name for it, where the list says
-- so: a complaint ends with force only.

ALTER TABLE decision ADD COLUMN reason TEXT NOT NULL DEFAULT '';
