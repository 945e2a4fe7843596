# The commands of this repository. Each one is a script in scripts/ that can be read and run by itself.

.PHONY: run build test test-llm golden prove chaos generate train help

help: ## Says what there is
	@grep -E '^[a-z-]+: ##' Makefile | sed -E 's/: ## /\t/' | expand -t 12

run: ## Builds everything and serves a demo workspace from ./data
	@scripts/run

build: ## Builds target/release/baton with the web apps inside
	@scripts/build

test: ## Runs every suite; installs what the tests need when it may
	@scripts/test

test-llm: ## Tests against a real language model on this machine; fetches and builds it first, which takes minutes
	@scripts/test-llm

golden: ## Compares the local embedding models with golden vectors: make golden DIR=folder
	@scripts/golden "$(DIR)"

prove: ## Searches every order of events of a hand-over, and 100,000 schedules of the real parts; takes hours
	@cargo run --release --locked -p prove --bin prove
	@cargo run --release --locked -p testkit --features simulator --bin simulate

chaos: ## Kills servers and cuts the power as often as the promises say: 100 kills, 1,000 cuts; takes about an hour
	@scripts/chaos

generate: ## Writes everything that is generated: OpenAPI document, TypeScript types, references
	@scripts/generate

train: ## Trains the detector of wishes for a person from the examples in crates/supervisor/data
	@scripts/train
