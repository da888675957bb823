#include "verdict/verdict.h"

/* The table of reasons and the names of classes and effects. */

static const struct reason_info reasons[REASON_COUNT] = {
#define REASON(id, name_, class__, effect_, expiry, meaning_, advice_)         \
	[REASON_##id] = {.name = (name_),                                      \
			 .class_ = (class__),                                  \
			 .effect = (effect_),                                  \
			 .expiry_s = (expiry),                                 \
			 .meaning = (meaning_),                                \
			 .advice = (advice_)},
#include "verdict/reasons.def"
#undef REASON
};

static const char *const class_names[VERDICT_CLASS_COUNT] = {
	[VERDICT_NONE] = "none",	   [VERDICT_HARD] = "hard",
	[VERDICT_SOFT] = "soft",	   [VERDICT_BLOCK] = "block",
	[VERDICT_COMPLAINT] = "complaint",
};

static const char *const effect_names[VERDICT_EFFECT_COUNT] = {
	[EFFECT_NONE] = "none",
	[EFFECT_COUNT] = "count",
	[EFFECT_SUPPRESS] = "suppress",
	[EFFECT_RESET] = "reset",
};

const struct reason_info *reason_info(enum reason r)
{
	return &reasons[r];
}

int reason_find(struct span name)
{
	int i;

	for (i = 0; i < REASON_COUNT; i++)
		if (span_eq(name, span_of(reasons[i].name)))
			return i;
	return -1;
}

static int name_find(const char *const *names, int count, struct span name)
{
	int i;

	for (i = 0; i < count; i++)
		if (span_eq(name, span_of(names[i])))
			return i;
	return -1;
}

const char *verdict_class_name(enum verdict_class c)
{
	return class_names[c];
}

const char *verdict_effect_name(enum verdict_effect e)
{
	return effect_names[e];
}

int verdict_class_find(struct span name)
{
	return name_find(class_names, VERDICT_CLASS_COUNT, name);
}

int verdict_effect_find(struct span name)
{
	return name_find(effect_names, VERDICT_EFFECT_COUNT, name);
}
