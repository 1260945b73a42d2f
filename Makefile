# The commands of the project; `make help` lists them.

SWIFT ?= swift
# More options for every `swift build` and `swift test`, such as -j 2.
SWIFT_FLAGS ?=
PACKAGES := ocl-icd-opencl-dev opencl-headers pocl-opencl-icd

.DEFAULT_GOAL := help
.PHONY: help setup build demo tutorials examples test test-all test-drivers fuzz bench gpu-lab gpu-bundle mpi lint docs

help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian packages that are missing; nothing when none is.
	@Scripts/setup $(PACKAGES)

build: setup ## Build the library and the tests.
	$(SWIFT) build --build-tests $(SWIFT_FLAGS)

demo: setup ## Classify handwritten digits with vmap.
	$(SWIFT) build --package-path Examples -c release --product Digits $(SWIFT_FLAGS)
	@"$$($(SWIFT) build --package-path Examples -c release $(SWIFT_FLAGS) --show-bin-path)/Digits"

tutorials: setup ## Run the tutorials' stories.
	$(SWIFT) build --package-path Examples -c release --product Tutorials $(SWIFT_FLAGS)
	@"$$($(SWIFT) build --package-path Examples -c release $(SWIFT_FLAGS) --show-bin-path)/Tutorials"

PICTURES := Mandelbrot VanDerPol Metropolis Tracking Training PrivateTraining Fitting

examples: setup ## Run the examples that check their answers and write pictures.
	@set -e; for name in $(PICTURES); do \
	  $(SWIFT) build --package-path Examples -c release --product $$name $(SWIFT_FLAGS); \
	  "$$($(SWIFT) build --package-path Examples -c release $(SWIFT_FLAGS) --show-bin-path)/$$name" \
	    .build/pictures; \
	done

# The tests compile hundreds of programs once: keeping their binaries would cost as much again.
test test-all test-drivers: export VMAP_CACHE ?= 0
test test-all test-drivers: export SWIFT := $(SWIFT)
test test-all test-drivers: export SWIFT_FLAGS := $(SWIFT_FLAGS)

test: setup ## Run the tests.
	Scripts/test

test-all: setup ## Run the tests with all combinations of types and axes, then test-drivers.
	VMAP_TEST_ALL=1 timeout 7200 Scripts/test
	@$(MAKE) --no-print-directory test-drivers

# A driver that hangs, as PoCL 3.1 can on barriers in loops, is a failure too.
test-drivers: setup ## Run the tests with a GPU's kernels, and on Intel's OpenCL for CPUs.
	VMAP_PROFILE=nvidia timeout 1800 Scripts/test
	Scripts/with-intel-opencl timeout 1800 Scripts/test

fuzz: setup ## Run random programs: MINUTES=60 SEED=1 COUNT=1000 PROFILE=nvidia WITHOUT=sort FAVORING=dot.
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" Scripts/fuzz

bench: setup ## Compare with JAX on this machine: BENCH="--only dot --rounds 9".
	Scripts/bench $(BENCH)

gpu-lab: setup ## Tell what a GPU would make of the benchmark's kernels: LAB="--rows dot;softmax".
	Scripts/gpu-lab rows $(LAB)

gpu-bundle: setup ## Make a folder that runs tests and the benchmark where there is a GPU's driver and no Swift.
	Scripts/gpu-bundle

mpi: setup ## Run a program in several processes; installs Open MPI where it is missing.
	SWIFT_FLAGS="$(SWIFT_FLAGS)" Scripts/mpi

lint: ## Check the format and the layers of the sources.
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Examples Benchmarks
	Scripts/check-layers

docs: setup ## Build the documentation into .build/docs.
	Scripts/docs
