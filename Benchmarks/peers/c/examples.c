// Short loops.
#include "lanes.h"

void mandelbrot(const long *lengths, int32_t *result, const float *xs, const float *ys) {
  const long columns = lengths[0], rows = lengths[1];
#pragma omp parallel for schedule(dynamic, 1)
  for (long row = 0; row < rows; row++) {
    for (long first = 0; first < columns; first += LANES) {
      float x[LANES] = {0}, y[LANES] = {0};
      int32_t n[LANES] = {0};
      int going = 1;
      for (int step = 0; step < 256 && going; step++) {
        going = 0;
        EACH_LANE {
          const int inside = x[l] * x[l] + y[l] * y[l] < 4;
          const float real = x[l] * x[l] - y[l] * y[l] + xs[first + l];
          const float imaginary = 2 * x[l] * y[l] + ys[row];
          x[l] = inside ? real : x[l];
          y[l] = inside ? imaginary : y[l];
          n[l] += inside;
          going |= inside;
        }
      }
      EACH_LANE result[row * columns + first + l] = n[l];
    }
  }
}

void skewed_while(const long *lengths, float *result, const int32_t *counts) {
#pragma omp parallel for schedule(dynamic, 4)
  for (long block = 0; block < BLOCKS(lengths[0]); block++) {
    const long first = block_start(block, lengths[0]);
    float x[LANES];
    int32_t last = 0;
    EACH_LANE {
      x[l] = 1;
      last = counts[first + l] > last ? counts[first + l] : last;
    }
    for (int32_t i = 0; i < last; i++) {
      EACH_LANE x[l] = i < counts[first + l] ? x[l] * 0.999f + 0.1f : x[l];
    }
    EACH_LANE result[first + l] = x[l];
  }
}

enum { SIZE = 16 };

void nearest(const long *lengths, int32_t *result, const float *points, const float *centres) {
#pragma omp parallel for schedule(dynamic, 4)
  for (long block = 0; block < BLOCKS(lengths[0]); block++) {
    const long first = block_start(block, lengths[0]);
    float x[SIZE][LANES], least[LANES];
    int32_t best[LANES];
    for (int i = 0; i < SIZE; i++) EACH_LANE x[i][l] = points[SIZE * (first + l) + i];
    EACH_LANE { least[l] = 1e30f, best[l] = 0; }
    for (int centre = 0; centre < lengths[1]; centre++) {
      float distance[LANES] = {0};
      for (int i = 0; i < SIZE; i++) {
        EACH_LANE {
          const float d = centres[SIZE * centre + i] - x[i][l];
          distance[l] += d * d;
        }
      }
      EACH_LANE {
        best[l] = distance[l] < least[l] ? centre : best[l];
        least[l] = fminf(distance[l], least[l]);
      }
    }
    EACH_LANE result[first + l] = best[l];
  }
}
