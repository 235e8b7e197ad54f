# Two commands matter: `make run` and `make test`. `make help` lists the rest.
# RELEASE=1 builds with optimisation: slower to build, right for figures.

CONFIGURATION := $(if $(filter-out 0,$(RELEASE)),release,debug)
BIN := $(if $(filter release,$(CONFIGURATION)),.build-release/release,.build/debug)
PRODUCT_FOLDERS := Sources validator backoffice simulations Tests Package.swift

.PHONY: help run test bench screenshots format proto clean
.DEFAULT_GOAL := help

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo "  RELEASE=1 builds with optimisation; ARGS='…' goes to the program that is run."

run: ## Install what is missing, build, and show the whole system on this machine
	@scripts/install run
	@scripts/build $(CONFIGURATION)
	@exec $(BIN)/kvytok-sim run $(ARGS)

test: ## Install what is missing, build, and run every test
	@scripts/install test
	@scripts/test $(ARGS)

bench: ## Measure the promised figures, with optimisation
	@scripts/install test
	@scripts/build release bench
	@exec .build-release/release/kvytok-bench $(ARGS)

screenshots: ## Photograph the demonstration's pages; the README's are renewed
	@scripts/install test
	@scripts/build $(CONFIGURATION)
	@scripts/screenshots $(BIN) $(ARGS)

format: ## Put every Swift file into the repository's form
	@swift format --in-place --parallel --recursive $(PRODUCT_FOLDERS)

proto: ## Generate the wire messages anew from their .proto files
	@scripts/install proto
	@scripts/proto

clean: ## Remove what was built; keeps the demonstration's data in .local
	@rm -rf .build .build-*
	@echo "Removed what was built. The demonstration's data stays in .local: rm -r .local forgets it."
