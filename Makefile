# Every target does its own set-up in .venv (Python 3.11 or later and make are all it needs); tools/run.py does the rest.
#   make build                                 the demo shop into target/personalize.duckdb
#   make build RAW=<folder> [AS_OF=<time>]     your own exports, one Parquet or CSV file per input table
#   make bench-recommenders                    recommenders of this package and others on public data
#   make preview [PII=1]                       what real people in the export would receive, as HTML
#   make explain RULE=<id> [PII=1]             a rule's SQL, whom it hits today and what suppresses them
#   make access PERSON=<id or e-mail>          everything held about one person, as JSON
# Further variables: DB=<file.duckdb>  VARS=<JSON>  RESET=1  PROJECT=<a dbt project that installs this package>  N=<profiles>

export RAW AS_OF DB VARS RESET PROJECT N PII PERSON RULE PYTHON
export CALLED_FROM := $(PWD)

.PHONY: build preview explain access test test-full bench bench-recommenders bench-identity real expectations lint format clean
.DEFAULT_GOAL := build

build preview explain access: .venv/run.stamp
	@.venv/bin/python tools/run.py $@

test test-full bench bench-identity real expectations lint format: .venv/dev.stamp
	@.venv/bin/python tools/run.py $@

bench-recommenders: .venv-peers/stamp .venv/dev.stamp
	@.venv/bin/python tools/bench_retail.py
	@.venv/bin/python tools/bench_product.py
	@.venv/bin/python tools/bench_lookalikes.py
	@.venv-peers/bin/python tools/bench_recommenders.py

clean:
	rm -rf target logs examples/*/target examples/*/logs examples/*/dbt_packages

# dev.lock holds run.lock's versions and more, so whoever has the one needs no other.
.venv/run.stamp: requirements/run.lock
	@sh tools/setup.sh run

.venv/dev.stamp: requirements/dev.lock
	@sh tools/setup.sh dev

# implicit and RecTools want an older numpy than the package is tested with, so they live apart. The lock:
# uv pip compile requirements/peers.in --generate-hashes --python-version 3.11 … as for the others.
.venv-peers/stamp: requirements/peers.lock .venv/run.stamp
	@.venv/bin/python -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/pip.lock
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.lock
	@touch $@
