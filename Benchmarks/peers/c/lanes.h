// Examples in blocks, whose lanes are loops that the compiler makes vectors of.
#pragma once
#include <math.h>
#include <stdint.h>

enum { LANES = 32 };

#define EACH_LANE for (int l = 0; l < LANES; l++)

// Where a block begins. The last one ends with the examples: what it shares with the one before
// comes out the same.
static inline long block_start(long block, long count) {
  return block * LANES + LANES > count ? count - LANES : block * LANES;
}

#define BLOCKS(count) (((count) + LANES - 1) / LANES)
