.PHONY: help setup demo test check proof referee bench build deploy lock
.DEFAULT_GOAL := help
RUN := .venv/bin/
# Container images often set it; then each process here would compile every library that it imports.
unexport PYTHONDONTWRITEBYTECODE
STACK ?= outreach

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## Make the environment in .venv
	@python3 tools/bootstrap.py

demo: setup ## Replay 18 months of real orders through the whole stack, on this machine
	@$(RUN)outreach demo

# One worker runs all tests of a file: they may share a stack, and a process holds one stack at a time.
# Files go out in the order of tests/conftest.py.
test: check ## All checks and all tests
	@$(RUN)pytest -n auto --dist loadfile --no-loadscope-reorder

check: setup ## Style, types, import contracts, CloudFormation, state machines
	@$(RUN)ruff check --quiet .
	@$(RUN)ruff format --quiet --check .
	@$(RUN)mypy
	@$(RUN)lint-imports --no-logo
	@$(RUN)cfn-lint template.yaml
	@$(RUN)python tools/check_machines.py

proof: setup ## Kill every function at every AWS call, and count the messages that arrive (minutes)
	@PYTHONPATH=tests $(RUN)python -m proof

referee: setup ## Deploy the built stack on ministack, read its messages with aws-ses-v2-local (77: not run)
	@PYTHONPATH=tests $(RUN)python -m referee

bench: setup ## Measure the figures of docs/figures.md; one JSON object per line
	@$(RUN)python benchmarks

build: setup ## Package the functions for AWS (arm64)
	@$(RUN)python tools/build.py

# Only what is given to make itself: NAME and REGION may mean something else in the environment.
quoted = '$(subst ','\'',$(1))'
option = $(if $(filter command,$(firstword $(origin $(1)))),--$(2) $(call quoted,$($(1))))
deploy: setup ## Deploy to AWS; the first time it asks for FROM, NAME, REPLY_TO, ALARMS and REGION
	@$(RUN)python tools/deploy.py $(call quoted,$(STACK)) $(call option,FROM,from) $(call option,NAME,name) \
	  $(call option,REPLY_TO,reply-to) $(call option,ALARMS,alarms) $(call option,REGION,region) \
	  $(call option,SET,set)

lock: setup ## Resolve the dependencies into the lock files
	@$(RUN)python tools/lock.py
