# dsnd: works as it is, and with ./configure, which writes config.mak.autogen.
# A file config.mak of your own comes last and wins; so does the command line.
#
#   make                 the programs, in build/
#   make demo            shows what dsnd does, in a temporary folder
#   make check           all tests: check-unit, check-system, check-lint
#   make check-long      sanitizers, clang, fuzzing and the rest of the gate
#   make check-valgrind  the tests of check under valgrind: takes hours
#   make coverage        line coverage of src by the tests, in build-cov/
#   make analyze         gcc's analyser and clang-tidy
#   make torture         faults, kills and losses of power, without bound
#   make bench           figures beside their floors; make bench-count:
#                        tests/bench/README says what is what
#   make mutants         what part of judge, policy and store the tests hold
#   make fuzz            looks for bugs for FUZZ_SECONDS a fuzzer (FUZZ_ONLY)
#   make install         to PREFIX, below DESTDIR; make uninstall
#   make dist            the tarball of a release
#   make deb             a Debian package; make rpm-spec, for others
#   make clean           removes what was built
#
#   make SANITIZE=1 check    ASan and UBSan, in build-asan/
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

sysconfdir ?= /etc
localstatedir ?= /var
bindir ?= $(PREFIX)/bin
sbindir ?= $(PREFIX)/sbin
libexecdir ?= $(PREFIX)/libexec
mandir ?= $(PREFIX)/share/man
datadir ?= $(PREFIX)/share
unitdir ?= $(PREFIX)/lib/systemd/system
sysusersdir ?= $(PREFIX)/lib/sysusers.d
tmpfilesdir ?= $(PREFIX)/lib/tmpfiles.d
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/vendor-completions
fishdir ?= $(datadir)/fish/vendor_completions.d

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
ifdef FUZZ
OPTIMISE := -O1 -g -fno-omit-frame-pointer
FORTIFY := -U_FORTIFY_SOURCE -DDSND_SANITIZE=1
HARDENING += -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
endif
ifdef COVERAGE
OPTIMISE := -O0 -g --coverage -fprofile-update=atomic
FORTIFY := -U_FORTIFY_SOURCE
endif

CPPFLAGS_ALL = -D_GNU_SOURCE -DDSND_VERSION='"$(VERSION)"' \
	-DDSND_SYSCONFDIR='"$(sysconfdir)/dsnd"' \
	-DDSND_LIBEXECDIR='"$(libexecdir)/dsnd"' \
	-DDSND_DATADIR='"$(datadir)/dsnd"' \
	-DDSND_STATEDIR='"$(localstatedir)/lib/dsnd"' \
	-Isrc -I$(BUILD)/gen -include util/banned.h \
	$(FORTIFY) $(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(OPTIMISE) $(WARNINGS) $(HARDENING) $(PKG_CFLAGS) \
	$(CFLAGS)
LDFLAGS_ALL = -pie $(filter -fsanitize=% --coverage,$(HARDENING) $(OPTIMISE)) \
	-Wl,-z,relro,-z,now,-z,noexecstack,-z,defs,--as-needed $(LDFLAGS)

# Debian's libetpan.pc carries -specs=…/no-pie-link.specs, which quietly makes
# every program that uses it position dependent: specs are left out.
PACKAGES := libetpan sqlite3 libconfig libseccomp gnutls jansson
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
PARSE_SRC := src/parser/parse_main.c
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
# Programs that only tests run.
TOOL_SRC := $(sort $(wildcard tests/tools/*.c))
BENCH_SRC := $(sort $(wildcard tests/bench/*.c))

# Generated sources: add the file here and its rule in "Generated" below.
GEN_SRC := $(BUILD)/gen/queries.c $(BUILD)/gen/migrations.c \
	$(BUILD)/gen/rules_default.c $(BUILD)/gen/claim_table.c
GEN_HDR := $(BUILD)/gen/queries.h

object = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ := $(call object,$(LIB_SRC)) $(GEN_SRC:.c=.o)
ALL_OBJ := $(LIB_OBJ) $(call object,$(DSND_SRC) $(DSNCTL_SRC) $(PARSE_SRC) \
	$(UNIT_SRC) $(TOOL_SRC) $(BENCH_SRC) $(wildcard tests/fuzz/fuzz_*.c))

LIB := $(BUILD)/libdsnd.a
PROGRAMS := $(BUILD)/dsnd $(BUILD)/dsnctl $(BUILD)/dsnd-parse
UNIT_TESTS := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
TOOLS := $(TOOL_SRC:tests/tools/%.c=$(BUILD)/tests/tools/%)

# Libraries that tests put in front of the C library; they link nothing of ours.
PRELOAD_SRC := $(sort $(wildcard tests/preload/*.c))
PRELOADS := $(PRELOAD_SRC:tests/preload/%.c=$(BUILD)/tests/preload/%.so)

.PHONY: all help schema unit-tests demo check check-unit check-system check-lint \
	check-long check-clang check-sanitize check-slow check-fuzz \
	check-valgrind coverage fuzz fuzz-programs fuzz-run bench bench-count torture \
	mutants analyze install uninstall dist deb rpm-spec clean FORCE
.DELETE_ON_ERROR:
.SUFFIXES:

all: $(LIB) $(PROGRAMS)

# The table at the top of this file.
help:
	@sed -n '/^$$/q; s/^#   //p' Makefile

# ---- Generated -----------------------------------------------------------

RULE_FILES := $(sort $(wildcard conf/rules/*.conf))

$(BUILD)/gen/rules_default.c: src/verdict/embed.awk $(RULE_FILES)
	@mkdir -p $(@D)
	$(say) GEN $@
	$(Q)for f in $(RULE_FILES); do \
		echo "@ $$f" && od -An -v -tx1 "$$f" || exit 1; \
	done >$@.hex && awk -f src/verdict/embed.awk $@.hex >$@.new && \
		mv $@.new $@ && rm $@.hex

# In the order of their bytes, for claim_words.c to search.
$(BUILD)/gen/claim_table.c: src/verdict/claim_words.awk \
		src/verdict/claim_words.txt
	@mkdir -p $(@D)
	$(say) GEN $@
	$(Q)LC_ALL=C awk -f $^ >$@.words
	$(Q){ echo '#include "verdict/claim_words.h"' && echo && \
		echo 'const struct claim_word claim_table[] = {' && \
		LC_ALL=C sort $@.words | \
		sed 's/\(.*\)\t\(.*\)/\t{"\1", \2},/' && \
		echo '};' && echo && \
		echo "const size_t claim_table_count = $$(wc -l <$@.words);"; \
	} >$@ && rm $@.words

# sql/queries/*.sql -> queries.c, queries.h; sql/NNN-*.sql -> migrations.c
GEN_QUERIES := $(BUILD)/gen/queries.c $(BUILD)/gen/queries.h
QUERIES := $(sort $(wildcard sql/queries/*.sql))
MIGRATIONS := $(sort $(wildcard sql/[0-9]*.sql)) sql/views.sql

$(GEN_QUERIES): $(BUILD)/gen/queries.%: $(QUERIES) sql/queries.awk
	@mkdir -p $(@D)
	$(say) GEN $@
	$(Q)awk -v part=$* -f sql/queries.awk $(QUERIES) >$@

$(BUILD)/gen/migrations.c: $(MIGRATIONS) sql/migrations.awk
	@mkdir -p $(@D)
	$(say) GEN $@
	$(Q)for f in $(MIGRATIONS); do echo file; od -An -v -tu1 $$f; done | \
		awk -f sql/migrations.awk >$@

# What the migrations amount to, for people to read; a test compares it.
schema:
	cat $(MIGRATIONS) | sqlite3 -bail :memory: ".read /dev/stdin" \
		"SELECT sql || ';' || char(10) FROM sqlite_schema \
		WHERE sql IS NOT NULL ORDER BY type, name" >sql/schema.sql

# ---- Compiling and linking -----------------------------------------------

# The stamp changes only when the flags do; then everything is built again.
# What other tools need to know to read our sources.
TIDY_FLAGS = -std=c11 -D_GNU_SOURCE -DDSND_VERSION="$(VERSION)" \
	-DDSND_SYSCONFDIR="" -DDSND_LIBEXECDIR="" -DDSND_DATADIR="" -DDSND_STATEDIR="" \
	-Isrc -I$(BUILD)/gen -include util/banned.h $(PKG_CFLAGS) \
	$(CHECK_CFLAGS)

FLAGS_LINE = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(PKG_LIBS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(FLAGS_LINE)) >$@.new
	@if cmp -s $@ $@.new; then rm $@.new; else mv $@.new $@; fi
quote = '$(subst ','\'',$(1))'

# V=1 shows the commands, -s shows nothing.
Q := $(if $(V),,@)
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),@:,@printf '  %-5s %s\n')

# Says once what is missing; the compiler's word about it comes after.
$(BUILD)/probed:
	@mkdir -p $(@D)
	@if contrib/install-deps --probe build; then touch $@; \
	else echo "contrib/install-deps installs them" >&2; fi

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(GEN_HDR) $(BUILD)/probed
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) \
		$(if $(filter tests/unit/%,$<),$(CHECK_CFLAGS)) -MMD -MP -c -o $@ $<

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

# The only program of ours that links everything, libetpan's parser with it.
$(BUILD)/tests/bench: $(call object,$(BENCH_SRC)) $(LIB)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(link)

$(BUILD)/tests/tools/%: $(BUILD)/obj/tests/tools/%.o $(LIB)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(link)

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(link) $(CHECK_LIBS)

$(BUILD)/tests/preload/%.so: tests/preload/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O1 $(WARNINGS) -fPIC -pthread -shared -o $@ $<

.SECONDARY: $(ALL_OBJ)
-include $(ALL_OBJ:.o=.d)

# ---- Tests ---------------------------------------------------------------
#
# check is what a change must pass; check-long adds other compilers, the
# sanitizers and slow tools; .ci/run runs both. Each first sees to it that the
# packages it needs are there.

HARNESS := tests/harness
# Real mail that is not ours to ship is read in addition, where it is present.
SHARED := $(wildcard ../shared/corpora)
SYSTEM_TESTS := $(filter-out $(if $(SHARED),,tests/system/shared.t), \
	$(sort $(wildcard tests/system/*.t)))
LINTS := $(sort $(wildcard tests/lint/*.t))
LONG_TESTS := $(filter-out $(if $(SHARED),,tests/long/crash_corpora.t), \
	$(sort $(wildcard tests/long/*.t)))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%, \
	$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_SECONDS ?= 60

# With the packages there, everything has to be read again. Builds use every
# processor unless told otherwise; tests run one part after another, each part
# in parallel by itself.
JOBS := $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN))
again = +@$(MAKE) --no-print-directory
build-again = $(again) $(JOBS)

# The harness runs what it can and counts it, so every part is run even when
# one before it failed: this adds up what came of them.
each = @status=0; for part in $(1); do \
	$(MAKE) --no-print-directory $(2) $$part || status=1; \
	done; exit $$status

CLANG_BUILD := CC=$(CLANG) BUILD=build-clang VARIANT=-clang
SANITIZE_BUILD := SANITIZE=1 BUILD=build-asan VARIANT=-asan

demo:
	@contrib/install-deps build
	$(build-again) all
	@contrib/demo

check:
	@contrib/install-deps check
	$(build-again) all unit-tests
	+$(call each,check-unit check-system check-lint)

unit-tests: $(UNIT_TESTS) $(TOOLS) $(PRELOADS) $(PROGRAMS)

check-unit: unit-tests
	@$(HARNESS) unit$(VARIANT) $(UNIT_TESTS)

check-system: all $(TOOLS) $(PRELOADS)
	@$(if $(SHARED),,echo "no ../shared/corpora: shared.t is left out")
	@$(HARNESS) system$(VARIANT) $(SYSTEM_TESTS)

check-lint: all
	@$(HARNESS) lint $(LINTS)

check-long:
	@contrib/install-deps check-long
	+$(call each,check-clang check-sanitize check-slow check-fuzz)

check-clang:
	$(build-again) $(CLANG_BUILD) all unit-tests
	$(again) $(CLANG_BUILD) check-unit

# libcheck's forks would hide what the sanitizers find at exit.
check-sanitize: export CK_FORK = no
check-sanitize: export UBSAN_OPTIONS = print_stacktrace=1
check-sanitize:
	$(build-again) $(SANITIZE_BUILD) all unit-tests
	+$(call each,check-unit check-system,$(SANITIZE_BUILD))

check-slow: all $(BUILD)/tests/bench $(PRELOADS) $(TOOLS)
	@$(if $(SHARED),,echo "no ../shared/corpora: crash_corpora.t is left out")
	@TEST_SECONDS=1800 $(HARNESS) slow $(LONG_TESTS)

# Bounded, and the same seed each time: `make fuzz` is for finding things.
check-fuzz:
	$(again) fuzz FUZZ_SECONDS=6 FUZZ_SEED=1

# VALGRIND_TESTS chooses some.
VALGRIND_TESTS ?= $(UNIT_TESTS) $(SYSTEM_TESTS)
check-valgrind: unit-tests
	@contrib/install-deps check-long
	@VALGRIND_TESTS="$(VALGRIND_TESTS)" TEST_SECONDS=86400 \
		$(HARNESS) valgrind tests/valgrind

# Line coverage of src by the unit and system tests. A program that has given
# root up writes its counters too, and else would say that it cannot.
coverage:
	$(build-again) COVERAGE=1 BUILD=build-cov all unit-tests
	@find build-cov -name '*.gcno' | sed 's/gcno$$/gcda/' | \
		while read -r f; do install -m 666 /dev/null $$f; done
	-+$(call each,check-unit check-system,COVERAGE=1 BUILD=build-cov)
	@find build-cov -name '*.gcda' -size 0 -delete
	@tests/coverage build-cov

fuzz:
	@contrib/install-deps check-long
	$(build-again) CC=$(CLANG) FUZZ=1 BUILD=build-fuzz fuzz-programs
	$(again) CC=$(CLANG) FUZZ=1 BUILD=build-fuzz fuzz-run

fuzz-programs: $(FUZZERS)

fuzz-run: fuzz-programs
	@FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_SEED=$(FUZZ_SEED) FUZZ_ONLY="$(FUZZ_ONLY)" TEST_SECONDS=86400 \
		$(HARNESS) fuzz tests/fuzz/run

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(link) -fsanitize=fuzzer

# What dsnctl does with lists is in no library.
$(BUILD)/fuzz/fuzz_import: $(call object,src/ctl/import_lines.c \
	src/ctl/import_json.c src/ctl/import_names.c src/ctl/progress.c)

# Figures, with the floors they are held against. BENCH_COUNT messages.
bench: all $(BUILD)/tests/bench
	@for t in $(sort $(wildcard tests/bench/*.t)); do $$t || exit 1; done

# Instructions; UPDATE=--update writes tests/bench/costs.
bench-count: all $(BUILD)/tests/bench
	@tests/bench/count $(UPDATE)

# One after the other: some of them use every processor themselves.
torture: all $(TOOLS) $(PRELOADS)
	@contrib/install-deps check-long
	@TEST_SECONDS=86400 TEST_JOBS=1 $(HARNESS) torture $(sort $(wildcard tests/torture/*.t))

# MUTANTS changes a room, the same ones each time.
mutants: all unit-tests
	@status=0; for room in verdict policy store; do \
		tests/mutants $$room $(MUTANTS) || status=1; done; exit $$status
MUTANTS ?= 80

# gcc's own analyser and clang-tidy, over everything.
analyze:
	@contrib/install-deps check-long
	$(build-again) CC=gcc BUILD=build-analyze CFLAGS='-fanalyzer -Werror' all
	@$(HARNESS) analyze tests/long/tidy.t

# ---- Installing ----------------------------------------------------------

# Documents, the unit and the example name the default folders; these are
# replaced by the chosen ones.
substitute = sed -e 's|/etc/dsnd|$(sysconfdir)/dsnd|g' \
	-e 's|/var/lib/dsnd|$(localstatedir)/lib/dsnd|g' \
	-e 's|/usr/local/libexec|$(libexecdir)|g' \
	-e 's|/usr/local/sbin|$(sbindir)|g' -e 's|/usr/local/bin|$(bindir)|g' \
	-e 's|/usr/local/share/doc/dsnd|$(docdir)|g' \
	-e 's|/usr/local/share/dsnd|$(datadir)/dsnd|g'
INSTALL ?= install
docdir ?= $(datadir)/doc/dsnd
MAN := $(sort $(wildcard man/*.[1-8]))
# Of contrib, for other programs to run.
SCRIPTS := contrib/changes/dsnd-post contrib/monitoring/check_dsnd \
	contrib/receivers/dsnd-webhook
# Of contrib, for the operator to take lines from.
EXAMPLES := $(sort $(patsubst contrib/%,%,$(filter-out $(SCRIPTS),$(wildcard \
	contrib/postfix/* contrib/exim/* contrib/mailboxes/* \
	contrib/monitoring/* contrib/receivers/*))))
UNITS := $(notdir $(sort $(wildcard contrib/systemd/*.service \
	contrib/systemd/*.timer)))
RULES := $(sort $(wildcard conf/rules/*.conf))

install: all
	$(INSTALL) -d $(addprefix $(DESTDIR),$(bindir) $(sbindir) \
		$(libexecdir)/dsnd $(unitdir) $(sysusersdir) $(tmpfilesdir) \
		$(bashdir) $(zshdir) $(fishdir) $(datadir)/dsnd/rules $(docdir) \
		$(sysconfdir)/dsnd/rules.d) \
		$(addprefix $(DESTDIR)$(docdir)/,$(sort $(dir $(EXAMPLES)))) \
		$(foreach n,$(sort $(patsubst .%,%,$(suffix $(MAN)))),$(DESTDIR)$(mandir)/man$n)
	$(INSTALL) -m 755 $(BUILD)/dsnd $(DESTDIR)$(sbindir)/dsnd
	$(INSTALL) -m 755 $(BUILD)/dsnctl $(DESTDIR)$(bindir)/dsnctl
	$(INSTALL) -m 755 $(BUILD)/dsnd-parse \
		$(DESTDIR)$(libexecdir)/dsnd/dsnd-parse
	$(foreach m,$(MAN),$(call install-text,$m,$(mandir)/man$(patsubst \
		.%,%,$(suffix $m))/$(notdir $m)))
	$(INSTALL) -m 644 $(RULES) $(DESTDIR)$(datadir)/dsnd/rules
	$(foreach u,$(UNITS),$(call install-text,contrib/systemd/$u,$(unitdir)/$u))
	$(INSTALL) -m 644 contrib/completion/dsnctl.bash \
		$(DESTDIR)$(bashdir)/dsnctl
	$(INSTALL) -m 644 contrib/completion/_dsnctl $(DESTDIR)$(zshdir)/_dsnctl
	$(INSTALL) -m 644 contrib/completion/dsnctl.fish \
		$(DESTDIR)$(fishdir)/dsnctl.fish
	$(call install-text,contrib/systemd/sysusers,$(sysusersdir)/dsnd.conf)
	$(call install-text,contrib/systemd/tmpfiles,$(tmpfilesdir)/dsnd.conf)
	$(call install-text,conf/dsnd.conf,$(docdir)/dsnd.conf)
	$(call install-text,README.md,$(docdir)/README.md)
	$(foreach f,$(EXAMPLES),$(call install-text,contrib/$f,$(docdir)/$f))
	$(INSTALL) -m 755 $(SCRIPTS) $(DESTDIR)$(libexecdir)/dsnd
	@# Whoever has a configuration keeps it.
	test -e $(DESTDIR)$(sysconfdir)/dsnd/dsnd.conf || \
		$(INSTALL) -m 644 $(DESTDIR)$(docdir)/dsnd.conf \
			$(DESTDIR)$(sysconfdir)/dsnd/dsnd.conf

define install-text
$(substitute) $(1) >$(DESTDIR)$(2) && chmod 644 $(DESTDIR)$(2)

endef

# Leaves the configuration, rules of one's own and the database.
uninstall:
	rm -f $(addprefix $(DESTDIR),$(bindir)/dsnctl $(sbindir)/dsnd \
		$(addprefix $(unitdir)/,$(UNITS)) $(sysusersdir)/dsnd.conf \
		$(tmpfilesdir)/dsnd.conf $(bashdir)/dsnctl $(zshdir)/_dsnctl \
		$(fishdir)/dsnctl.fish \
		$(foreach m,$(MAN),$(mandir)/man$(patsubst .%,%,$(suffix $m))/$(notdir $m)))
	rm -rf $(addprefix $(DESTDIR),$(libexecdir)/dsnd $(datadir)/dsnd $(docdir))

# ---- Releasing -----------------------------------------------------------

# The files of the checkout, or of the tarball this was unpacked from, with
# ./configure ready made. The same files give the same bytes.
DIST := dsnd-$(VERSION)
dist:
	@rm -rf $(BUILD)/dist && mkdir -p $(BUILD)/dist/$(DIST)
	@if [ -e .git ]; then \
		git ls-files | LC_ALL=C sort >$(BUILD)/dist/MANIFEST; \
		touch -d "@$$(git log -1 --format=%ct)" $(BUILD)/dist/MANIFEST; \
	else \
		cp -p MANIFEST $(BUILD)/dist/MANIFEST; \
	fi
	@tar -cf - -T $(BUILD)/dist/MANIFEST | tar -xf - -C $(BUILD)/dist/$(DIST)
	@cp -p $(BUILD)/dist/MANIFEST $(BUILD)/dist/$(DIST)/
	@if [ -e .git ]; then \
		cd $(BUILD)/dist/$(DIST) && $(AUTOCONF) && rm -rf autom4te.cache; \
	else \
		cp configure $(BUILD)/dist/$(DIST)/; \
	fi
	@tar --sort=name --owner=0 --group=0 --numeric-owner --mode=go-w \
		--mtime="$$(date -R -r $(BUILD)/dist/MANIFEST)" \
		-C $(BUILD)/dist -cf - $(DIST) | gzip -9n >$(BUILD)/$(DIST).tar.gz
	@rm -rf $(BUILD)/dist
	@echo $(BUILD)/$(DIST).tar.gz

# Packages of what is committed, in build/deb and build/rpm.
deb:
	@contrib/install-deps deb
	$(again) dist
	@rm -rf $(BUILD)/deb && mkdir -p $(BUILD)/deb
	@tar -xzf $(BUILD)/$(DIST).tar.gz -C $(BUILD)/deb
	@cp -r contrib/debian $(BUILD)/deb/$(DIST)/debian
	@printf '%s (%s) unstable; urgency=medium\n\n  * Version %s.\n\n -- %s  %s\n' \
		dsnd $(VERSION) $(VERSION) \
		"$$(sed -n 's/^Maintainer: //p' contrib/debian/control)" \
		"$$(date -R -r $(BUILD)/deb/$(DIST)/MANIFEST)" \
		>$(BUILD)/deb/$(DIST)/debian/changelog
	@cd $(BUILD)/deb/$(DIST) && env -u MAKEFLAGS -u MAKELEVEL -u BUILD -u CC \
		dpkg-buildpackage -us -uc >../log 2>&1 || { tail -n 30 ../log; exit 1; }
	@ls $(BUILD)/deb/*.deb

rpm-spec:
	@mkdir -p $(BUILD)/rpm
	@sed 's/@VERSION@/$(VERSION)/' contrib/rpm.spec.in >$(BUILD)/rpm/dsnd.spec
	@echo $(BUILD)/rpm/dsnd.spec

# What a variable comes to, for the scripts.
print-%:
	@printf '%s\n' $(call quote,$($*))

clean:
	rm -rf $(BUILD) build-asan build-cov build-clang build-fuzz build-analyze
