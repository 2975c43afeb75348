# Every target does its own set-up in .venv (Python 3.11 or later and make are all it needs); tools/run.py does the rest.
#   make build                                 the demo shop into target/personalize.duckdb
#   make build RAW=<folder> [AS_OF=<time>]     your own exports, one Parquet or CSV file per input table
#   make preview [PII=1]                       what real people in the export would receive, as HTML
#   make access PERSON=<id or e-mail>          everything held about one person, as JSON
# Further variables: DB=<file.duckdb>  VARS=<JSON>  RESET=1  PROJECT=<a dbt project that installs this package>  N=<profiles>

export RAW AS_OF DB VARS RESET PROJECT N PII PERSON PYTHON
export CALLED_FROM := $(PWD)

.PHONY: build preview access test test-full bench real expectations lint format clean
.DEFAULT_GOAL := build

build preview access: .venv/run.stamp
	@.venv/bin/python tools/run.py $@

test test-full bench real expectations lint format: .venv/dev.stamp
	@.venv/bin/python tools/run.py $@

clean:
	rm -rf target logs examples/*/target examples/*/logs examples/*/dbt_packages

# dev.lock holds run.lock's versions and more, so whoever has the one needs no other.
.venv/run.stamp: requirements/run.lock
	@sh tools/setup.sh run

.venv/dev.stamp: requirements/dev.lock
	@sh tools/setup.sh dev
