# make run    the whole of Threadline on this laptop, no account anywhere
# make test   the tests
# make help   everything else

PYTHON ?= python3
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check
RUN = .venv/.run-installed
DEV = .venv/.dev-installed

.PHONY: help run demo settings unread replay dismiss parked retry trace test simulate simulate-mutants check lint types storage slow page screenshots bench bench-burst bench-page package lock clean

help:            ## say what there is
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: $(RUN)      ## start everything: app, embedded AWS, stand-ins
	@exec .venv/bin/python -m infra.local

demo: $(RUN)     ## play a conversation on all channels, told from both sides
	@.venv/bin/python -m infra.local.demo

settings: $(RUN) ## check settings.toml and put it into force (STAGE=prod for a deployed stage)
	@.venv/bin/python -m infra.settings

unread: $(RUN)   ## list what came and could not be read (STAGE=prod for a deployed stage, here and below)
replay: $(RUN)   ## read it again with today's code (ID=… or CHANNEL=telegram/main for less than all)
dismiss: $(RUN)  ## stop counting what is nothing to us (ID=… or CHANNEL=…)
parked: $(RUN)   ## list what was given up
retry: $(RUN)    ## give it another life (ID=… or ID=all)
trace: $(RUN)    ## tell the story of one message (ID=… ours, the provider's or Slack's; WORDS=yes shows what was said)
unread replay dismiss parked retry trace:
	@.venv/bin/python -m infra.operate $@ 'id=$(ID)' 'channel=$(CHANNEL)' 'words=$(WORDS)'

test: export PYTHONDONTWRITEBYTECODE = # a worker that compiles every test anew begins five seconds late
test: $(DEV)     ## all fast tests
	.venv/bin/python -m pytest -n 3 --dist worksteal

check: lint types test ## what has to be clean before anything lands

lint: $(DEV)     ## ruff, as formatter and as linter
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types: $(DEV)    ## mypy, strict
	.venv/bin/mypy

simulate: $(DEV) ## try to break every promise under a seeded scheduler (SEEDS=200, FIRST=0, STORM=…, or SEED=n for one)
	@SEEDS="$(SEEDS)" FIRST="$(FIRST)" SEED="$(SEED)" STORM="$(STORM)" JOBS="$(JOBS)" .venv/bin/python -m tests.simulation

simulate-mutants: $(DEV) ## break the code on purpose, one mistake at a time: the simulator has to catch each (SEEDS=200, ONLY=…)
	@ONLY="$(ONLY)" SEEDS="$(SEEDS)" FIRST="$(FIRST)" JOBS="$(JOBS)" .venv/bin/python -m tests.simulation.mutants

storage: $(DEV)  ## the storage and queue contracts, also on DynamoDB Local (needs Java 17 and npm)
	.venv/bin/python -m pytest tests/store tests/queues --dynamodb-local

slow: $(DEV)     ## what takes its time: whole stacks in processes of their own, families of rows, three times the random values
	.venv/bin/python -m pytest -m 'slow or hypothesis' --hypothesis-profile=thorough -n 2 --dist worksteal

page: $(DEV)     ## the page in a real browser, story, keyboard and all (needs Chromium)
	@# What fails beside three other browsers is tried once more alone: no user's machine is that busy.
	.venv/bin/python -m pytest -m browser -n 4 --dist loadfile --no-loadscope-reorder tests/page || \
	  .venv/bin/python -m pytest -m browser --last-failed --last-failed-no-failures none tests/page

screenshots: $(DEV) ## the README's pictures, made anew (needs Chromium)
	.venv/bin/python -m infra.screenshots docs/pictures

bench-page: $(DEV) ## a thread of 2,000 posts in the page: how long the browser is ever busy (needs Chromium)
	.venv/bin/python -m infra.bench.page

bench: $(DEV)    ## our own time and round trips beside the bare calls
	.venv/bin/python -m infra.bench

bench-burst: $(DEV) ## 1,000 messages in a minute: how soon they are read, and how long a quiet customer waits (4 minutes)
	.venv/bin/python -m infra.bench.burst

package: $(DEV)  ## what is deployed: out/sam.yaml and out/deployment.zip
	.venv/bin/python -m infra.package out
	.venv/bin/cfn-lint out/sam.yaml

lock: .venv/bin/python ## pin every version anew from the *.in files
	$(PIP) pip-tools==7.6.2
	for set in requirements requirements-run requirements-dev; do \
	  .venv/bin/python -m piptools compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host --no-header --no-annotate --output-file $$set.txt $$set.in; \
	done

clean:           ## forget the virtual environment and everything made
	rm -rf .venv out .run .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Threadline needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.13 run")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(RUN): requirements-run.txt | .venv/bin/python
	@echo "Installing what it needs into .venv (once) ..."
	@$(PIP) -r requirements-run.txt
	@touch $@

$(DEV): requirements-dev.txt | .venv/bin/python
	@echo "Installing what the checks need into .venv (once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(RUN)
