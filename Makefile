# One entry for developers, packagers and CI. `make` builds, because packagers and newcomers type it first and expect
# nothing but a build from it; the tests want root, so `make check` is asked for by name.

# The program looks for its files under /usr and /etc: these are compiled in, so another prefix serves only the packager
# who patches them. DESTDIR is free.
prefix = /usr
bindir = $(prefix)/bin
datarootdir = $(prefix)/share
datadir = $(datarootdir)
mandir = $(datarootdir)/man
libdir = $(prefix)/lib
sysconfdir = /etc
tmpfilesdir = $(libdir)/tmpfiles.d
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d

DOTNET = dotnet
INSTALL = install
FUZZ_SECONDS = 300
FUZZ_SEED = $(shell date +%s)
STRESS_STARTS = 20000
STRESS_SEED = 1
STRESS_FIRST = 0
# For packagers: -p:StripSymbols=false -p:CompressSymbols=false where the package makes its own symbol files.
PUBLISHFLAGS =

# Only members of a group may start it: mode=4750, and the group by the package or by chgrp(1) afterwards.
mode = 4755

machine := $(shell uname -m)
native := $(if $(filter aarch64 arm64,$(machine)),linux-arm64,linux-x64)
# For the other architecture: make rid=linux-arm64, with gcc-aarch64-linux-gnu installed.
rid := $(native)
triplet := $(if $(filter linux-arm64,$(rid)),aarch64-linux-gnu,x86_64-linux-gnu)
CROSSFLAGS := $(if $(filter-out $(native),$(rid)),-p:CppCompilerAndLinker=$(triplet)-gcc -p:ObjCopyName=$(triplet)-objcopy)
publish := artifacts/publish
owner := $(if $(filter 0,$(shell id -u)),-o root -g root)

export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1
export MSBUILDDISABLENODEREUSE = 1
export NSHELPER_BINARY = $(CURDIR)/$(publish)/nshelper
export NSHELPER_CONTROL = $(CURDIR)/artifacts/control/nshelper

.DEFAULT_GOAL := build
.PHONY: build control check fuzz stress sweep mutants demo picture bench deb rpm check-packages format golden install uninstall clean help

build: ## the hardened binary, artifacts/publish/nshelper (the default)
	$(DOTNET) publish src/NsHelper -c Release -r $(rid) -o $(publish) --disable-build-servers $(CROSSFLAGS) $(PUBLISHFLAGS)

# The gate must refuse it, so the failure is the success; the linked file is what the tests attack to see that they bite.
control: ## the same program on the runtime as delivered: exploitable, for the tests alone
	@mkdir -p artifacts/control
	@rm -f artifacts/control/nshelper
	@! $(DOTNET) publish src/NsHelper -c Release -r $(rid) -o artifacts/control/publish --disable-build-servers \
		-p:RelinkRuntime=false >artifacts/control/log 2>&1 || { echo 'the gate let the control binary pass' >&2; exit 1; }
	@grep -q 'error NSH001.*forbidden imports' artifacts/control/log || { cat artifacts/control/log >&2; exit 1; }
	@cp src/NsHelper/bin/Release/net10.0/$(rid)/native-control/nshelper artifacts/control/nshelper

check: ## build and run all tests; without root it says what it leaves out
	@tests/run

# With the tool of SharpFuzz the branches an input takes are seen, and inputs that take new ones are mutated further; without
# it the same inputs come in no order. The tests themselves run what nobody has instrumented.
fuzz: ## mutate what the readers read, for FUZZ_SECONDS; findings go to artifacts/fuzz
	@rm -rf artifacts/fuzz && mkdir -p artifacts/fuzz
	$(DOTNET) build tests/NsHelper.Fuzz -c Release -o artifacts/fuzz/bin --disable-build-servers -v quiet
	@if $(DOTNET) tool restore >artifacts/fuzz/tool.log 2>&1; then \
		for assembly in NsHelper.Planning Tomlyn; do $(DOTNET) sharpfuzz artifacts/fuzz/bin/$$assembly.dll || exit 1; done; \
	else echo 'fuzz: no sharpfuzz, so without coverage' >&2; fi
	$(DOTNET) artifacts/fuzz/bin/NsHelper.Fuzz.dll $(FUZZ_SECONDS) $(FUZZ_SEED) artifacts/fuzz/findings

# A failure names its start and the seed: STRESS_FIRST=4711 STRESS_STARTS=1 does it again.
stress: build ## STRESS_STARTS sessions under signals, low limits and SCHED_IDLE (root)
	$(DOTNET) build tests/NsHelper.SystemTests -c Release --disable-build-servers -v quiet
	NSHELPER_CONTROL= NSHELPER_STRESS_STARTS=$(STRESS_STARTS) NSHELPER_STRESS_SEED=$(STRESS_SEED) NSHELPER_STRESS_FIRST=$(STRESS_FIRST) \
		tests/isolate $(DOTNET) test tests/NsHelper.SystemTests -c Release --no-build --filter FullyQualifiedName~.StressTests \
		--logger 'console;verbosity=detailed'

sweep: build ## each call of a start fails, lies and is killed at, every one of them (root)
	$(DOTNET) build tests/NsHelper.SystemTests -c Release --disable-build-servers -v quiet
	NSHELPER_CONTROL= NSHELPER_SWEEP=all tests/isolate $(DOTNET) test tests/NsHelper.SystemTests -c Release --no-build \
		--filter FullyQualifiedName~.SweepTests --logger 'console;verbosity=detailed'

mutants: ## take defences out one by one, and see tests fail (root; half an hour)
	@tests/mutants

demo: build ## the walk-through, in a throw-away installation (root)
	@tests/demo/demo

picture: build ## docs/terminal.svg, from a real terminal (root)
	@docs/picture

bench: build ## nshelper against bubblewrap, firejail, unshare and a C program (root)
	@tests/bench/bench

# ARCH=arm64 builds for the other architecture, GROUP=nshelper so that only that group may start it; docs/packaging.md.
deb: ## artifacts/packages/*.deb, built without network from what the ordinary restore has
	@packaging/build-deb

rpm: ## artifacts/packages/*.rpm, likewise
	@packaging/build-rpm

check-packages: ## install, upgrade, remove and purge both in throw-away trees (root)
	@tests/packaging/run

format: ## bring the sources into the form of .editorconfig
	$(DOTNET) format NsHelper.sln

golden: build ## rewrite the golden files and manifests of the tests; the diff is the review
	GOLDEN=write $(DOTNET) test tests/NsHelper.Planning.Tests -c Release --filter FullyQualifiedName~ProfileJsonSchema
	GOLDEN=write $(DOTNET) test tests/NsHelper.Linux.Tests -c Release --filter FullyQualifiedName~Golden
	[ "$$(id -u)" -ne 0 ] || GOLDEN=write tests/isolate $(DOTNET) test tests/NsHelper.SystemTests -c Release --filter FullyQualifiedName~Golden
	GOLDEN=write $(DOTNET) test tests/NsHelper.BinaryTests -c Release --filter FullyQualifiedName~manifest

# Builds nothing: `sudo make install` must not leave root's files in the tree.
install: ## install what `make` built; DESTDIR, prefix and sysconfdir as usual
	@test -f $(publish)/nshelper || { echo 'nothing to install: run make first' >&2; exit 1; }
	packaging/check-hardened $(publish)/nshelper $(publish)/nshelper.dbg
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(datadir)/nshelper/profiles $(DESTDIR)$(tmpfilesdir)
	$(INSTALL) -d -m 0755 $(owner) $(DESTDIR)$(sysconfdir)/nshelper $(DESTDIR)$(sysconfdir)/nshelper/profiles
	$(INSTALL) -m $(mode) $(owner) $(publish)/nshelper $(DESTDIR)$(bindir)/nshelper
	ln -sf nshelper $(DESTDIR)$(bindir)/nshelper-shell
	[ -e $(DESTDIR)$(sysconfdir)/nshelper/nshelper.toml ] || \
		$(INSTALL) -m 0644 $(owner) packaging/nshelper.toml $(DESTDIR)$(sysconfdir)/nshelper/nshelper.toml
	$(INSTALL) -m 0644 $(owner) packaging/nshelper.tmpfiles $(DESTDIR)$(tmpfilesdir)/nshelper.conf
	@$(call install_files,profiles/*.toml,$(datadir)/nshelper/profiles)
	@$(call install_files,packaging/schema/*.json,$(datadir)/nshelper/schema)
	@$(call install_files,packaging/man/*.1,$(mandir)/man1)
	@$(call install_files,packaging/man/*.5,$(mandir)/man5)
	@$(call install_files,packaging/man/*.8,$(mandir)/man8)
	@$(call install_files,packaging/completions/bash/*,$(bashcompletiondir))
	@$(call install_files,packaging/completions/zsh/*,$(zshcompletiondir))
	@$(call install_files,packaging/completions/fish/*,$(fishcompletiondir))
	@# What tmpfiles.d does at boot; a package's own scripts do it for a DESTDIR.
	@if [ -z "$(DESTDIR)" ]; then $(INSTALL) -d -m 0700 $(owner) /run/nshelper /run/nshelper/root /run/nshelper/sessions /run/nshelper/share \
		/var/lib/nshelper /var/lib/nshelper/overlay /var/lib/nshelper/private /var/lib/nshelper/share; fi

uninstall: ## remove what install put there, but nothing of the administrator's
	rm -f $(DESTDIR)$(bindir)/nshelper $(DESTDIR)$(bindir)/nshelper-shell $(DESTDIR)$(tmpfilesdir)/nshelper.conf
	@$(call remove_files,profiles/*.toml,$(datadir)/nshelper/profiles)
	@$(call remove_files,packaging/schema/*.json,$(datadir)/nshelper/schema)
	@$(call remove_files,packaging/man/*.1,$(mandir)/man1)
	@$(call remove_files,packaging/man/*.5,$(mandir)/man5)
	@$(call remove_files,packaging/man/*.8,$(mandir)/man8)
	@$(call remove_files,packaging/completions/bash/*,$(bashcompletiondir))
	@$(call remove_files,packaging/completions/zsh/*,$(zshcompletiondir))
	@$(call remove_files,packaging/completions/fish/*,$(fishcompletiondir))
	@rmdir $(DESTDIR)$(datadir)/nshelper/profiles $(DESTDIR)$(datadir)/nshelper/schema $(DESTDIR)$(datadir)/nshelper 2>/dev/null || true
	@echo 'left: $(DESTDIR)$(sysconfdir)/nshelper, and /var/lib/nshelper where there is one'

clean: ## remove everything that was built
	rm -rf artifacts
	find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "%-15s %s\n", $$1, $$2 }'

# install_files PATTERN,DIRECTORY: all files of the pattern, none where there is none.
install_files = for file in $(1); do [ -f "$$file" ] || continue; \
	$(INSTALL) -d $(DESTDIR)$(2) && $(INSTALL) -m 0644 $(owner) "$$file" $(DESTDIR)$(2)/ || exit 1; \
	echo "$(INSTALL) -m 0644 $(owner) $$file $(DESTDIR)$(2)/"; done
remove_files = for file in $(1); do [ -f "$$file" ] || continue; rm -f "$(DESTDIR)$(2)/$${file\#\#*/}" || exit 1; done
