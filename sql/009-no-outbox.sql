-- Nothing ever wrote into it: who wants to hear of changes follows
-- address_state.changed, which misses none.

DROP TABLE outbox;
