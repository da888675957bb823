# dsnd: works as it is, and with ./configure, which writes config.mak.autogen.
# A file config.mak of your own comes last and wins; so does the command line.
#
#   make SANITIZE=1 check    ASan and UBSan, in build-asan/
#   make COVERAGE=1 ...      gcov counters, in build-cov/ (see: make coverage)
#   make CC=clang BUILD=build-clang ...
#   make WERROR=1            warnings are errors (as with CI=true)

PREFIX ?= /usr/local
CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
AUTOCONF ?= autoconf
CLANG ?= clang
CLANG_FORMAT ?= clang-format
CLANG_TIDY ?= clang-tidy

-include config.mak.autogen
-include config.mak

ifeq ($(PREFIX),/usr)
sysconfdir ?= /etc
localstatedir ?= /var
else
sysconfdir ?= $(PREFIX)/etc
localstatedir ?= $(PREFIX)/var
endif
bindir ?= $(PREFIX)/bin
sbindir ?= $(PREFIX)/sbin
libexecdir ?= $(PREFIX)/libexec
mandir ?= $(PREFIX)/share/man
datadir ?= $(PREFIX)/share
unitdir ?= $(PREFIX)/lib/systemd/system

VERSION := $(shell cat VERSION)

# One folder a variant, so that they never mix their objects.
ifdef SANITIZE
BUILD ?= build-asan
else ifdef COVERAGE
BUILD ?= build-cov
else
BUILD ?= build
endif

ifdef CI
WERROR ?= 1
endif

# Everything below is the same for all of them.
export BUILD CC

# ---- Flags ---------------------------------------------------------------

# $(call cc-option,-fflag): the flag, if this compiler knows it.
cc-option = $(shell $(CC) -Werror $(1) -c -x c /dev/null -o /dev/null \
	2>/dev/null && echo $(1))

WARNINGS := -Wall -Wextra -Wpedantic -Wformat=2 -Wshadow -Wconversion \
	-Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wundef -Wpointer-arith -Wwrite-strings \
	-Wvla -Wswitch-enum -Wdate-time -Wimplicit-fallthrough \
	$(call cc-option,-Wimplicit-fallthrough=5) \
	$(call cc-option,-Wduplicated-cond) $(call cc-option,-Wlogical-op)
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif

HARDENING := -fPIE -fstack-protector-strong -fno-common \
	$(call cc-option,-fstack-clash-protection) \
	$(call cc-option,-fcf-protection) \
	$(call cc-option,-ftrivial-auto-var-init=zero)
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
OPTIMISE := -O2 -g

ifdef SANITIZE
# DSND_SANITIZE widens the parser's jail by what the sanitizers call.
OPTIMISE := -O1 -g -fno-omit-frame-pointer
FORTIFY := -U_FORTIFY_SOURCE -DDSND_SANITIZE=1
HARDENING += -fsanitize=address,undefined -fno-sanitize-recover=all
endif
ifdef COVERAGE
OPTIMISE := -O0 -g --coverage -fprofile-update=atomic
FORTIFY := -U_FORTIFY_SOURCE
endif

CPPFLAGS_ALL = -D_GNU_SOURCE -DDSND_VERSION='"$(VERSION)"' \
	-DDSND_SYSCONFDIR='"$(sysconfdir)/dsnd"' \
	-DDSND_LIBEXECDIR='"$(libexecdir)/dsnd"' \
	-DDSND_STATEDIR='"$(localstatedir)/lib/dsnd"' \
	-Isrc -I$(BUILD)/gen $(if $(wildcard src/util/banned.h),-include util/banned.h) \
	$(FORTIFY) $(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(OPTIMISE) $(WARNINGS) $(HARDENING) $(PKG_CFLAGS) \
	$(CFLAGS)
LDFLAGS_ALL = -pie $(filter -fsanitize=% --coverage,$(HARDENING) $(OPTIMISE)) \
	-Wl,-z,relro,-z,now,-z,noexecstack,-z,defs,--as-needed $(LDFLAGS)

# Debian's libetpan.pc carries -specs=…/no-pie-link.specs, which quietly makes
# every program that uses it position dependent: specs are left out.
PACKAGES := libetpan sqlite3 libconfig libseccomp gnutls
pkg-config = $(filter-out -specs=%,$(shell $(PKG_CONFIG) $(1) 2>/dev/null))
PKG_CFLAGS := $(call pkg-config,--cflags $(PACKAGES))
PKG_LIBS := $(call pkg-config,--libs $(PACKAGES))
CHECK_CFLAGS := $(call pkg-config,--cflags check)
CHECK_LIBS := $(call pkg-config,--libs check)

# ---- Sources -------------------------------------------------------------

LIB_SRC := $(filter-out src/daemon/% src/ctl/% src/parser/parse_main.c, \
	$(sort $(wildcard src/*/*.c)))
DSND_SRC := $(sort $(wildcard src/daemon/*.c))
DSNCTL_SRC := $(sort $(wildcard src/ctl/*.c))
PARSE_SRC := $(wildcard src/parser/parse_main.c)
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))

# Generated sources: add the file here and its rule in "Generated" below.
GEN_SRC :=
GEN_HDR :=

object = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ := $(call object,$(LIB_SRC)) $(GEN_SRC:.c=.o)
ALL_OBJ := $(LIB_OBJ) $(call object,$(DSND_SRC) $(DSNCTL_SRC) $(PARSE_SRC) \
	$(UNIT_SRC))

LIB := $(BUILD)/libdsnd.a
PROGRAMS := $(if $(DSND_SRC),$(BUILD)/dsnd) \
	$(if $(DSNCTL_SRC),$(BUILD)/dsnctl) \
	$(if $(PARSE_SRC),$(BUILD)/dsnd-parse)
UNIT_TESTS := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)

.PHONY: all unit-tests check-unit clean FORCE
.DELETE_ON_ERROR:
.SUFFIXES:

all: $(LIB) $(PROGRAMS)

# ---- Generated -----------------------------------------------------------

# conf/rules/*.conf -> $(BUILD)/gen/rules_default.c
# sql/*.sql         -> $(BUILD)/gen/*.c and *.h

# ---- Compiling and linking -----------------------------------------------

# The stamp changes only when the flags do; then everything is built again.
FLAGS_LINE = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(PKG_LIBS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(FLAGS_LINE)) >$@.new
	@if cmp -s $@ $@.new; then rm $@.new; else mv $@.new $@; fi
quote = '$(subst ','\'',$(1))'

ifdef V
Q :=
say = @:
else
Q := @
say = @printf '  %-5s %s\n'
endif

$(BUILD)/obj/tests/unit/%.o: CFLAGS_ALL += $(CHECK_CFLAGS)

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(GEN_HDR)
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags | $(GEN_HDR)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# Written anew, so that an object whose source is gone goes too.
$(LIB): $(LIB_OBJ) $(BUILD)/flags
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $(LIB_OBJ)

link = $(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(LIB) \
	$(PKG_LIBS)

$(BUILD)/dsnd: $(call object,$(DSND_SRC)) $(LIB)
	$(say) LINK $@
	$(Q)$(link)

$(BUILD)/dsnctl: $(call object,$(DSNCTL_SRC)) $(LIB)
	$(say) LINK $@
	$(Q)$(link)

$(BUILD)/dsnd-parse: $(call object,$(PARSE_SRC)) $(LIB)
	$(say) LINK $@
	$(Q)$(link)

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(link) $(CHECK_LIBS)

.SECONDARY: $(ALL_OBJ)
-include $(ALL_OBJ:.o=.d)

# ---- Tests ---------------------------------------------------------------

unit-tests: $(UNIT_TESTS)

check-unit: unit-tests
	@set -e; for t in $(UNIT_TESTS); do $$t; done

clean:
	rm -rf $(BUILD)
